import { isObject, type JsonObject } from '../../base/json.js';

/** Where recognisers put the whole transcript. */
const textKeys = [
  'text',
  'transcript',
  'transcription',
  'DisplayText',
  'display_text',
  'full_text',
  'punctuated_text',
  'utterance',
  'sentence',
  'result',
  'output',
] as const;
/** Where they put its parts, which follow each other. */
const partKeys = [
  'segments',
  'chunks',
  'utterances',
  'sentences',
  'combinedPhrases',
  'phrases',
  'results',
  'result',
  'transcription',
  'items',
] as const;
/** Where they put several readings of the same sound, the best first. */
const choiceKeys = ['channels', 'alternatives', 'hypotheses', 'NBest', 'nbest'] as const;
const wrapperKeys = ['results', 'result', 'data', 'output', 'sentence', 'response', 'payload'] as const;

const mostDepth = 6;

/**
 * The words in a recogniser's answer: OpenAI's `{text}`, and the shapes of whisper.cpp, FunASR, Deepgram, Google, Azure
 * and others. @returns undefined where there is no transcript in it, not even an empty one.
 */
export function transcriptIn(value: unknown, depth = 0): string | undefined {
  if (depth > mostDepth) return undefined;
  if (Array.isArray(value)) return value.length === 0 ? '' : joined(value.map((part) => partIn(part, depth)));
  if (!isObject(value)) return undefined;
  for (const key of textKeys) {
    const text = value[key];
    if (typeof text === 'string') return text;
  }
  for (const key of choiceKeys) {
    const choices = value[key];
    if (Array.isArray(choices) && choices.length > 0) return partIn(choices[0], depth);
  }
  for (const key of partKeys) {
    const parts = value[key];
    if (Array.isArray(parts)) return transcriptIn(parts, depth + 1);
  }
  for (const key of wrapperKeys) {
    const text = transcriptIn(value[key], depth + 1);
    if (text !== undefined) return text;
  }
  return wordsIn(value);
}

function partIn(part: unknown, depth: number): string | undefined {
  return typeof part === 'string' ? part : transcriptIn(part, depth + 1);
}

/** `{words: [{word}]}`, where the words are all that there is. */
function wordsIn({ words }: JsonObject): string | undefined {
  if (!Array.isArray(words)) return undefined;
  return joined(
    words.map((word) => {
      if (!isObject(word)) return undefined;
      return [word.punctuated_word, word.word, word.text].find(
        (text): text is string => typeof text === 'string',
      );
    }),
  );
}

function joined(parts: readonly (string | undefined)[]): string | undefined {
  const texts = parts.filter((part) => part !== undefined);
  return texts.length === 0 ? undefined : texts.reduce(append, '');
}

/** One segment behind another. Chinese and Japanese have no spaces between words. */
export function append(before: string, text: string): string {
  const bare = text.trim();
  if (before === '' || bare === '') return before + bare;
  const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303F\uFF00-\uFFEF]/u;
  return wide.test(before.at(-1) ?? '') && wide.test(bare[0] ?? '') ? before + bare : `${before} ${bare}`;
}
