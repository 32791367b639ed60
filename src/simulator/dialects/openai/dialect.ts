import { randomId } from '../../core/ids.js';
import { gaRequests, type RequestSchema, requestsWithin } from '../../requests/request-schema.js';
import { gaLimits } from '../../requests/session-schema.js';
import type { Dialect, SessionRules, Upgrade, Verdict } from '../../wire/dialect.js';
import type { DialectOptions } from '../../wire/dialect-options.js';
import { authorization, isKey, offeredKey } from '../shared/credentials.js';
import { jsonFrame, jsonFrames } from '../shared/json-frames.js';
import { invalidUrl, openaiRefusal } from '../shared/refusals.js';
import { SimulatedCalls } from './telephone-calls.js';

type Accepted = Extract<Verdict, { kind: 'accepted' }>;

/** The generally available dialect of api.openai.com. */
export function openaiDialect({ anyVoice, callerTurns = 1 }: DialectOptions = {}): Dialect {
  const calls = new SimulatedCalls(callerTurns);
  return {
    id: 'openai',
    title: 'an OpenAI realtime server',
    path: '/v1/realtime',
    keyHeader: 'Authorization: Bearer …',
    judge: (upgrade) =>
      judge(upgrade, calls, anyVoice === undefined ? openaiInterpreter : interpreterOfVoices(anyVoice.usual)),
  };
}

function interpreterOfVoices(usual: string): Accepted['interpreter'] {
  const requests = requestsWithin({ ...gaLimits, voices: null });
  return interpreterWith(requests, (config) => ({
    ...config,
    audio: { ...config.audio, output: { ...config.audio.output, voice: usual } },
  }));
}

const usualModel = 'gpt-realtime-2.1';
const betaProtocol = 'openai-beta.realtime-v1';

function judge(upgrade: Upgrade, calls: SimulatedCalls, interpreter: Accepted['interpreter']): Verdict {
  const { url, headers, protocols, model } = upgrade;
  const refusal = checkUpgrade(upgrade);
  if (refusal !== undefined) return refusal;
  const beta = headers['openai-beta'] !== undefined || protocols.includes(betaProtocol);
  if (beta) return betaIsOver();
  const callId = url.searchParams.get('call_id');
  if (callId !== null) return calls.judge(callId, model ?? usualModel);
  return {
    kind: 'accepted',
    model: url.searchParams.get('model') || (model ?? usualModel),
    interpreter,
  };
}

/** Checks path, key and query as api.openai.com does; undefined where the client is accepted. */
function checkUpgrade(upgrade: Upgrade): Verdict | undefined {
  const { url, token } = upgrade;
  if (!/\/realtime\/?$/.test(url.pathname)) return invalidUrl(upgrade);
  if (token !== null) {
    const key = authorization(upgrade, 'Bearer') ?? offeredKey(upgrade);
    if (key === undefined) {
      return openaiRefusal(401, 'missing_api_key', 'Missing bearer authentication in header');
    }
    if (!isKey(key, token)) return openaiRefusal(401, 'invalid_api_key', 'Incorrect API key provided.');
  }
  if (url.searchParams.has('intent')) {
    const message = 'This server holds conversations only: use ?model=, not intent.';
    return openaiRefusal(400, 'unsupported_parameter', message);
  }
  if (url.searchParams.has('call_id') && url.searchParams.has('model')) {
    const message = 'A call has its model already: use call_id without model.';
    return openaiRefusal(400, 'unsupported_parameter', message);
  }
  return undefined;
}

/** As api.openai.com does since the preview ended: accepts, sends one error and closes. */
const betaIsOver = (): Verdict => ({
  kind: 'dismissed',
  frames: [
    jsonFrame(randomId, {
      type: 'error',
      error: {
        type: 'invalid_request_error',
        code: 'beta_api_shape_disabled',
        message: 'The Realtime Beta API is no longer supported. Please use /v1/realtime for the GA API.',
        param: null,
        event_id: null,
      },
    }),
  ],
  code: 4000,
  reason: 'invalid_request_error.beta_api_shape_disabled',
});

/** The GA dialect, untranslated. */
export const openaiInterpreter = interpreterWith(gaRequests);

function interpreterWith(
  requests: RequestSchema,
  settings?: SessionRules['settings'],
): Accepted['interpreter'] {
  return ({ newId }) => ({
    rules: { requests, settings, limitS: 3600 },
    ...jsonFrames(newId, { read: (request) => [request], write: (event) => [event] }),
  });
}
