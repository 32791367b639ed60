import type { Random } from '../../src/testing/contract/random.js';

/** One input, and what is done with it. */
interface Attempt {
  /** The input as it can be read in a report. */
  readonly shown: string;
  /** Throws, or rejects, when the code under test does what it must not do with this input. */
  run(): void | Promise<void>;
}

/** One decoder, and the inputs that are made for it. `campaigns/fuzz/NAME.ts` exports it as `target`. */
export interface FuzzTarget {
  /** What is decoded, in one line. */
  readonly about: string;
  /** Makes an input. The same random values make the same input. */
  attempt(random: Random): Attempt;
}

/** How long one input may take: far more than any input of these sizes needs, on a busy machine too. */
export const slowInputMs = 1000;

/** A file or message may be refused, but only with an error that says so. */
export async function mayRefuse(
  action: () => unknown,
  isRefusal: (error: unknown) => boolean,
): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}
