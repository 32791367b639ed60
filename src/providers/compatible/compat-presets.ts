import { randomUUID } from 'node:crypto';
import { isObject, type JsonObject } from '../../base/json.js';
import type { Profile } from '../../contract/profile.js';
import type { CompatPreset } from './compat-options.js';
import type { ErrorMeaning } from './error-meaning.js';
import type { Quirks, Switches } from './switches.js';
import type { WireGeneration } from './wire-choices.js';

/** How a known server differs from the dialect it is closest to. Only abilities known for certain are claimed. */
export interface Preset {
  readonly dialect: WireGeneration;
  readonly switches: Partial<Switches>;
  readonly profile: Partial<Profile>;
  /** Query parameters of the address besides the model; made for every connection. */
  readonly query?: (() => Readonly<Record<string, string>>) | undefined;
  /** Made for every connection; `model` is set only if the user chose one. */
  readonly quirks?: ((model: string | undefined) => Quirks) | undefined;
}

/** Self-hosted servers have neither OpenAI's voices nor its limits. */
const unclaimed: Partial<Profile> = { images: null, voices: [], sessionLimitS: null, usage: 'delta' };

const sessionLimitReached: ErrorMeaning = {
  fatal: true,
  cause: undefined,
  hint: 'The server has reached its limit of sessions: end another one, or try again later.',
};
const modelNotLoaded: ErrorMeaning = {
  fatal: true,
  cause: 'model',
  hint: 'The server could not load a model it needs: see its log for the name.',
};

export const presets: Readonly<Record<CompatPreset, Preset>> = {
  speaches: {
    dialect: 'beta',
    switches: {
      // Its formats are fixed, and it reports an error when one is sent.
      format: { kind: 'unsaid' },
      transcriptionModel: null,
      settings: [
        'instructions',
        'voice',
        'modality',
        'tools',
        'toolChoice',
        'turnDetection',
        'transcription',
        'maxOutputTokens',
        'temperature',
      ],
    },
    profile: { ...unclaimed, sessionLimitS: 1800, usage: 'none' },
    quirks: () => ({ session: forSpeaches }),
  },
  localai: {
    dialect: 'ga',
    switches: {
      transcriptionModel: null,
      settings: [
        'instructions',
        'voice',
        'modality',
        'tools',
        'toolChoice',
        'turnDetection',
        'transcription',
        'maxOutputTokens',
      ],
      serverTools: [],
      errors: new Map([['model_load_error', modelNotLoaded]]),
    },
    profile: unclaimed,
    quirks: () => ({ session: (session) => withSilence(session) }),
  },
  'speech-to-speech': {
    dialect: 'ga',
    switches: {
      transcriptionModel: null,
      settings: ['instructions', 'voice', 'tools', 'toolChoice', 'turnDetection'],
      serverTools: [],
      errors: new Map([['session_limit_reached', sessionLimitReached]]),
    },
    // It does not know commit, and what it does with truncate is not documented.
    profile: { ...unclaimed, clientTurns: false, truncation: 'none', deletesItems: false },
  },
  'vllm-omni': {
    dialect: 'ga',
    switches: {
      inputRateHz: 16_000,
      transcriptionModel: null,
      settings: ['instructions', 'modality', 'tools', 'toolChoice', 'turnDetection'],
      serverTools: [],
    },
    profile: unclaimed,
    quirks: modelInSession,
  },
  stepfun: {
    dialect: 'beta',
    switches: {
      transcriptionModel: null,
      settings: ['instructions', 'voice', 'modality', 'tools', 'toolChoice', 'turnDetection'],
    },
    profile: { ...unclaimed, truncation: 'none', deletesItems: false, sessionLimitS: 1800 },
  },
  glm: {
    dialect: 'beta',
    switches: {
      inputRateHz: 16_000,
      format: { kind: 'word', input: 'pcm16', output: 'pcm' },
      transcriptionModel: null,
      noTurnDetection: { type: 'client_vad' },
      turnsSayWhatFollows: false,
      settings: ['instructions', 'voice', 'modality', 'tools', 'turnDetection'],
    },
    profile: { ...unclaimed, truncation: 'none', deletesItems: false },
    quirks: forGlm,
  },
  inworld: {
    dialect: 'ga',
    switches: {
      modalities: { key: 'output_modalities', audio: ['audio', 'text'] },
      transcriptionModel: null,
      settings: [
        'instructions',
        'voice',
        'modality',
        'tools',
        'toolChoice',
        'turnDetection',
        'speed',
        'maxOutputTokens',
        'temperature',
      ],
      serverTools: [],
    },
    profile: { ...unclaimed, truncation: 'none', deletesItems: false },
    // The key is not a secret: it is a name that the client chooses for the session.
    query: () => ({ key: `voxterm-${randomUUID()}`, protocol: 'realtime' }),
    quirks: modelInSession,
  },
};

/** For servers that take the model from a field of the session and ignore the address. */
function modelInSession(model: string | undefined): Quirks {
  return model === undefined ? {} : { session: (session) => ({ ...session, model }) };
}

/** Its tools are flat, but `tool_choice` is nested; `prefix_padding_ms` cannot be set. */
function forSpeaches(session: JsonObject): JsonObject {
  const { tool_choice: choice, turn_detection: turns } = session;
  return {
    ...session,
    tool_choice: isObject(choice) ? { type: 'function', function: { name: choice.name } } : choice,
    turn_detection: isObject(turns) ? { ...turns, prefix_padding_ms: undefined } : turns,
  };
}

/** Some versions treat a missing `silence_duration_ms` as 0 and cut every sentence to pieces. */
function withSilence(session: JsonObject): JsonObject {
  const { audio } = session;
  const input = isObject(audio) ? audio.input : undefined;
  const turns = isObject(input) ? input.turn_detection : undefined;
  if (!isObject(audio) || !isObject(input) || !isObject(turns) || turns.type !== 'server_vad') return session;
  const silence_duration_ms = turns.silence_duration_ms ?? 500;
  return {
    ...session,
    audio: { ...audio, input: { ...input, turn_detection: { ...turns, silence_duration_ms } } },
  };
}

/** `beta_fields` are required, and an update without `turn_detection` would switch turn detection off. */
function forGlm(model: string | undefined): Quirks {
  let turns: unknown;
  return {
    session: (session) => {
      turns = session.turn_detection ?? turns;
      const beta_fields = { chat_mode: 'audio', tts_source: 'e2e' };
      return { ...session, model, turn_detection: turns, beta_fields };
    },
  };
}
