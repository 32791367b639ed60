import type { PartKey } from '../contract/events.js';
import type { EchoMode } from '../contract/sound-options.js';
import type { Sound, SoundEvent } from './sound.js';

export interface VirtualSoundOptions {
  /** Rate of the PCM given to `play`, in Hz. */
  readonly outputRateHz: number;
  /**
   * `instant`: everything counts as heard when it arrives. `realtime`: it is rendered at the pace of a speaker, so that
   * an interruption cuts it off where a listener would have stopped hearing it.
   */
  readonly pace: 'instant' | 'realtime';
  /** What was rendered, in order: PCM16 mono. */
  readonly onRendered?: ((pcm: Uint8Array, part: PartKey) => void) | undefined;
  readonly now?: (() => number) | undefined;
}

interface Queued {
  readonly part: PartKey;
  pcm: Uint8Array;
}

const stepMs = 20;

/** Sound without hardware, for scripts and for machines without a speaker. It has no microphone. */
export class VirtualSound implements Sound {
  readonly backend = 'virtual';
  readonly inputName = null;
  readonly outputName = null;
  onEvent: (event: SoundEvent) => void = () => {};
  private readonly now: () => number;
  private queue: Queued[] = [];
  private rendered = new Map<string, { part: PartKey; samples: number }>();
  private timer: NodeJS.Timeout | undefined;
  private startedAtMs = 0;
  private renderedSinceStart = 0;

  constructor(private readonly options: VirtualSoundOptions) {
    this.now = options.now ?? (() => performance.now());
  }

  play(part: PartKey, pcm: Uint8Array): void {
    this.queue.push({ part, pcm });
    if (this.options.pace === 'instant') this.render(Number.POSITIVE_INFINITY);
    else this.start();
  }

  endPart(): void {}

  clear(epoch: number): void {
    this.step();
    this.stop();
    this.queue = [];
    const parts = this.positions();
    this.rendered.clear();
    this.onEvent({ type: 'cleared', epoch, parts });
  }

  setMuted(): void {}

  setEcho(_mode: EchoMode): void {}

  async close(): Promise<void> {
    this.stop();
    this.queue = [];
  }

  private start(): void {
    if (this.timer !== undefined) return;
    this.startedAtMs = this.now();
    this.renderedSinceStart = 0;
    this.timer = setInterval(() => this.step(), stepMs);
  }

  private stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Renders what a real speaker would have rendered by now. */
  private step(): void {
    if (this.timer === undefined) return;
    const due = Math.floor(((this.now() - this.startedAtMs) * this.options.outputRateHz) / 1000);
    this.renderedSinceStart += this.render(due - this.renderedSinceStart);
    if (this.queue.length === 0) {
      this.stop();
      this.onEvent({ type: 'drained' });
    }
  }

  private render(mostSamples: number): number {
    let done = 0;
    for (let head = this.queue[0]; head !== undefined && done < mostSamples; head = this.queue[0]) {
      const samples = Math.min(head.pcm.byteLength >> 1, mostSamples - done);
      this.count(head.part, samples);
      this.options.onRendered?.(head.pcm.subarray(0, samples * 2), head.part);
      head.pcm = head.pcm.subarray(samples * 2);
      if (head.pcm.byteLength < 2) this.queue.shift();
      done += samples;
    }
    if (done > 0) this.onEvent({ type: 'rendered', parts: this.positions(), level: 0 });
    return done;
  }

  private count(part: PartKey, samples: number): void {
    const key = keyOf(part);
    const known = this.rendered.get(key);
    if (known !== undefined) {
      known.samples += samples;
      return;
    }
    this.rendered.set(key, { part, samples });
    const oldest = this.rendered.keys().next();
    // Only the latest parts can still matter to a clear.
    if (this.rendered.size > 32 && !oldest.done) this.rendered.delete(oldest.value);
  }

  private positions(): { itemId: string; contentIndex: number; samples: number }[] {
    return [...this.rendered.values()].map(({ part, samples }) => ({
      itemId: part.itemId,
      contentIndex: part.contentIndex,
      samples,
    }));
  }
}

function keyOf(part: PartKey): string {
  return `${part.itemId}/${part.contentIndex}`;
}
