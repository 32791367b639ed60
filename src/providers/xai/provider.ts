import { headerValue } from '../../base/header-value.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import { xaiEntry } from '../catalog.js';
import { realtimeAddress } from '../compatible/address.js';
import { createCompatibleCodec } from '../compatible/codec.js';
import { atRatesOf, sampleFormatsOf } from '../compatible/sample-format.js';
import { gaDialect, type Switches } from '../compatible/switches.js';
import type { ConnectionSettings, Endpoint, Provider } from '../provider.js';
import { explainClose, explainRefusal } from './explain.js';
import { notes } from './notes.js';
import { profile, rateHz, serverTools, supportedSettings } from './profile.js';
import { xaiQuirks } from './quirks.js';

/** xAI's Grok voice models: the generally available dialect with differences, and conversations that can be resumed. */
export const xai: Provider = {
  ...xaiEntry,
  profile: (model, options) => atRatesOf(sampleFormatsOf(options), profile(model)),
  notes,
  endpoint,
  codec: ({ resume, reconnecting, options }) => {
    const sampleFormats = sampleFormatsOf(options);
    const quirks = () => xaiQuirks(resume, reconnecting);
    return createCompatibleCodec(atRatesOf(sampleFormats, { ...dialect, sampleFormats, quirks }));
  },
  explainClose,
  explainRefusal,
};

const dialect: Switches = {
  ...gaDialect,
  inputRateHz: rateHz,
  outputRateHz: rateHz,
  settings: supportedSettings,
  serverTools,
  createAfterServerTool: false,
  transcriptionModel: 'grok-transcribe',
  transcriptionModelFixed: true,
  sessionType: false,
  atTopLevel: ['voice', 'turn_detection'],
  noTurnDetection: { type: null },
  semanticTurns: 'server_vad',
  customVoices: false,
  turnsSayWhatFollows: false,
  // Not known to be echoed.
  responseMetadata: false,
  repeatsTranscripts: true,
};

function endpoint(settings: ConnectionSettings): Endpoint {
  const { env, url: given, resume } = settings;
  // Without a model in the address, the server silently chooses one.
  const url = new URL(realtimeAddress(given ?? 'wss://api.x.ai/v1/realtime', settings));
  if (resume !== undefined) url.searchParams.set('conversation_id', resume);
  const key = headerValue(xaiEntry.keyVariables, env);
  if (key !== undefined) return { url: url.href, headers: { Authorization: `Bearer ${key}` } };
  if (given !== undefined) return { url: url.href, headers: {} };
  const [variable] = xaiEntry.keyVariables;
  throw new VoxtermError(`xAI needs a key, and ${variable} is not set.`, {
    code: 'credentials.missing',
    exitCode: ExitCode.configuration,
    hint: `Get one at ${xaiEntry.keyHint} and set ${variable}.`,
    facts: { provider: xaiEntry.id, variables: xaiEntry.keyVariables, options: ['provider'] },
  });
}
