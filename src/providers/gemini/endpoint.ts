import { headerValue } from '../../base/header-value.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import { geminiEntry } from '../catalog.js';
import { safeAddress } from '../compatible/address.js';
import type { ConnectionSettings, Endpoint } from '../provider.js';

const googleHost = 'wss://generativelanguage.googleapis.com';
const vertexHost = /(^|\.|-)aiplatform\.googleapis\.com$/;
const vertexPath = '/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent';
/** Tokens for one session. A server makes them from a key for clients that must not have the key. */
const tokenPrefix = 'auth_tokens/';

/**
 * The key goes into a header, never into the address, where Google's own client puts it: addresses end up in logs.
 * A token for one session has its own version, method and header.
 * @throws VoxtermError exit 3 for a missing key or an address that is not allowed.
 */
export function endpoint({ url: given, insecure, env }: ConnectionSettings): Endpoint {
  const url = safeAddress(given ?? googleHost, insecure);
  if (vertexHost.test(url.hostname)) {
    if (url.pathname === '/') url.pathname = vertexPath;
    return { url: url.href, headers: { Authorization: `Bearer ${accessToken(env)}` } };
  }
  const key = headerValue(geminiEntry.keyVariables, env);
  // Self-hosted servers rarely need a key.
  if (key === undefined && given === undefined) throw missingKey();
  const token = key?.startsWith(tokenPrefix) ?? false;
  if (url.pathname === '/') url.pathname = token ? path('v1alpha', 'Constrained') : path('v1beta', '');
  if (key === undefined) return { url: url.href, headers: {} };
  return { url: url.href, headers: token ? { Authorization: `Token ${key}` } : { 'x-goog-api-key': key } };
}

function path(version: string, method: string): string {
  return `/ws/google.ai.generativelanguage.${version}.GenerativeService.BidiGenerateContent${method}`;
}

function accessToken(env: ConnectionSettings['env']): string {
  const variable = 'GOOGLE_ACCESS_TOKEN';
  const token = headerValue([variable], env);
  if (token !== undefined) return token;
  throw new VoxtermError(`Vertex AI needs an access token, and ${variable} is not set.`, {
    code: 'credentials.missing',
    exitCode: ExitCode.configuration,
    hint: `Set it for an hour: export ${variable}="$(gcloud auth print-access-token)". An API key opens only Google's public API.`,
    facts: { provider: geminiEntry.id, variables: [variable] },
  });
}

function missingKey(): VoxtermError {
  const { keyVariables, keyHint } = geminiEntry;
  const [variable] = keyVariables;
  return new VoxtermError(`Gemini needs a key, and neither ${keyVariables.join(' nor ')} is set.`, {
    code: 'credentials.missing',
    exitCode: ExitCode.configuration,
    hint: `Get one at ${keyHint} and set ${variable}.`,
    facts: { provider: geminiEntry.id, variables: keyVariables, options: ['provider'] },
  });
}
