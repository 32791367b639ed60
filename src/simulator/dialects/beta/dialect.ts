import { z } from 'zod';
import { pcm24k } from '../../../engines/core/audio-format.js';
import { gaRequests } from '../../requests/request-schema.js';
import type { Connection, Dialect, Interpreter, Upgrade, Verdict } from '../../wire/dialect.js';
import { authorization, header, isKey, offeredKey } from '../shared/credentials.js';
import { jsonFrames } from '../shared/json-frames.js';
import { invalidUrl, openaiRefusal } from '../shared/refusals.js';
import type { FlatRules } from './flat-session.js';
import { BetaTranslation } from './translation.js';

/** OpenAI's beta dialect, which servers written for it still speak. */
export function betaDialect(): Dialect {
  return {
    id: 'beta',
    title: 'a realtime server in the dialect of OpenAI’s beta',
    path: '/v1/realtime',
    keyHeader: 'Authorization: Bearer …',
    judge,
  };
}

/** The beta header is tolerated, as most who speak the dialect do: its clients used to send it. */
function judge(upgrade: Upgrade): Verdict {
  const { url, token, model } = upgrade;
  if (!/\/realtime\/?$/.test(url.pathname)) return invalidUrl(upgrade);
  if (token !== null) {
    const key = authorization(upgrade, 'Bearer') ?? header(upgrade, 'api-key') ?? offeredKey(upgrade);
    if (key === undefined) {
      return openaiRefusal(401, 'missing_api_key', 'Missing bearer authentication in header');
    }
    if (!isKey(key, token)) return openaiRefusal(401, 'invalid_api_key', 'Incorrect API key provided.');
  }
  const asked = url.searchParams.get('model') || url.searchParams.get('deployment');
  return {
    kind: 'accepted',
    model: asked || (model ?? 'gpt-4o-realtime-preview'),
    interpreter: betaInterpreter,
  };
}

const formats: FlatRules['inputFormats'] = [
  ['pcm16', pcm24k],
  ['g711_ulaw', { type: 'audio/pcmu' }],
  ['g711_alaw', { type: 'audio/pcma' }],
];

const rules: FlatRules = {
  inputFormats: formats,
  outputFormats: formats,
  maxTokensKey: 'max_response_output_tokens',
  soundAlone: false,
  extras: { temperature: z.number().min(0.6).max(1.2) },
  extraDefaults: { temperature: 0.8 },
};

export function betaInterpreter({ newId }: Connection): Interpreter {
  return {
    rules: {
      requests: gaRequests,
      limitS: 1800,
      settings: (config) => ({
        ...config,
        audio: { ...config.audio, output: { ...config.audio.output, voice: 'alloy' } },
      }),
    },
    ...jsonFrames(newId, new BetaTranslation(rules)),
  };
}
