import type { NewId } from '../../core/ids.js';
import { requestsWithin } from '../../requests/request-schema.js';
import { gaLimits } from '../../requests/session-schema.js';
import type { Connection, Dialect, Interpreter, Upgrade, Verdict } from '../../wire/dialect.js';
import { authorization, isKey } from '../shared/credentials.js';
import { jsonFrame, jsonFrames } from '../shared/json-frames.js';
import { invalidUrl, openaiRefusal } from '../shared/refusals.js';
import { ResumableConversations } from '../shared/resumable-conversations.js';
import { XaiTranslation } from './translation.js';

/** Grok's voice at xAI. */
export function xaiDialect(): Dialect {
  const memory = new ResumableConversations(keptMs);
  return {
    id: 'xai',
    title: 'xAI’s realtime server',
    path: '/v1/realtime',
    keyHeader: 'Authorization: Bearer …',
    // A browser closes the connection when the server chooses none of the offered subprotocols.
    protocol: (offered) => [...offered].find((name) => name.startsWith(keyProtocol)),
    judge: (upgrade) => judge(upgrade, memory),
  };
}

/** Browsers bring a short-lived key this way. */
const keyProtocol = 'xai-client-secret.';

function judge(upgrade: Upgrade, memory: ResumableConversations): Verdict {
  const { url, token, protocols } = upgrade;
  if (!/^\/v1\/realtime\/?$/.test(url.pathname)) return invalidUrl(upgrade);
  if (token !== null) {
    const offered = protocols.find((name) => name.startsWith(keyProtocol));
    const key = authorization(upgrade, 'Bearer') ?? offered?.slice(keyProtocol.length);
    if (key === undefined || !isKey(key, token)) {
      return openaiRefusal(401, 'invalid_api_key', 'Incorrect API key provided.');
    }
  }
  const resumed = url.searchParams.get('conversation_id') ?? undefined;
  return {
    kind: 'accepted',
    // The real server does not say that it has a default model.
    model: url.searchParams.get('model') || (upgrade.model ?? 'grok-voice-latest'),
    interpreter: (connection) => interpreter(connection, memory, resumed),
  };
}

const requests = requestsWithin({
  ...gaLimits,
  rateHz: [8000, 48_000],
  threshold: [0.1, 0.9],
  silenceMs: [0, 10_000],
  outputTokens: 32_768,
  voices: null,
});

/** About half an hour. */
const keptMs = 30 * 60_000;

/** Measured at about ten seconds. */
const pingEveryMs = 10_000;

function interpreter(
  connection: Connection,
  memory: ResumableConversations,
  resumed: string | undefined,
): Interpreter {
  const { clock, newId } = connection;
  const earlier = resumed === undefined ? undefined : memory.find(resumed, clock.nowMs());
  const conversationId = earlier === undefined || resumed === undefined ? newId('conv') : resumed;
  const translation = new XaiTranslation(conversationId);
  let stopPings = (): void => {};
  return {
    rules: {
      requests,
      limitS: 7200,
      settings: (config) => ({
        ...config,
        audio: {
          input: {
            ...config.audio.input,
            // Everything that is said is written down.
            transcription: {},
            turn_detection: {
              type: 'server_vad',
              threshold: 0.85,
              prefix_padding_ms: 300,
              silence_duration_ms: 500,
              idle_timeout_ms: null,
              create_response: true,
              interrupt_response: true,
            },
          },
          output: { ...config.audio.output, voice: 'eve' },
        },
      }),
    },
    ...jsonFrames(newId, translation),
    earlier,
    opened: () => {
      for (const event of translation.replay(earlier ?? [])) connection.send(jsonFrame(newId, event));
      stopPings = keepPinging(connection, newId);
    },
    ended: (items) => {
      stopPings();
      if (translation.resumable) memory.keep(conversationId, items, clock.nowMs());
    },
  };
}

/** JSON, not the WebSocket's own. */
function keepPinging({ clock, send }: Connection, newId: NewId): () => void {
  let cancelTimer = (): void => {};
  const next = (): void => {
    cancelTimer = clock.after(pingEveryMs, () => {
      send(jsonFrame(newId, { type: 'ping', timestamp: clock.nowMs() }));
      next();
    });
  };
  next();
  return () => cancelTimer();
}
