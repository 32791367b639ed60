import type { Facts } from './facts.js';

/** Exit codes of the program, which are also how a session says why it ended. Part of the public surface. */
export const ExitCode = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  configuration: 3,
  audio: 4,
  refused: 5,
  network: 6,
  stopped: 7,
  limit: 8,
  expectation: 9,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Why a session is over. `message` is a sentence for the user. */
export interface Ending {
  readonly exitCode: ExitCode;
  /** A short machine-readable word, for example `quit`, `link.lost`, `refused`. */
  readonly reason: string;
  readonly message?: string | undefined;
  readonly hint?: string | undefined;
  readonly facts?: Facts | undefined;
}
