import { interruptAfter } from '../base/interrupt-after.js';

/** Sound continues meanwhile, but keys and the network have to wait. */
const longestMs = 50;

/** A regular expression that is disabled when it turns out to be too slow. */
export class TimeLimitedPattern {
  private disabled = false;

  constructor(private readonly pattern: RegExp) {}

  /** @throws Error the first time it takes too long; from then on it matches nothing. */
  matches(text: string): boolean {
    if (this.disabled) return false;
    try {
      return interruptAfter(longestMs, () => this.pattern.test(text));
    } catch (cause) {
      this.disabled = true;
      throw new Error(`the pattern ${this.pattern} takes longer than ${longestMs} ms and is disabled`, {
        cause,
      });
    }
  }
}
