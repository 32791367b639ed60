import { setTimeout as delay } from 'node:timers/promises';
import type { OutputStream, StreamRequest } from './backend.js';
import { durationMs, leadMs, Pacer } from './pacer.js';
import { ProgramProcess, type ProgramProcessOptions } from './program-process.js';

export interface ProgramOutputOptions
  extends Pick<ProgramProcessOptions, 'file' | 'args' | 'environment'>,
    Pick<StreamRequest, 'rateHz' | 'onLost'> {
  readonly name: string;
  readonly startMs: number;
  readonly provesMs: number;
}

const pollMs = 10;
/**
 * Enough silence to make a program open its device: ffmpeg needs 85 ms at 24 kHz. It has been played before anything is
 * said.
 */
const proofMs = 100;

/** Output through a playing program, written to by the clock. What it has not played is dropped by ending it. */
export class ProgramOutput implements OutputStream {
  readonly name: string;
  readonly rateHz: number;
  readonly discardedMs: number;
  private readonly pacer = new Pacer();
  private program: ProgramProcess;
  private failure: string | undefined;
  private open = false;

  constructor(private readonly options: ProgramOutputOptions) {
    this.name = options.name;
    this.rateHz = options.rateHz;
    this.discardedMs = leadMs + options.startMs;
    this.program = this.start();
  }

  /** Resolves when the program seems to play; with a reason when it gave up. */
  async opened(): Promise<string | undefined> {
    this.program.child.stdin?.write(new Uint8Array((this.rateHz * proofMs * 2) / 1000));
    const untilMs = performance.now() + this.options.provesMs;
    while (this.failure === undefined && performance.now() < untilMs) await delay(pollMs);
    this.open = true;
    return this.failure;
  }

  async write(pcm: Uint8Array, sounding: boolean): Promise<void> {
    if (this.pacer.shouldWrite(sounding, durationMs(pcm, this.rateHz), performance.now()))
      this.program.child.stdin?.write(pcm);
    const waitMs = this.pacer.waitMs(performance.now());
    if (waitMs > 0) await delay(waitMs);
  }

  /** Starts the next player at once, so that it is ready when sound comes again. */
  discard(): void {
    this.program.kill();
    this.pacer.reset();
    this.program = this.start();
  }

  async close(): Promise<void> {
    this.program.kill();
  }

  private start(): ProgramProcess {
    const { file, args, environment } = this.options;
    return new ProgramProcess({
      file,
      args,
      environment,
      sound: 'stdin',
      onEnd: (reason) => {
        if (this.open) this.options.onLost(reason);
        else this.failure = reason;
      },
    });
  }
}
