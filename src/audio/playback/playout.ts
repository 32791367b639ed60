import type { PartKey } from '../../contract/events.js';
import type { RenderedPart } from '../../contract/inputs.js';
import { Resampler } from '../samples/resample.js';
import { joined } from '../samples/samples.js';
import { JitterBuffer } from './jitter-buffer.js';
import { PartProgress, samePart } from './part-progress.js';
import { PlayQueue } from './play-queue.js';

export interface PlayoutOptions {
  /** The provider's rate in Hz, which is the rate of the input and of all positions. */
  readonly fromHz: number;
  /** The device's rate in Hz, which is the rate of the blocks. */
  readonly toHz: number;
  /**
   * Sound that was pulled and that the device drops at a clear, in milliseconds. 0 for a device that plays whatever it
   * was given: then everything handed over is heard.
   */
  readonly discardedMs?: number | undefined;
  /** Sound beyond this length is dropped, in milliseconds. Default: one hour. */
  readonly maxQueuedMs?: number | undefined;
}

export interface Block {
  /** −1 to 1, at the device's rate; zeros where nothing plays. */
  readonly samples: Float32Array;
  /** It contains sound of an answer. */
  readonly sounding: boolean;
}

/**
 * A stretch of the input, and how many samples of its part it counts for: more than it has, where sound was dropped.
 */
interface Span {
  readonly part: PartKey;
  samples: number;
  counted: number;
}

interface Handed {
  readonly frames: number;
  readonly spans: readonly Span[];
}

/** Long enough to avoid a click, short enough to cut off a word. */
const fadeMs = 10;
const hourMs = 3_600_000;

/**
 * The queue between a provider and a device: takes sound as it arrives, yields blocks as the device needs them, and
 * knows to the sample how much of each part was heard. Pure: no timer, no clock, no device.
 */
export class Playout {
  private readonly fromHz: number;
  private readonly toHz: number;
  private readonly discardedFrames: number;
  private readonly queue: PlayQueue;
  private readonly jitter = new JitterBuffer();
  private readonly progress = new PartProgress();
  private readonly resampler: Resampler;
  /** Resampled and not yet handed over. */
  private ready: Float32Array = new Float32Array(0);
  /**
   * Since the queue last ran dry: input samples resampled, output frames handed over, input samples these contained.
   */
  private converted = 0;
  private handedFrames = 0;
  private passed = 0;
  private spans: Span[] = [];
  /** Handed over, and dropped if the device is cleared now. */
  private held: Handed[] = [];
  private heldFrames = 0;
  /** The fade-out that is still played after a clear. */
  private fade: Float32Array = new Float32Array(0);
  private lastPart: PartKey | undefined;
  private undrained = false;

  constructor(options: PlayoutOptions) {
    this.fromHz = options.fromHz;
    this.toHz = options.toHz;
    this.discardedFrames = Math.round(((options.discardedMs ?? 0) * options.toHz) / 1000);
    this.queue = new PlayQueue(Math.floor(((options.maxQueuedMs ?? hourMs) * options.fromHz) / 1000));
    this.resampler = new Resampler(options.fromHz, options.toHz);
  }

  /** Audible gaps within a part so far. */
  get underruns(): number {
    return this.jitter.underruns;
  }

  /** Sound is waiting or playing. */
  get active(): boolean {
    return !this.queue.empty || this.spans.length > 0 || this.fade.length > 0 || this.holdsSound;
  }

  /** PCM16 mono at the provider's rate, any length. */
  enqueue(part: PartKey, pcm: Uint8Array): void {
    const samples = this.queue.add(part, pcm);
    if (samples === 0) return;
    this.progress.receive(part, samples);
    this.undrained = true;
  }

  /** The part is complete. */
  endPart(part: PartKey): void {
    this.progress.end(part);
  }

  /** The next block for the device. Silence when nothing waits. */
  pull(frames: number): Block {
    const samples = new Float32Array(frames);
    const faded = this.fade.subarray(0, frames);
    samples.set(faded);
    this.fade = this.fade.slice(faded.length);
    let played = faded.length;
    let spans: Span[] = [];
    if (played < frames && this.jitter.mayPlay(this.waiting(), (1000 * frames) / this.toHz)) {
      const sound = this.render(frames - played);
      samples.set(sound.samples, played);
      played += sound.samples.length;
      spans = sound.spans;
      if (played < frames)
        this.jitter.ranDry(this.lastPart !== undefined && this.progress.isOpen(this.lastPart));
    }
    this.hand({ frames, spans });
    return { samples, sounding: played > 0 };
  }

  /**
   * Falls silent: the next blocks hold a short fade-out, then silence until more is enqueued. Returns how much of each
   * part will have been heard by then, in samples at the provider's rate.
   */
  clear(): RenderedPart[] {
    if (this.discardedFrames === 0 && this.jitter.playing) {
      const { samples, spans } = this.render(Math.round((fadeMs * this.toHz) / 1000));
      this.count(spans);
      this.fade = joined(
        this.fade,
        samples.map((sample, n) => sample * (1 - (n + 1) / samples.length)),
      );
    }
    const positions = this.progress.positions();
    this.queue.clear();
    this.progress.clear();
    this.jitter.reset();
    this.resampler.flush();
    this.startRun();
    this.ready = new Float32Array(0);
    this.spans = [];
    this.held = [];
    this.heldFrames = 0;
    this.lastPart = undefined;
    this.undrained = false;
    return positions;
  }

  /** Positions of the parts that moved since the last call. */
  takeRendered(): RenderedPart[] {
    return this.progress.takeChanged();
  }

  /** True once when everything that was enqueued and ended has been rendered. */
  takeDrained(): boolean {
    if (!this.undrained || this.active || this.progress.open) return false;
    this.undrained = false;
    return true;
  }

  private get holdsSound(): boolean {
    return this.held.some(({ spans }) => spans.length > 0);
  }

  private waiting(): { queuedMs: number; open: boolean; continuing: boolean } {
    const next = this.queue.nextPart;
    return {
      queuedMs: this.queue.empty ? 0 : Math.max(1, (1000 * this.queue.samples) / this.fromHz),
      open: this.progress.open,
      continuing: next !== undefined && this.lastPart !== undefined && samePart(next, this.lastPart),
    };
  }

  /** Returns at most `frames` of sound; fewer only when the queue ran dry. */
  private render(frames: number): { samples: Float32Array; spans: Span[] } {
    const wanted = Math.ceil((frames * this.fromHz) / this.toHz) + 1;
    while (this.ready.length < frames) {
      const piece = this.queue.take(wanted);
      if (piece === undefined) break;
      this.lastPart = piece.part;
      const { samples } = piece;
      this.spans.push({
        part: piece.part,
        samples: samples.length,
        counted: samples.length + piece.skippedSamples,
      });
      this.converted += samples.length;
      this.ready = joined(this.ready, this.resampler.process(samples));
    }
    if (this.ready.length < frames) this.ready = joined(this.ready, this.resampler.flush());
    const samples = this.ready.slice(0, frames);
    this.ready = this.ready.slice(samples.length);
    this.handedFrames += samples.length;
    const spans = this.pass(
      Math.min(this.converted, Math.floor((this.handedFrames * this.fromHz) / this.toHz)),
    );
    if (samples.length < frames) this.startRun();
    return { samples, spans };
  }

  /** Advances to `position`, a count of input samples, and returns the spans it passes. */
  private pass(position: number): Span[] {
    const passed: Span[] = [];
    let left = position - this.passed;
    this.passed = position;
    for (
      let span = this.spans[0];
      span !== undefined && (left > 0 || span.samples === 0);
      span = this.spans[0]
    ) {
      const samples = Math.min(left, span.samples);
      const counted = samples === span.samples ? span.counted : samples;
      passed.push({ part: span.part, samples, counted });
      left -= samples;
      span.samples -= samples;
      span.counted -= counted;
      if (span.counted > 0) break;
      this.spans.shift();
    }
    return passed;
  }

  private hand(handed: Handed): void {
    if (this.discardedFrames === 0) {
      this.count(handed.spans);
      return;
    }
    this.held.push(handed);
    this.heldFrames += handed.frames;
    for (
      let oldest = this.held[0];
      oldest !== undefined && this.heldFrames - oldest.frames >= this.discardedFrames;
      oldest = this.held[0]
    ) {
      this.count(oldest.spans);
      this.heldFrames -= oldest.frames;
      this.held.shift();
    }
  }

  private count(spans: readonly Span[]): void {
    for (const { part, counted } of spans) this.progress.render(part, counted);
  }

  private startRun(): void {
    this.converted = 0;
    this.handedFrames = 0;
    this.passed = 0;
  }
}
