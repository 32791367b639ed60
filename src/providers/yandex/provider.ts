import { headerValue } from '../../base/header-value.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { Profile } from '../../contract/profile.js';
import type { SessionSettings } from '../../contract/settings.js';
import { yandexEntry } from '../catalog.js';
import { realtimeAddress } from '../compatible/address.js';
import { createCompatibleCodec } from '../compatible/codec.js';
import type { ConnectionSettings, Endpoint, Note, Provider } from '../provider.js';
import { unsupportedTranscription } from '../unsupported-transcription.js';
import type { VendorOptions } from '../vendor-options.js';
import { inputRateHz, outputRateOf, supportedSettings, yandexDialect } from './dialect.js';
import { explainClose, explainRefusal } from './explain.js';
import { inQuery, modelUri } from './model-uri.js';
import { searches } from './server-searches.js';

const address = 'wss://ai.api.cloud.yandex.net/v1/realtime';
/** Switched off in May 2026. Servers that still speak this dialect are set with `--url`. */
const formerAddress = 'wss://rest-assistant.api.cloud.yandex.net/v1/realtime/openai';

/** The Realtime API of Yandex AI Studio. */
export const yandex: Provider = {
  ...yandexEntry,
  profile,
  notes,
  endpoint,
  codec: (connection) => createCompatibleCodec(yandexDialect(connection)),
  explainClose,
  explainRefusal,
};

function profile(model: string, options: VendorOptions = {}): Profile {
  return {
    provider: yandexEntry.id,
    model,
    inputRateHz,
    outputRateHz: outputRateOf(options),
    turns: 'server',
    clientTurns: true,
    speaksFirst: 'server',
    settingsChange: 'anytime',
    settings: supportedSettings,
    truncation: 'explicit',
    interruptsItself: true,
    tools: true,
    parallelTools: false,
    serverTools: searches,
    images: null,
    typedText: true,
    deletesItems: true,
    userTranscripts: 'replace',
    cancelAnswersDone: true,
    createAfterTool: true,
    // If asked before the transcript is complete, it answers an empty turn.
    createAfterCommit: 'transcribed',
    // Items of the user are acknowledged, but this has not been observed for tool results.
    acknowledgesItems: false,
    resume: 'none',
    replay: 'user',
    sessionLimitS: null,
    idleLimitS: null,
    // It does not answer pings during silence, so a ping timeout would cut healthy connections.
    pingEveryS: null,
    keepAliveS: null,
    usage: 'delta',
    voices: [
      'dasha',
      'alena',
      'jane',
      'julia',
      'lera',
      'marina',
      'masha',
      'omazh',
      'alexander',
      'anton',
      'ermil',
      'filipp',
      'kirill',
      'zahar',
    ],
  };
}

function notes(
  { transcription, turnDetection, serverTools }: SessionSettings,
  { options }: ConnectionSettings,
): readonly Note[] {
  const found: Note[] = [];
  const ignored = (message: string) => found.push({ code: 'setting.ignored', message });
  if (options?.legacy) {
    found.push({
      code: 'dialect.legacy',
      message: 'Yandex announced the end of its former dialect for 12 May 2026.',
      hint: 'Remove "legacy" if the connection is refused.',
      facts: { provider: yandexEntry.id, options: ['providerOptions.legacy'] },
    });
  }
  const unsupported = unsupportedTranscription(transcription, ['language', 'languages']);
  if (unsupported.length > 0) {
    ignored(
      `Yandex's transcription supports only the language; these have no effect: ${unsupported.join(', ')}.`,
    );
  }
  const { prefixPaddingMs, idleTimeoutMs } = turnDetection?.type === 'server' ? turnDetection : {};
  if (prefixPaddingMs !== undefined || idleTimeoutMs !== undefined) {
    ignored('Yandex supports neither "prefixPaddingMs" nor "idleTimeoutMs": they have no effect.');
  }
  const stores = serverTools?.flatMap((tool) => (tool.type === 'file_search' ? tool.storeIds : [])) ?? [];
  const [store] = stores;
  if (store !== undefined && stores.length > 1) {
    ignored(`Yandex searches one vector store: only ${store} is used.`);
  }
  const rateHz = options?.outputRateHz;
  if (rateHz !== undefined && rateHz !== 24_000 && rateHz !== 44_100) {
    found.push({
      code: 'setting.doubtful',
      message: `Yandex is only known to deliver 24000 and 44100 Hz, not ${rateHz}.`,
      hint: 'If the voice sounds too high or too low, change "outputRateHz".',
      facts: { provider: yandexEntry.id, options: ['providerOptions.outputRateHz'] },
    });
  }
  return found;
}

/** @throws VoxtermError exit 3 without a key, without a folder, or for an address that is not allowed. */
function endpoint(settings: ConnectionSettings): Endpoint {
  const { env, options, url: given } = settings;
  const key = headerValue(['YANDEX_API_KEY'], env);
  // Tokens are valid for hours only, so a key takes precedence over an old token.
  const token = key === undefined ? headerValue(['YANDEX_IAM_TOKEN'], env) : undefined;
  if (key === undefined && token === undefined && given === undefined) throw missingKey();
  const url = new URL(
    realtimeAddress(given ?? (options?.legacy ? formerAddress : address), { ...settings, model: 'asked' }),
  );
  if (!hasModel(given)) {
    url.searchParams.delete('model');
    const rest = url.search.slice(1);
    url.search = `model=${inQuery(modelUri(settings))}${rest === '' ? '' : `&${rest}`}`;
  }
  return {
    url: url.href,
    headers: {
      ...(key !== undefined && { Authorization: `Api-Key ${key}` }),
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    },
  };
}

function hasModel(given: string | undefined): boolean {
  return given !== undefined && URL.canParse(given) && new URL(given).searchParams.has('model');
}

function missingKey(): VoxtermError {
  return new VoxtermError('Yandex needs a key, and neither YANDEX_API_KEY nor YANDEX_IAM_TOKEN is set.', {
    code: 'credentials.missing',
    exitCode: ExitCode.configuration,
    hint:
      `Make an API key with the scope yc.ai.foundationModels.execute at ${yandexEntry.keyHint} and set YANDEX_API_KEY, or set ` +
      'YANDEX_IAM_TOKEN.',
    facts: {
      provider: yandexEntry.id,
      variables: ['YANDEX_API_KEY', 'YANDEX_IAM_TOKEN'],
      options: ['provider'],
    },
  });
}
