import { rms } from '../level.js';
import type { Playout } from '../playout.js';
import { pcmOf } from '../samples.js';
import type { OutputStream } from './backend.js';

const blocksPerSecond = 100;
/** A block taken later than this after the one before has probably left a gap: three blocks were ready. */
const lateMs = 35;
/** How long blocks are twice as long then: more is ready, at the price of a slower clear. */
const carefulMs = 30_000;

export interface RenderedBlock {
  /** RMS, 0 to 1. */
  readonly level: number;
  /** Something of an answer is in it. */
  readonly sounding: boolean;
  readonly durationMs: number;
}

/**
 * Hands blocks of 10 ms to the device as it takes them, silence included: a device that is not fed stalls. What has
 * not been handed over can still be cleared, so never more than the device asks for is; on a machine that is too busy
 * to deliver in time, blocks are longer for a while.
 */
export class Pump {
  readonly #output: OutputStream;
  readonly #playout: Playout;
  readonly #onBlock: (block: RenderedBlock) => void;
  #stopped = false;

  constructor(output: OutputStream, playout: Playout, onBlock: (block: RenderedBlock) => void) {
    this.#output = output;
    this.#playout = playout;
    this.#onBlock = onBlock;
  }

  /** Runs until `stop`, or until the device refuses a block. */
  async run(): Promise<void> {
    const { rateHz } = this.#output;
    let takenMs = performance.now();
    let carefulUntilMs = Number.NEGATIVE_INFINITY;
    while (!this.#stopped) {
      const blocks = takenMs < carefulUntilMs ? 2 : 1;
      const durationMs = (blocks * 1000) / blocksPerSecond;
      const { samples, sounding } = this.#playout.pull(Math.round((rateHz * durationMs) / 1000));
      const taken = this.#output.write(pcmOf(samples), sounding);
      this.#onBlock({ level: sounding ? rms(samples) : 0, sounding, durationMs });
      await taken;
      const nowMs = performance.now();
      if (nowMs - takenMs > lateMs + durationMs) carefulUntilMs = nowMs + carefulMs;
      takenMs = nowMs;
    }
  }

  stop(): void {
    this.#stopped = true;
  }
}
