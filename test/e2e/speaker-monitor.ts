import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

interface Chunk {
  /** When its last sample arrived, as `performance.now()`; the recorder is 5 to 10 ms behind the speaker. */
  readonly endMs: number;
  readonly samples: Int16Array;
}

/** −60 dBFS: quieter is silence. */
const audible = 32;

/** What a loudspeaker really sounded, measured outside the program under test. */
export class SpeakerMonitor {
  private readonly chunks: Chunk[] = [];
  private half: Buffer = Buffer.alloc(0);

  constructor(
    private readonly child: ChildProcess,
    private readonly rateHz: number,
  ) {
    child.stdout?.on('data', (bytes: Buffer) => {
      const all = Buffer.concat([this.half, bytes]);
      const samples = new Int16Array(all.length >> 1);
      for (let n = 0; n < samples.length; n += 1) samples[n] = all.readInt16LE(2 * n);
      this.half = all.subarray(2 * samples.length);
      this.chunks.push({ endMs: performance.now(), samples });
    });
  }

  /** Resolves with the first sample heard, silence included. */
  async started(): Promise<void> {
    await this.until(() => this.chunks.length > 0, 3000, 'the monitor delivers nothing');
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }

  /** When the first audible sample since a moment sounded. Waits for it. */
  async firstSoundMs(sinceMs: number, deadlineMs = 3000): Promise<number> {
    await this.until(() => this.soundTimes(sinceMs).length > 0, deadlineMs, 'nothing sounds');
    return this.soundTimes(sinceMs)[0] ?? Number.NaN;
  }

  /** When the last audible sample since a moment sounded; undefined when none did. */
  lastSoundMs(sinceMs: number): number | undefined {
    return this.soundTimes(sinceMs).at(-1);
  }

  /** From the first audible sample since a moment to the last one, both included. */
  soundSamples(sinceMs: number): Int16Array {
    const all = this.samplesSince(sinceMs);
    const first = all.findIndex((sample) => Math.abs(sample) > audible);
    const last = all.findLastIndex((sample) => Math.abs(sample) > audible);
    return first === -1 ? new Int16Array(0) : all.slice(first, last + 1);
  }

  /** Stretches of at least `gapMs` without a sound between the first and the last sound since a moment. */
  gaps(sinceMs: number, gapMs: number): number {
    const gapSamples = (gapMs * this.rateHz) / 1000;
    let gaps = 0;
    let quiet = 0;
    for (const sample of this.soundSamples(sinceMs)) {
      quiet = Math.abs(sample) > audible ? 0 : quiet + 1;
      if (quiet === Math.ceil(gapSamples)) gaps += 1;
    }
    return gaps;
  }

  private samplesSince(sinceMs: number): Int16Array {
    const chunks = this.chunks.filter(({ endMs }) => endMs >= sinceMs);
    const all = new Int16Array(chunks.reduce((sum, { samples }) => sum + samples.length, 0));
    let at = 0;
    for (const { samples } of chunks) {
      all.set(samples, at);
      at += samples.length;
    }
    return all;
  }

  /** Times of the first and last audible sample of each chunk. */
  private soundTimes(sinceMs: number): number[] {
    return this.chunks.flatMap(({ endMs, samples }) => {
      if (endMs < sinceMs) return [];
      const first = samples.findIndex((sample) => Math.abs(sample) > audible);
      if (first === -1) return [];
      const last = samples.findLastIndex((sample) => Math.abs(sample) > audible);
      return [first, last].map((n) => endMs - (1000 * (samples.length - 1 - n)) / this.rateHz);
    });
  }

  private async until(reached: () => boolean, deadlineMs: number, complaint: string): Promise<void> {
    const startedMs = performance.now();
    while (!reached()) {
      if (performance.now() - startedMs > deadlineMs) throw new Error(complaint);
      await delay(5);
    }
  }
}
