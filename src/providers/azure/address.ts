import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import { realtimeAddress } from '../compatible/address.js';
import type { ConnectionSettings } from '../provider.js';

/** As the portal shows it; the SDKs read the same variable. */
const endpointVariable = 'AZURE_OPENAI_ENDPOINT';

/**
 * `wss://<resource>.openai.azure.com/openai/v1/realtime?model=<deployment>`, from an address, the endpoint that the portal
 * shows, or the name of the resource alone.
 * @throws VoxtermError exit 3 where nothing says which resource or deployment is meant, or the address is the preview's.
 */
export function azureAddress(settings: ConnectionSettings): string {
  if (settings.model === '') {
    throw refused(
      'model.missing',
      'Azure runs models under names you choose yourself, so there is none to guess.',
      'Give the name of your realtime deployment with --model or providers.azure.model.',
    );
  }
  const url = new URL(realtimeAddress(base(settings), settings));
  if (url.searchParams.has('api-version') || url.searchParams.has('deployment')) {
    throw refused(
      'url.preview',
      'The address is the one of the preview, with "api-version" or "deployment"; the service refuses it with 401.',
      'Remove both: the address ends in /openai/v1, and the deployment is named with --model.',
    );
  }
  return url.href;
}

function base({ url, env, options }: ConnectionSettings): string {
  if (url !== undefined) return withPath(url);
  const endpoint = env[endpointVariable];
  if (endpoint) return fromEndpoint(endpoint);
  const resource = options?.resource;
  if (resource === undefined) {
    throw refused(
      'azure.no-resource',
      `Azure has no address without the name of your resource: ${endpointVariable} is not set.`,
      `Set ${endpointVariable} to the endpoint the portal shows, or providers.azure.resource to the resource's name.`,
    );
  }
  // Only a name may become part of a host: anything else could lead the key elsewhere.
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/i.test(resource)) {
    throw refused(
      'azure.resource',
      `providers.azure.resource should be the name of the resource, not "${resource}".`,
      `An address goes into ${endpointVariable} or --url.`,
    );
  }
  return `wss://${resource}.openai.azure.com/openai/v1`;
}

function fromEndpoint(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const scheme = url?.protocol.replace('http', 'ws');
  if (url === undefined || (scheme !== 'ws:' && scheme !== 'wss:')) {
    // It may hold a password, so it is not repeated.
    throw refused(
      'azure.endpoint',
      `${endpointVariable} is not a web address.`,
      'Write it as the portal shows it: https://NAME.openai.azure.com',
    );
  }
  return withPath(endpoint.replace(/^http/i, 'ws'));
}

/** A bare host is completed with Azure's own path instead of OpenAI's. */
function withPath(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !/^\/(openai\/?)?$/.test(url.pathname)) return given;
  url.pathname = '/openai/v1';
  return url.href;
}

function refused(code: string, message: string, hint: string): VoxtermError {
  return new VoxtermError(message, { code, exitCode: ExitCode.configuration, hint });
}
