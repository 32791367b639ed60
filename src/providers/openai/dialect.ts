import { isObject, type JsonObject } from '../../base/json.js';
import type { Profile } from '../../contract/profile.js';
import { atRatesOf, sampleFormatsOf } from '../compatible/sample-format.js';
import { gaDialect, type Quirks, type Switches } from '../compatible/switches.js';
import type { VendorOptions } from '../vendor-options.js';

/** The dialect of OpenAI's models, at OpenAI or at a reseller. */
export function openaiDialect({ settings }: Profile, options?: VendorOptions): Switches {
  const sampleFormats = sampleFormatsOf(options);
  return atRatesOf(sampleFormats, { ...gaDialect, sampleFormats, settings, quirks: () => modelLimits });
}

const modelLimits: Quirks = {
  session: (session) => ({
    ...session,
    reasoning: leastEffort(session.reasoning),
    audio: withoutPrompt(session.audio),
  }),
};

/** The lowest effort is `minimal`. */
function leastEffort(reasoning: unknown): unknown {
  return isObject(reasoning) && reasoning.effort === 'none' ? { effort: 'minimal' } : reasoning;
}

/** `gpt-realtime-whisper` refuses an update that contains a prompt. */
function withoutPrompt(audio: unknown): unknown {
  const input = inside(audio, 'input');
  const transcription = inside(input, 'transcription');
  if (!isObject(audio) || transcription?.model !== 'gpt-realtime-whisper') return audio;
  const { model, language, delay } = transcription;
  return { ...audio, input: { ...input, transcription: { model, language, delay } } };
}

function inside(value: unknown, key: string): JsonObject | undefined {
  const found = isObject(value) ? value[key] : undefined;
  return isObject(found) ? found : undefined;
}
