import { ExitCode } from '../../contract/exit.js';
import type { Facts } from '../../contract/facts.js';
import { VoxtermError } from '../../contract/failure.js';
import { azureEntry } from '../catalog.js';
import { realtimeAddress } from '../compatible/address.js';
import type { ConnectionSettings } from '../provider.js';

/** The endpoint as the Azure portal shows it. Azure's SDKs read the same variable. */
const endpointVariable = 'AZURE_OPENAI_ENDPOINT';
const byResource: Facts = {
  provider: azureEntry.id,
  variables: [endpointVariable],
  options: ['providerOptions.resource'],
};

/**
 * `wss://<resource>.openai.azure.com/openai/v1/realtime?model=<deployment>`, from an address, the endpoint that the
 * portal shows, or the name of the resource.
 * @throws VoxtermError exit 3 if the resource or deployment is unknown, or the address is that of the preview API.
 */
export function azureAddress(settings: ConnectionSettings): string {
  if (settings.model === '') {
    throw refused(
      'model.missing',
      'Azure has no default model: models run under the deployment names you choose.',
      'Give the name of your realtime deployment as the model.',
      { provider: azureEntry.id, options: ['model', 'providerOptions.model'] },
    );
  }
  const url = new URL(realtimeAddress(base(settings), settings));
  if (url.searchParams.has('api-version') || url.searchParams.has('deployment')) {
    throw refused(
      'url.preview',
      'The address is that of the preview API ("api-version" or "deployment"), which the service refuses with 401.',
      'Remove both: the address ends in /openai/v1, and the deployment is named as the model.',
      { options: ['model'] },
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
      `The address of your Azure resource is unknown: ${endpointVariable} is not set.`,
      `Set ${endpointVariable} to the endpoint the portal shows, or "resource" to the resource's name.`,
      byResource,
    );
  }
  // Only a name may become part of a host: anything else could send the key to another server.
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/i.test(resource)) {
    throw refused(
      'azure.resource',
      `providers.azure.resource must be the name of the resource, not "${resource}".`,
      `An address goes into ${endpointVariable} or the address of the server.`,
      { ...byResource, options: ['url', 'providerOptions.resource'] },
    );
  }
  return `wss://${resource}.openai.azure.com/openai/v1`;
}

function fromEndpoint(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const scheme = url?.protocol.replace('http', 'ws');
  if (url === undefined || (scheme !== 'ws:' && scheme !== 'wss:')) {
    // It may contain a password, so it is not repeated.
    throw refused(
      'azure.endpoint',
      `${endpointVariable} is not a web address.`,
      'Write it as the portal shows it: https://NAME.openai.azure.com',
    );
  }
  return withPath(endpoint.replace(/^http/i, 'ws'));
}

/** Completes a bare host with Azure's path instead of OpenAI's. */
function withPath(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !/^\/(openai\/?)?$/.test(url.pathname)) return given;
  url.pathname = '/openai/v1';
  return url.href;
}

function refused(code: string, message: string, hint: string, facts?: Facts): VoxtermError {
  return new VoxtermError(message, { code, exitCode: ExitCode.configuration, hint, facts });
}
