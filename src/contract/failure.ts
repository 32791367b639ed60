import type { ExitCode } from './exit.js';
import type { Facts } from './facts.js';

export interface FailureOptions {
  /** Short machine-readable word, for example `config.unknown-key`. */
  readonly code: string;
  readonly exitCode: ExitCode;
  /** A sentence the user can act on, in whatever program: it names no flags. */
  readonly hint?: string | undefined;
  readonly facts?: Facts | undefined;
  readonly cause?: unknown;
}

/**
 * The one error class that reaches the user. `message` says what is wrong and where; `hint` says what is allowed
 * and what to do; `facts` say it in values. Anything else that is thrown counts as a bug and exits with 1.
 */
export class VoxtermError extends Error {
  override readonly name = 'VoxtermError';
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;
  readonly facts: Facts | undefined;

  constructor(message: string, options: FailureOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.exitCode = options.exitCode;
    this.hint = options.hint;
    this.facts = options.facts;
  }
}
