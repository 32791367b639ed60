import { ExitCode } from '../../conversation/exit.js';
import { VoxtermError } from '../../conversation/failure.js';
import type { Profile } from '../../conversation/profile.js';
import { headerValue } from '../api-key.js';
import { openaiEntry } from '../catalog.js';
import { realtimeAddress } from '../compatible/address.js';
import { createCompatibleCodec } from '../compatible/codec.js';
import { gaDialect } from '../compatible/switches.js';
import type { ConnectionSettings, Endpoint, Provider } from '../provider.js';
import { explainClose, explainRefusal } from './explain.js';

const rateHz = 24_000;

const honoured: Profile['settings'] = [
  'instructions',
  'voice',
  'modality',
  'tools',
  'serverTools',
  'toolChoice',
  'turnDetection',
  'transcription',
  'noiseReduction',
  'speed',
  'maxOutputTokens',
  'reasoningEffort',
  'prompt',
  'tracing',
  'contextTruncation',
];

const images: Profile['images'] = {
  mimes: ['image/jpeg', 'image/png'],
  maxBytes: null,
  maxWidth: null,
  maxHeight: null,
  everyS: 0,
  afterAudio: false,
};

/**
 * OpenAI's Realtime API in its generally available dialect, and every server that is compatible with it (`--url`).
 * The header `OpenAI-Beta` selects the old dialect, which OpenAI refuses by now: it is never sent.
 */
export const openai: Provider = {
  ...openaiEntry,
  profile,
  endpoint,
  codec: () => createCompatibleCodec(gaDialect),
  explainClose,
  explainRefusal,
};

function profile(model: string): Profile {
  return {
    provider: openaiEntry.id,
    model,
    inputRateHz: rateHz,
    outputRateHz: rateHz,
    turns: 'server',
    clientTurns: true,
    speaksFirst: 'server',
    settingsChange: 'anytime',
    settings: honoured,
    truncation: 'explicit',
    interruptsItself: true,
    tools: true,
    // Reasoning models, from the second generation on, call several functions in one response.
    parallelTools: /^gpt-realtime-([2-9]|1\d)(\D|$)/.test(model),
    serverTools: ['mcp'],
    images,
    typedText: true,
    deletesItems: true,
    userTranscripts: 'append',
    cancelAnswersDone: true,
    createAfterTool: true,
    acknowledgesItems: true,
    resume: 'none',
    replay: 'items',
    sessionLimitS: 3600,
    idleLimitS: null,
    pingEveryS: 15,
    keepAliveS: null,
    usage: 'delta',
    voices: ['marin', 'cedar', 'alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', 'shimmer', 'verse'],
  };
}

function endpoint(settings: ConnectionSettings): Endpoint {
  const { env, url: given } = settings;
  const url = realtimeAddress(given ?? 'wss://api.openai.com/v1/realtime', settings);
  const key = headerValue(openaiEntry.keyVariables, env);
  if (key === undefined) {
    // Servers in one's own house rarely ask for a key.
    if (given !== undefined) return { url, headers: {} };
    throw missingKey();
  }
  const organization = headerValue(['OPENAI_ORGANIZATION', 'OPENAI_ORG_ID'], env);
  const project = headerValue(['OPENAI_PROJECT', 'OPENAI_PROJECT_ID'], env);
  return {
    url,
    headers: {
      Authorization: `Bearer ${key}`,
      ...(organization !== undefined && { 'OpenAI-Organization': organization }),
      ...(project !== undefined && { 'OpenAI-Project': project }),
    },
  };
}

function missingKey(): VoxtermError {
  const [variable] = openaiEntry.keyVariables;
  return new VoxtermError(`OpenAI needs a key, and ${variable} is not set.`, {
    code: 'credentials.missing',
    exitCode: ExitCode.configuration,
    hint:
      `Get one at ${openaiEntry.keyHint} and set ${variable}. Without a key: --url for a compatible server, ` +
      'or --provider local for the built-in one.',
  });
}
