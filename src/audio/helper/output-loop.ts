import type { OutputStream } from '../backends/backend.js';
import type { Playout } from '../playback/playout.js';
import { pcmOf } from '../samples/pcm16.js';
import { rms } from '../samples/samples.js';

const blocksPerSecond = 100;
export interface RenderedBlock {
  /** RMS, 0 to 1. */
  readonly level: number;
  /** It contains sound of an answer. */
  readonly sounding: boolean;
  readonly durationMs: number;
}

/**
 * Hands blocks of 10 ms to the device as it takes them, silence included: a device that gets nothing stalls. What has
 * not been handed over can still be cleared, so the device never gets more than it asks for.
 */
export class OutputLoop {
  private stopped = false;

  constructor(
    private readonly output: OutputStream,
    private readonly playout: Playout,
    private readonly onBlock: (block: RenderedBlock) => void,
  ) {}

  /** Runs until `stop`, or until the device refuses a block. */
  async run(): Promise<void> {
    const frames = Math.round(this.output.rateHz / blocksPerSecond);
    const durationMs = 1000 / blocksPerSecond;
    while (!this.stopped) {
      const { samples, sounding } = this.playout.pull(frames);
      const taken = this.output.write(pcmOf(samples), sounding);
      this.onBlock({ level: sounding ? rms(samples) : 0, sounding, durationMs });
      await taken;
    }
  }

  stop(): void {
    this.stopped = true;
  }
}
