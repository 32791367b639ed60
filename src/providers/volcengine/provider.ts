import { headerValue } from '../../base/header-value.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { Profile } from '../../contract/profile.js';
import type { SessionSettings } from '../../contract/settings.js';
import { volcengineEntry } from '../catalog.js';
import { realtimeAddress } from '../compatible/address.js';
import { createCompatibleCodec } from '../compatible/codec.js';
import type { ConnectionSettings, Endpoint, Note, Provider } from '../provider.js';
import { unsupportedTranscription } from '../unsupported-transcription.js';
import type { VendorOptions } from '../vendor-options.js';
import { rateHz, supportedSettings, volcengineDialect } from './dialect.js';
import { explainClose, explainRefusal, idleLimitS } from './explain.js';

/**
 * The voice agent of Volcengine's AI gateway: Doubao models, or a Coze bot, behind a reduced form of OpenAI's beta
 * dialect. The client ends turns.
 */
export const volcengine: Provider = {
  ...volcengineEntry,
  profile,
  notes,
  endpoint,
  codec: (connection) => createCompatibleCodec(volcengineDialect(connection)),
  explainClose,
  explainRefusal,
};

function profile(model: string, options: VendorOptions = {}): Profile {
  const withBot = options.bot !== undefined;
  return {
    provider: volcengineEntry.id,
    model,
    inputRateHz: rateHz,
    outputRateHz: rateHz,
    turns: 'none',
    clientTurns: true,
    speaksFirst: 'server',
    settingsChange: 'beforeAudio',
    settings: supportedSettings(withBot),
    truncation: 'none',
    interruptsItself: false,
    tools: !withBot,
    parallelTools: false,
    serverTools: [],
    images: null,
    typedText: false,
    deletesItems: false,
    userTranscripts: 'append',
    // A bot cannot be interrupted: its answer is only dropped on our side.
    cancelAnswersDone: !withBot,
    createAfterTool: true,
    // The vendor's clients do not wait for the confirmation, and the reference does not list it as an event.
    createAfterCommit: 'sent',
    acknowledgesItems: false,
    resume: withBot ? 'conversation' : 'none',
    outlivesProgram: withBot,
    replay: 'none',
    sessionLimitS: null,
    idleLimitS,
    // Whether pings are answered is not documented, and an unanswered one would cut a healthy connection.
    pingEveryS: null,
    keepAliveS: 50,
    usage: 'delta',
    voices: [
      'zh_female_tianmeixiaoyuan_moon_bigtts',
      'zh_female_tianmeiyueyue_moon_bigtts',
      'zh_male_shaonianzixin_moon_bigtts',
    ],
  };
}

function notes({ transcription }: SessionSettings, { options }: ConnectionSettings): readonly Note[] {
  const found: Note[] = [];
  if (options?.bot !== undefined && options.customModel !== undefined) {
    found.push({
      code: 'setting.ignored',
      message: 'A bot has its own language model: "customModel" has no effect with "bot".',
    });
  }
  const unsupported = unsupportedTranscription(transcription, []);
  if (unsupported.length > 0) {
    found.push({
      code: 'setting.ignored',
      message: `The gateway has no transcription settings; these have no effect: ${unsupported.join(', ')}.`,
    });
  }
  return found;
}

function endpoint(settings: ConnectionSettings): Endpoint {
  const { env, options = {}, resume } = settings;
  const { bot, customModel } = options;
  const url = new URL(
    realtimeAddress(settings.url ?? 'wss://ai-gateway.vei.volces.com/v1/realtime', settings),
  );
  if (bot !== undefined) url.searchParams.set('ag-coze-bot-id', bot);
  else if (customModel !== undefined) url.searchParams.set('ag-custom-model', customModel);
  const key = headerValue(volcengineEntry.keyVariables, env);
  if (key === undefined && settings.url === undefined) throw missingKey();
  return {
    url: url.href,
    headers: {
      ...(key !== undefined && { Authorization: `Bearer ${key}` }),
      ...(bot !== undefined && resume !== undefined && { 'X-Conversation-Id': resume }),
    },
  };
}

function missingKey(): VoxtermError {
  const [variable] = volcengineEntry.keyVariables;
  return new VoxtermError(`Volcengine needs a key, and ${variable} is not set.`, {
    code: 'credentials.missing',
    exitCode: ExitCode.configuration,
    hint: `Make an access key of the AI gateway at ${volcengineEntry.keyHint}, bind the voice agent to it, and set ${variable}.`,
    facts: {
      provider: volcengineEntry.id,
      variables: volcengineEntry.keyVariables,
      options: ['provider'],
    },
  });
}
