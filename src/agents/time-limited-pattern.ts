import { type Context, createContext, Script } from 'node:vm';

/** Sound continues meanwhile, but keys and the network have to wait. */ const longestMs = 50;

/** Not a sandbox: running it in a vm is the only way to stop a regular expression that would backtrack for years. */
const script = new Script('pattern.test(text)');

/** A regular expression that is disabled when it turns out to be too slow. */
export class TimeLimitedPattern {
  private readonly scope: { pattern: RegExp; text: string };
  private context: Context | undefined;
  private givenUp = false;

  constructor(pattern: RegExp) {
    this.scope = { pattern, text: '' };
  }

  /** @throws Error the first time it takes too long; from then on it matches nothing. */
  matches(text: string): boolean {
    if (this.givenUp) return false;
    this.context ??= createContext(this.scope);
    this.scope.text = text;
    try {
      return script.runInContext(this.context, { timeout: longestMs }) === true;
    } catch (cause) {
      this.givenUp = true;
      throw new Error(`the pattern ${this.scope.pattern} takes longer than ${longestMs} ms and is disabled`, {
        cause,
      });
    }
  }
}
