import { isObject, type JsonObject } from '../../../base/json.js';
import type { TokenCount, Usage } from '../../../contract/usage.js';
import { camelCased } from './fields.js';

/**
 * Tokens of one turn: the server counts each turn separately, with the whole context as its input. An unreadable count
 * is 0 instead of an error: it must not cost us the end of an answer.
 */
export function decodeUsage(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  const wire = camelCased(value);
  const prompt = count(wire.promptTokenCount);
  const results = count(wire.toolUsePromptTokenCount);
  const answer = count(wire.responseTokenCount) || count(wire.candidatesTokenCount);
  const thoughts = count(wire.thoughtsTokenCount);
  const total = count(wire.totalTokenCount) || prompt + results + answer + thoughts;
  // 3.x ends a tool call with a report of zero tokens.
  if (total === 0) return undefined;
  return {
    input: {
      ...counts(prompt + results, wire.promptTokensDetails),
      ...cachedCounts(wire),
    },
    output: counts(answer + thoughts, wire.responseTokensDetails ?? wire.candidatesTokensDetails),
    total,
  };
}

function counts(total: number, details: unknown): TokenCount {
  const audio = sum(details, ['AUDIO']);
  const image = sum(details, ['IMAGE', 'VIDEO']);
  // Thoughts, tool results and tokens without a modality are text.
  return { text: Math.max(0, total - audio - image), audio, image, cached: 0 };
}

function cachedCounts(wire: JsonObject): Pick<TokenCount, 'cached' | 'cachedAudio' | 'cachedImage'> {
  const cached = count(wire.cachedContentTokenCount);
  const details = wire.cacheTokensDetails;
  if (!Array.isArray(details)) return { cached };
  return { cached, cachedAudio: sum(details, ['AUDIO']), cachedImage: sum(details, ['IMAGE', 'VIDEO']) };
}

function sum(details: unknown, modalities: readonly string[]): number {
  if (!Array.isArray(details)) return 0;
  return details
    .filter(isObject)
    .map((detail: JsonObject) => camelCased(detail))
    .filter(({ modality }) => typeof modality === 'string' && modalities.includes(modality))
    .reduce((all, { tokenCount }) => all + count(tokenCount), 0);
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}
