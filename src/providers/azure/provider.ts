import { headerValue } from '../../base/header-value.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { Profile } from '../../contract/profile.js';
import type { SessionSettings } from '../../contract/settings.js';
import { azureEntry } from '../catalog.js';
import { createCompatibleCodec } from '../compatible/codec.js';
import { bringsCredentials, withHeaders } from '../compatible/headers.js';
import { atRatesOf, sampleFormatsOf } from '../compatible/sample-format.js';
import { openaiDialect } from '../openai/dialect.js';
import { openaiProfile } from '../openai/models.js';
import { openaiNotes } from '../openai/notes.js';
import type { Codec, ConnectionSettings, Endpoint, Note, Provider } from '../provider.js';
import type { VendorOptions } from '../vendor-options.js';
import { azureAddress } from './address.js';
import { explainClose, explainRefusal } from './explain.js';
import { azureErrors, explainTranscription } from './transcription.js';

const keyVariable = 'AZURE_OPENAI_API_KEY';
const tokenVariable = 'AZURE_OPENAI_AD_TOKEN';

/** OpenAI's models on Azure: the same dialect, with the user's own hosts, keys and deployment names. */
export const azure: Provider = {
  ...azureEntry,
  profile,
  notes,
  endpoint,
  codec,
  explainClose,
  explainRefusal,
};

/** A deployment is usually named after its model; otherwise nothing is known about the model. */
function profile(model: string, options?: VendorOptions): Profile {
  return atRatesOf(sampleFormatsOf(options), openaiProfile(azureEntry.id, model));
}

function notes(settings: SessionSettings, { model }: ConnectionSettings): readonly Note[] {
  const own = openaiNotes(settings, model);
  const { transcription } = settings;
  if (transcription === undefined || transcription.model !== undefined) return own;
  return [
    ...own,
    {
      code: 'transcription.unavailable',
      message: 'Your speech will not be transcribed: Azure needs a separate deployment for that.',
      hint: 'Deploy a transcription model in the same resource and name the deployment as transcription.model.',
    },
  ];
}

function endpoint(settings: ConnectionSettings): Endpoint {
  const credentials = authentication(settings);
  return withHeaders({ url: azureAddress(settings), headers: credentials }, settings);
}

/** A key, otherwise a token of Entra ID. */
function authentication({ env, url, options }: ConnectionSettings): Record<string, string> {
  const key = headerValue([keyVariable], env);
  if (key !== undefined) return { 'api-key': key };
  const token = headerValue([tokenVariable], env);
  if (token !== undefined) return { Authorization: `Bearer ${token}` };
  // A gateway in front of the resource may authenticate differently.
  if (url !== undefined || bringsCredentials({ options })) return {};
  throw new VoxtermError(`Azure needs a key, and ${keyVariable} is not set.`, {
    code: 'credentials.missing',
    exitCode: ExitCode.configuration,
    hint:
      `Copy one from "Keys and Endpoint" of your resource (${azureEntry.keyHint}) and set ${keyVariable}, ` +
      `or set ${tokenVariable} to a token of Entra ID.`,
    facts: { provider: azureEntry.id, variables: [keyVariable, tokenVariable], options: ['provider'] },
  });
}

function codec({ model, options }: ConnectionSettings): Codec {
  const dialect = openaiDialect(profile(model), options);
  return createCompatibleCodec({
    ...dialect,
    // It would have to be a deployment, whose name is unknown.
    transcriptionModel: null,
    errors: azureErrors,
    quirks: () => ({ ...dialect.quirks?.(), events: explainTranscription }),
  });
}
