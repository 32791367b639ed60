import { mutateBytes } from './mutate-bytes.js';
import { mutateJson } from './mutate-json.js';
import { mutateText } from './mutate-text.js';
import { oddJson } from './odd-values.js';
import type { FuzzTarget } from './target.js';

interface Subject<Seed, Input> {
  readonly about: string;
  /** Valid inputs, which are changed. The more of the format they use, the better. */
  readonly seeds: readonly Seed[];
  /** Throws when the code under test does what it must not do. */
  check(input: Input): void | Promise<void>;
}

/** Texts in a language of their own; `words` are those with a meaning in it. */
export function textTarget(
  subject: Subject<string, string> & { readonly words?: readonly string[] | undefined },
): FuzzTarget {
  const { about, seeds, words = [], check } = subject;
  return {
    about,
    attempt(random) {
      const text = random.below(20) === 0 ? random.text(80) : mutateText(random.pick(seeds), words, random);
      return { shown: JSON.stringify(text), run: () => check(text) };
    },
  };
}

/** The text of a JSON document. */
export function jsonTarget({ about, seeds, check }: Subject<unknown, string>): FuzzTarget {
  return {
    about,
    attempt(random) {
      const text = random.below(40) === 0 ? oddJson(random) : mutateJson(random.pick(seeds), seeds, random);
      return { shown: text, run: () => check(text) };
    },
  };
}

/** Binary files and messages. */
export function byteTarget({ about, seeds, check }: Subject<Uint8Array, Uint8Array>): FuzzTarget {
  return {
    about,
    attempt(random) {
      const bytes =
        random.below(20) === 0 ? random.bytes(200) : mutateBytes(random.pick(seeds), seeds, random);
      return { shown: `base64 ${Buffer.from(bytes).toString('base64')}`, run: () => check(bytes) };
    },
  };
}
