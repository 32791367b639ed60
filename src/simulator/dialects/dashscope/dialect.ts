import type { Mind } from '../../../engines/core/stages.js';
import { requestsWithin } from '../../requests/request-schema.js';
import type { SessionConfig } from '../../requests/session-config.js';
import { gaLimits } from '../../requests/session-schema.js';
import type { Connection, Dialect, IdleRule, Interpreter, Upgrade, Verdict } from '../../wire/dialect.js';
import { authorization, isKey } from '../shared/credentials.js';
import { jsonFrames } from '../shared/json-frames.js';
import { withoutToolCalls } from '../shared/without-tool-calls.js';
import { type Family, familyOf } from './model-families.js';
import { DashScopeTranslation } from './translation.js';

/** Qwen-Omni at Alibaba's DashScope. */
export function dashscopeDialect(): Dialect {
  return {
    id: 'dashscope',
    title: 'DashScope’s realtime server',
    path: '/api-ws/v1/realtime',
    keyHeader: 'Authorization: Bearer …',
    judge,
  };
}

const defaultModel = 'qwen3.5-omni-flash-realtime';

function judge(upgrade: Upgrade): Verdict {
  const { url, token } = upgrade;
  if (!/^\/api-ws\/v1\/realtime\/?$/.test(url.pathname)) return refused(404, 'NotFound', 'Not Found');
  if (token !== null) {
    const key = authorization(upgrade, 'Bearer');
    if (key === undefined) return refused(401, 'InvalidApiKey', 'No API-key provided.');
    if (!isKey(key, token)) return refused(401, 'InvalidApiKey', 'Invalid API-key provided.');
  }
  const model = url.searchParams.get('model') || (upgrade.model ?? defaultModel);
  const family = familyOf(model);
  if (family === undefined) return refused(404, 'ModelNotFound', 'Model can not be found.');
  return { kind: 'accepted', model, interpreter: (connection) => interpreter(family, connection) };
}

function refused(status: number, code: string, message: string): Verdict {
  return { kind: 'refused', status, code, body: JSON.stringify({ code, message, request_id: '' }) };
}

const requests = requestsWithin({
  ...gaLimits,
  rateHz: [16_000, 24_000],
  threshold: [-1, 1],
  silenceMs: [200, 6000],
  outputTokens: 262_144,
  voices: null,
});

/** Pings do not count; 180 s is the shorter of the two limits that are reported. */
const idle: IdleRule = {
  limitS: 180,
  error: { code: 'user_idle_timeout', message: 'No client event was received for too long.' },
  close: { code: 1000, reason: '' },
};

function interpreter(family: Family, connection: Connection): Interpreter {
  const translation = new DashScopeTranslation(family, connection);
  return {
    rules: { requests, limitS: 7200, idle, settings: (config) => settingsOf(family, config) },
    ...jsonFrames(connection.newId, translation),
    stages: (stages) => ({
      ...stages,
      mind: withKnownVoices(family.tools ? stages.mind : withoutToolCalls(stages.mind), translation),
    }),
  };
}

function settingsOf(family: Family, config: SessionConfig): SessionConfig {
  return {
    ...config,
    audio: {
      input: {
        ...config.audio.input,
        format: { type: 'audio/pcm', rate: 16_000 },
        transcription: { model: family.transcriptionModel },
        turn_detection: {
          type: 'server_vad',
          threshold: 0.5,
          prefix_padding_ms: 300,
          silence_duration_ms: 800,
          idle_timeout_ms: null,
          create_response: true,
          interrupt_response: true,
        },
      },
      output: { ...config.audio.output, voice: family.voice },
    },
  };
}

/** An unknown voice passes every check, and then the answer fails. */
function withKnownVoices(mind: Mind, translation: DashScopeTranslation): Mind {
  return {
    faults: (request) => mind.faults?.(request),
    async *think(request, signal) {
      const voice = translation.missingVoice;
      if (voice !== undefined) throw new Error(`Voice '${voice}' is not supported.`);
      yield* mind.think(request, signal);
    },
  };
}
