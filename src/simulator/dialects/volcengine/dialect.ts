import { requestsWithin } from '../../requests/request-schema.js';
import { gaLimits } from '../../requests/session-schema.js';
import type { Connection, Dialect, IdleRule, Interpreter, Upgrade, Verdict } from '../../wire/dialect.js';
import { authorization, header, isKey } from '../shared/credentials.js';
import { jsonFrames } from '../shared/json-frames.js';
import { invalidUrl, openaiRefusal } from '../shared/refusals.js';
import { ResumableConversations } from '../shared/resumable-conversations.js';
import { withoutToolCalls } from '../shared/without-tool-calls.js';
import { VolcengineTranslation } from './translation.js';

/** The voice agent behind Volcengine's AI gateway, alone or in front of a Coze bot. */
export function volcengineDialect(): Dialect {
  // Conversations of Coze bots outlive their connection; for how long is not said.
  const memory = new ResumableConversations(Number.POSITIVE_INFINITY);
  return {
    id: 'volcengine',
    title: 'Volcengine’s AI gateway',
    path: '/v1/realtime',
    keyHeader: 'Authorization: Bearer …',
    judge: (upgrade) => judge(upgrade, memory),
  };
}

const agent = 'AG-voice-chat-agent';

function judge(upgrade: Upgrade, memory: ResumableConversations): Verdict {
  const { url, token } = upgrade;
  if (!/\/v1\/realtime\/?$/.test(url.pathname)) return invalidUrl(upgrade);
  if (token !== null) {
    const key = authorization(upgrade, 'Bearer');
    if (key === undefined || !isKey(key, token)) {
      return openaiRefusal(401, 'invalid_api_key', 'The API key is missing or not valid.');
    }
  }
  const model = url.searchParams.get('model') || (upgrade.model ?? agent);
  if (model !== agent) return openaiRefusal(404, 'model_not_found', `The model '${model}' does not exist.`);
  const coze = url.searchParams.has('ag-coze-bot-id');
  const resumed = coze ? header(upgrade, 'x-conversation-id') : undefined;
  return {
    kind: 'accepted',
    model: url.searchParams.get('ag-custom-model') || model,
    interpreter: (connection) => interpreter(connection, coze, resumed, memory),
  };
}

const requests = requestsWithin({
  ...gaLimits,
  rateHz: [16_000, 16_000],
  outputTokens: 32_768,
  voices: null,
});

/** "No new message": pings do not count. */
const idle: IdleRule = {
  limitS: 120,
  error: {
    type: 'server_error',
    code: 'server_error',
    message: 'No message was received for 120 seconds, the connection is closed.',
  },
  close: { code: 1000, reason: '' },
};

const sound = { type: 'audio/pcm', rate: 16_000 } as const;

function interpreter(
  connection: Connection,
  coze: boolean,
  resumed: string | undefined,
  memory: ResumableConversations,
): Interpreter {
  const { clock } = connection;
  const translation = new VolcengineTranslation(connection, coze);
  return {
    rules: {
      requests,
      limitS: 3600,
      idle,
      settings: (config) => ({
        ...config,
        audio: {
          input: { ...config.audio.input, format: sound, turn_detection: null },
          output: { ...config.audio.output, format: sound, voice: 'zh_female_tianmeixiaoyuan_moon_bigtts' },
        },
      }),
    },
    ...jsonFrames(connection.newId, translation),
    earlier: resumed === undefined ? undefined : memory.find(resumed, clock.nowMs()),
    stages: (stages) => (coze ? { ...stages, mind: withoutToolCalls(stages.mind) } : stages),
    ended: (items) => {
      if (!coze || translation.sessionId === undefined) return;
      memory.keep(translation.sessionId, items, clock.nowMs());
    },
  };
}
