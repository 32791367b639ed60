import { randomId } from '../../core/ids.js';
import { requestsWithin } from '../../requests/request-schema.js';
import { gaLimits } from '../../requests/session-schema.js';
import type { Connection, Dialect, Interpreter, Upgrade, Verdict } from '../../wire/dialect.js';
import type { DialectOptions } from '../../wire/dialect-options.js';
import { authorization, isKey } from '../shared/credentials.js';
import { jsonFrame, jsonFrames } from '../shared/json-frames.js';
import { withBuiltInTools } from './built-in-tools.js';
import { YandexTranslation } from './translation.js';

const defaultModel = 'gpt://folder/speech-realtime-260528';

/** Voice agents of Yandex Cloud AI Studio. */
export function yandexDialect({ quirks = [] }: DialectOptions): Dialect {
  const outputRateHz = quirks.includes('output-44100') ? 44_100 : undefined;
  return {
    id: 'yandex',
    title: 'Yandex AI Studio’s realtime server',
    path: '/v1/realtime',
    keyHeader: 'Authorization: Api-Key …, or Bearer … for an IAM token',
    judge: (upgrade) => judge(upgrade, outputRateHz),
  };
}

/** The second path is the one of the format before May 2026, which some samples still name. */
const paths = /^\/v1\/realtime(\/openai)?\/?$/;

function judge(upgrade: Upgrade, outputRateHz: number | undefined): Verdict {
  const { url, token } = upgrade;
  if (!paths.test(url.pathname)) return refused(404, 'not_found', 'Not Found');
  if (token !== null) {
    const key = authorization(upgrade, 'Api-Key') ?? authorization(upgrade, 'Bearer');
    if (key === undefined) return refused(401, 'unauthenticated', 'Authentication is required.');
    if (!isKey(key, token)) return refused(401, 'unauthenticated', 'Unknown api key.');
  }
  const model = url.searchParams.get('model') || (upgrade.model ?? '');
  if (!/^gpt:\/\/[^/]+\/[^/]+/.test(model)) return invalidModel(model);
  return { kind: 'accepted', model, interpreter: (connection) => interpreter(connection, outputRateHz) };
}

function refused(status: number, code: string, message: string): Verdict {
  return { kind: 'refused', status, code, body: JSON.stringify({ error: { code, message } }) };
}

/** The short name of a model is not accepted: it must be the URI of the folder's model. */
function invalidModel(model: string): Verdict {
  const error = {
    type: 'invalid_request_error',
    code: 'invalid_value',
    message: `Invalid model URI: '${model.slice(0, 100)}', expected for example ${defaultModel}`,
    param: 'model',
    event_id: null,
  };
  return {
    kind: 'dismissed',
    frames: [jsonFrame(randomId, { type: 'error', error })],
    code: 1008,
    reason: 'Invalid model URI',
  };
}

const requests = requestsWithin({
  ...gaLimits,
  rateHz: [24_000, 44_100],
  outputTokens: 32_768,
  voices: null,
});

function interpreter(connection: Connection, outputRateHz: number | undefined): Interpreter {
  const translation = new YandexTranslation(outputRateHz);
  return {
    // No longest session and no longest silence is documented.
    rules: {
      requests,
      limitS: null,
      settings: (config) => ({
        ...config,
        audio: {
          input: {
            ...config.audio.input,
            // Everything that is said is written down, asked for or not.
            transcription: {},
            turn_detection: {
              type: 'server_vad',
              threshold: 0.5,
              prefix_padding_ms: 300,
              silence_duration_ms: 400,
              idle_timeout_ms: null,
              create_response: true,
              interrupt_response: true,
            },
          },
          output: {
            ...config.audio.output,
            format: { type: 'audio/pcm', rate: outputRateHz ?? 24_000 },
            voice: 'dasha',
          },
        },
      }),
    },
    ...jsonFrames(connection.newId, translation),
    stages: (stages) => ({
      ...stages,
      mind: translation.withoutWaiting(withBuiltInTools(stages.mind, connection.newId)),
    }),
  };
}
