import { isObject, type JsonObject } from '../../../base/json.js';
import type { TokenCount, Usage } from '../../../contract/usage.js';

/** Tokens of a response. An unreadable count is 0 instead of an error: it must not cost us the end of an answer. */
export function decodeUsage(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  const inputTotal = count(value.input_tokens);
  const outputTotal = count(value.output_tokens);
  const total = count(value.total_tokens) || inputTotal + outputTotal;
  // An empty object means that the server does not count.
  if (total === 0) return undefined;
  return {
    // One vendor uses the plural.
    input: decodeCounts(inputTotal, value.input_token_details ?? value.input_tokens_details),
    output: decodeCounts(outputTotal, value.output_token_details ?? value.output_tokens_details),
    total,
  };
}

function decodeCounts(total: number, details: unknown): TokenCount {
  const parts: JsonObject = isObject(details) ? details : {};
  const text = count(parts.text_tokens);
  const audio = count(parts.audio_tokens);
  const image = count(parts.image_tokens);
  // Tokens without a modality (reasoning, or no details at all) are billed as text.
  const unclaimed = Math.max(0, total - text - audio - image);
  return { text: text + unclaimed, audio, image, ...decodeCached(parts) };
}

function decodeCached({
  cached_tokens: cached,
  cached_tokens_details: details,
}: JsonObject): Pick<TokenCount, 'cached' | 'cachedAudio' | 'cachedImage'> {
  if (!isObject(details)) return { cached: count(cached) };
  const audio = count(details.audio_tokens);
  const image = count(details.image_tokens);
  return {
    cached: count(cached) || count(details.text_tokens) + audio + image,
    cachedAudio: audio,
    cachedImage: image,
  };
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}
