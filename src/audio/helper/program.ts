import type { BackendDevice, BackendId } from './backend.js';

/** A command line: program, then arguments. */
type Command = readonly [program: string, ...args: string[]];

/** A program of the system that plays PCM16 mono from its input, and one that records it to its output. */
export interface Program {
  readonly id: BackendId;
  /** What has to be on the PATH. */
  readonly needs: readonly string[];
  /** `handle` of a device; undefined = the system's default. */
  play(rateHz: number, handle: string | undefined): Command;
  record(rateHz: number, handle: string | undefined): Command;
  /** Added to the environment, for programs that take the device that way. */
  environment?(handle: string | undefined): Readonly<Record<string, string>>;
  /** From starting the player to the first sound, in milliseconds: so much is never heard of what it was given. */
  readonly startMs: number;
  /** A player that cannot play has ended this long after its first sound, in milliseconds. */
  readonly provesMs: number;
  /** Empty when only the system's default can be used. */
  list(): Promise<readonly BackendDevice[]>;
}
