import type { PartKey } from '../../contract/events.js';
import type { EchoMode } from '../../contract/sound-options.js';
import type { Sound, SoundEvent } from '../sound.js';
import { PartProgress } from './part-progress.js';

export interface PlaybackTrackerOptions {
  /**
   * Called when the user interrupts: be silent now, and drop what has not been played. What is reported in here still
   * counts; what is reported later does not.
   */
  readonly onClear?: (() => void) | undefined;
}

/**
 * A speaker that is elsewhere: the program plays the samples itself, in a browser or on a telephone, and reports how
 * much of them was heard. An interrupted answer is cut off there exactly, here and in the model's memory. One tracker
 * serves one session at a time.
 */
export class PlaybackTracker implements Sound {
  readonly backend = 'tracker';
  readonly inputName = null;
  readonly outputName = null;
  onEvent: (event: SoundEvent) => void = () => {};
  private readonly progress = new PartProgress();
  private rateHz: number | undefined;
  /** Parts of a sample that were reported, by part: rounding must not add up. */
  private readonly rests = new Map<string, number>();

  constructor(private readonly options: PlaybackTrackerOptions = {}) {}

  /** `connect` sets the rate of the samples. */
  open(outputRateHz: number): this {
    this.rateHz = outputRateHz;
    this.forget();
    return this;
  }

  /** `ms` more milliseconds of this part have been heard. More than was received counts as all of it. */
  played(itemId: string, contentIndex: number, ms: number): void {
    if (this.rateHz === undefined) return;
    this.count({ itemId, contentIndex }, (ms * this.rateHz) / 1000);
  }

  /** The same, for programs that count bytes of PCM16. */
  playedBytes(itemId: string, contentIndex: number, bytes: number): void {
    this.count({ itemId, contentIndex }, bytes / 2);
  }

  play(part: PartKey, pcm: Uint8Array): void {
    this.progress.receive(part, pcm.byteLength >> 1);
  }

  endPart(part: PartKey): void {
    this.progress.end(part);
    this.tellDrained();
  }

  clear(epoch: number): void {
    this.options.onClear?.();
    const parts = this.progress.positions();
    this.forget();
    this.onEvent({ type: 'cleared', epoch, parts });
  }

  setMuted(): void {}

  setEcho(_mode: EchoMode): void {}

  async close(): Promise<void> {
    this.forget();
  }

  private count(part: PartKey, samples: number): void {
    if (!Number.isFinite(samples) || samples <= 0) return;
    const key = `${part.contentIndex}/${part.itemId}`;
    const due = (this.rests.get(key) ?? 0) + samples;
    // A report of 0.1 ms ten times is 1 ms, whatever floating point makes of it.
    const whole = Math.floor(due + 1e-6);
    this.rests.set(key, due - whole);
    this.progress.render(part, whole);
    const parts = this.progress.takeChanged();
    if (parts.length > 0) this.onEvent({ type: 'rendered', parts, level: 0 });
    this.tellDrained();
  }

  private tellDrained(): void {
    if (this.progress.positions().length > 0) return;
    this.rests.clear();
    this.onEvent({ type: 'drained' });
  }

  private forget(): void {
    this.progress.clear();
    this.rests.clear();
  }
}
