import { headerValue } from '../../base/header-value.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { Profile } from '../../contract/profile.js';
import type { SessionSettings } from '../../contract/settings.js';
import { openaiEntry } from '../catalog.js';
import { realtimeAddress } from '../compatible/address.js';
import { createCompatibleCodec } from '../compatible/codec.js';
import { compatibleAddress, resolveCompat } from '../compatible/compat.js';
import { bringsCredentials, withHeaders } from '../compatible/headers.js';
import { atRatesOf, sampleFormatsOf } from '../compatible/sample-format.js';
import type { Codec, ConnectionSettings, Endpoint, Note, Provider } from '../provider.js';
import type { VendorOptions } from '../vendor-options.js';
import { callAddress, callDialect, callProfile } from './call.js';
import { openaiDialect } from './dialect.js';
import { explainClose, explainRefusal } from './explain.js';
import { openaiProfile } from './models.js';
import { openaiNotes } from './notes.js';

/**
 * OpenAI's Realtime API in its generally available dialect, and every server that is compatible with it (`--url`).
 * The header `OpenAI-Beta` is never sent: it selects the beta dialect, which OpenAI now refuses.
 */
export const openai: Provider = {
  ...openaiEntry,
  profile,
  callProfile: (model) => callProfile(openaiProfile(openaiEntry.id, model)),
  notes,
  endpoint,
  codec,
  explainClose,
  explainRefusal,
};

function profile(model: string, options?: VendorOptions): Profile {
  const reference = openaiProfile(openaiEntry.id, model);
  const formats = sampleFormatsOf(options);
  if (options?.compat === undefined) return atRatesOf(formats, reference);
  return resolveCompat(options.compat, reference, undefined, formats).profile;
}

function notes(settings: SessionSettings, { model, options }: ConnectionSettings): readonly Note[] {
  return options?.compat === undefined ? openaiNotes(settings, model) : [];
}

function codec({ model, options, callId }: ConnectionSettings): Codec {
  const reference = openaiProfile(openaiEntry.id, model);
  if (callId !== undefined) {
    return createCompatibleCodec(callDialect(openaiDialect(callProfile(reference)), callId));
  }
  if (options?.compat === undefined) return createCompatibleCodec(openaiDialect(reference, options));
  // If the user did not choose a model, the server uses its own.
  const named = model === openaiEntry.defaultModel ? undefined : model;
  return createCompatibleCodec(
    resolveCompat(options.compat, reference, named, sampleFormatsOf(options)).switches,
  );
}

function endpoint(settings: ConnectionSettings): Endpoint {
  const { env, url: given, options } = settings;
  if (options?.compat !== undefined && given === undefined) throw nowhere();
  const address = realtimeAddress(given ?? 'wss://api.openai.com/v1/realtime', settings);
  const { callId } = settings;
  const there = options?.compat === undefined ? address : compatibleAddress(address, options.compat);
  const url = callId === undefined ? there : callAddress(there, callId);
  const key = headerValue(openaiEntry.keyVariables, env);
  if (key === undefined) {
    // Self-hosted servers rarely need a key.
    if (given !== undefined || bringsCredentials(settings))
      return withHeaders({ url, headers: {} }, settings);
    throw missingKey();
  }
  const organization = headerValue(['OPENAI_ORGANIZATION', 'OPENAI_ORG_ID'], env);
  const project = headerValue(['OPENAI_PROJECT', 'OPENAI_PROJECT_ID'], env);
  const headers = {
    Authorization: `Bearer ${key}`,
    ...(organization !== undefined && { 'OpenAI-Organization': organization }),
    ...(project !== undefined && { 'OpenAI-Project': project }),
  };
  return withHeaders({ url, headers }, settings);
}

function nowhere(): VoxtermError {
  return new VoxtermError('The options under "compat" describe another server, but its address is not set.', {
    code: 'compat.no-address',
    exitCode: ExitCode.configuration,
    hint: 'Give its address, or remove the section to talk to OpenAI.',
    facts: { provider: openaiEntry.id, options: ['url', 'providerOptions.url'] },
  });
}

function missingKey(): VoxtermError {
  const [variable] = openaiEntry.keyVariables;
  return new VoxtermError(`OpenAI needs a key, and ${variable} is not set.`, {
    code: 'credentials.missing',
    exitCode: ExitCode.configuration,
    hint: `Get one at ${openaiEntry.keyHint} and set ${variable}.`,
    facts: { provider: openaiEntry.id, variables: openaiEntry.keyVariables, options: ['provider', 'url'] },
  });
}
