import { setTimeout as delay } from 'node:timers/promises';
import type { OutputStream, StreamRequest } from './backend.js';
import { SoundProgram, type SoundProgramOptions } from './sound-program.js';

export interface PlayerOptions
  extends Pick<SoundProgramOptions, 'file' | 'args' | 'environment'>,
    Pick<StreamRequest, 'rateHz' | 'onLost'> {
  readonly name: string;
  readonly startMs: number;
}

/** A program that cannot play is dead by then. */
const openMs = 150;
const blockMs = 10;
/** So much is given ahead of time: bridges our own delays. A pipe would take a second and more. */
const leadMs = 60;
/**
 * After so much silence nothing is given until sound comes again, so that the difference between our clock and the
 * sound card's does not add up.
 */
const idleMs = 500;

/** Speaker through a playing program, fed by the clock. What it has not played is dropped by ending it. */
export class PlayerProgram implements OutputStream {
  readonly name: string;
  readonly rateHz: number;
  readonly discardedMs: number;
  readonly #options: PlayerOptions;
  #program: SoundProgram;
  #failure: string | undefined;
  #open = false;
  #silentMs = 0;
  /** When the player began, and how much it was given since; undefined while it is idle. */
  #begun: { readonly atMs: number; givenMs: number } | undefined;

  constructor(options: PlayerOptions) {
    this.name = options.name;
    this.rateHz = options.rateHz;
    this.discardedMs = leadMs + options.startMs;
    this.#options = options;
    this.#program = this.#start();
  }

  /** Resolves when nothing speaks against playing; with a reason when the program gave up. */
  async opened(): Promise<string | undefined> {
    await delay(openMs);
    this.#open = true;
    return this.#failure;
  }

  async write(pcm: Uint8Array, sounding: boolean): Promise<void> {
    this.#silentMs = sounding ? 0 : this.#silentMs + blockMs;
    if (this.#silentMs > idleMs) {
      this.#begun = undefined;
      await delay(blockMs);
      return;
    }
    const nowMs = performance.now();
    // Held up for longer than was given ahead: what was missed would only delay the rest.
    if (this.#begun === undefined || nowMs - this.#begun.atMs > this.#begun.givenMs) {
      this.#begun = { atMs: nowMs, givenMs: 0 };
    }
    this.#program.child.stdin?.write(pcm);
    this.#begun.givenMs += blockMs;
    const aheadMs = this.#begun.givenMs - (performance.now() - this.#begun.atMs) - leadMs;
    if (aheadMs > 0) await delay(aheadMs);
  }

  /** Starts the next player at once, so that it is ready when sound comes again. */
  discard(): void {
    this.#program.kill();
    this.#begun = undefined;
    this.#program = this.#start();
  }

  async close(): Promise<void> {
    this.#program.kill();
  }

  #start(): SoundProgram {
    const { file, args, environment } = this.#options;
    return new SoundProgram({
      file,
      args,
      environment,
      sound: 'stdin',
      onEnd: (reason) => {
        if (this.#open) this.#options.onLost(reason);
        else this.#failure = reason;
      },
    });
  }
}
