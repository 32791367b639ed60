import type { InputRequest, InputStream } from './backend.js';
import { ProgramProcess, type ProgramProcessOptions } from './program-process.js';

export interface ProgramInputOptions
  extends Pick<ProgramProcessOptions, 'file' | 'args' | 'environment'>,
    Pick<InputRequest, 'rateHz' | 'onPcm' | 'onLost'> {
  readonly name: string;
}

/** A suspended source takes a while to deliver; a program that cannot record has ended by then. */
const openDeadlineMs = 2000;

/** Input through a recording program. */
export class ProgramInput implements InputStream {
  readonly name: string;
  readonly rateHz: number;
  private readonly program: ProgramProcess;
  private readonly opening: Promise<string | undefined>;
  private open = false;
  /** The first byte of a sample that the pipe cut in two. */
  private half: Buffer = Buffer.alloc(0);

  constructor({ name, rateHz, onPcm, onLost, ...command }: ProgramInputOptions) {
    this.name = name;
    this.rateHz = rateHz;
    let settle: (failure: string | undefined) => void = () => undefined;
    this.opening = new Promise((resolve) => {
      const deadline = setTimeout(() => settle(undefined), openDeadlineMs);
      settle = (failure) => {
        clearTimeout(deadline);
        this.open = failure === undefined;
        resolve(failure);
      };
    });
    const onEnd = (reason: string) => (this.open ? onLost(reason) : settle(reason));
    this.program = new ProgramProcess({ ...command, sound: 'stdout', onEnd });
    this.program.child.stdout?.on('data', (bytes: Buffer) => {
      if (!this.open) settle(undefined);
      const all = this.half.length === 0 ? bytes : Buffer.concat([this.half, bytes]);
      const whole = all.length - (all.length % 2);
      this.half = all.subarray(whole);
      if (whole > 0) onPcm(all.subarray(0, whole));
    });
  }

  /** Resolves when sound arrives, or when the program has kept running long enough; with a reason when it gave up. */
  async opened(): Promise<string | undefined> {
    return this.opening;
  }

  async close(): Promise<void> {
    this.program.kill();
  }
}
