import { samplesOf } from '../audio/samples/pcm16.js';
import { rms } from '../audio/samples/samples.js';
import type { Sound, SoundEvent } from '../audio/sound.js';
import type { PartKey } from '../contract/events.js';
import type { RenderedPart } from '../contract/inputs.js';
import type { EchoMode } from '../contract/sound-options.js';
import { Changes } from './changes.js';

export interface FakeSoundOptions {
  /** Sample rates of the sound for `hear` and for `play`, in Hz: those of the provider's profile. Default 24,000. */
  readonly inputRateHz?: number | undefined;
  readonly outputRateHz?: number | undefined;
  /** How long `queued` waits, in milliseconds. Default 5000. */
  readonly timeoutMs?: number | undefined;
}

interface Queued {
  readonly part: PartKey;
  pcm: Uint8Array;
}

const frameMs = 20;

/**
 * A microphone and a speaker that a test controls: nothing is played until `render` is called, and the microphone
 * delivers what `hear` is given. An answer is therefore interrupted at the same sample every time.
 */
export class FakeSound implements Sound {
  readonly backend = 'fake';
  readonly inputName = 'fake microphone';
  readonly outputName = 'fake speaker';
  onEvent: (event: SoundEvent) => void = () => {};
  /** What the session requested last. */
  muted = false;
  echo: EchoMode | undefined;
  closed = false;
  private readonly inputRateHz: number;
  private readonly outputRateHz: number;
  private readonly timeoutMs: number;
  private queue: Queued[] = [];
  private readonly positions = new Map<string, { part: PartKey; samples: number }>();
  private readonly changes = new Changes();
  private heard: Uint8Array[] = [];
  private rest: Uint8Array = new Uint8Array();

  constructor({ inputRateHz = 24_000, outputRateHz = 24_000, timeoutMs = 5000 }: FakeSoundOptions = {}) {
    this.inputRateHz = inputRateHz;
    this.outputRateHz = outputRateHz;
    this.timeoutMs = timeoutMs;
  }

  /** Sound that has arrived and has not been rendered. */
  get queuedMs(): number {
    return this.msOf(this.queue.reduce((bytes, { pcm }) => bytes + pcm.byteLength, 0));
  }

  /** Everything that was rendered, PCM16 mono. */
  get rendered(): Uint8Array {
    return Buffer.concat(this.heard);
  }

  /** Resolves when this much sound waits to be rendered. @throws Error if it does not arrive in time. */
  async queued(ms: number): Promise<void> {
    await this.changes.until(
      () => (this.queuedMs >= ms ? true : undefined),
      this.timeoutMs,
      () => `${ms} ms of sound did not come within ${this.timeoutMs} ms: ${this.queuedMs} ms are queued.`,
    );
  }

  /** Plays this much of the queued sound. Default: all of it. */
  render(ms: number = Number.POSITIVE_INFINITY): void {
    let left = Math.round((ms * this.outputRateHz) / 1000) * 2;
    let done = false;
    for (let head = this.queue[0]; head !== undefined && left > 0; head = this.queue[0]) {
      const piece = head.pcm.subarray(0, left);
      head.pcm = head.pcm.subarray(piece.byteLength);
      left -= piece.byteLength;
      this.count(head.part, piece);
      if (head.pcm.byteLength === 0) this.queue.shift();
      done = true;
    }
    if (done) this.onEvent({ type: 'rendered', parts: this.parts(), level: 0 });
    if (done && this.queue.length === 0) this.onEvent({ type: 'drained' });
  }

  /**
   * Delivers this from the microphone: PCM16 mono at the input rate. A remainder shorter than a frame waits for the
   * next call.
   */
  hear(pcm: Uint8Array): void {
    const frameBytes = Math.round((this.inputRateHz * frameMs) / 1000) * 2;
    const all = Buffer.concat([this.rest, pcm]);
    let at = 0;
    for (; at + frameBytes <= all.byteLength; at += frameBytes) {
      const audio = this.muted
        ? new Uint8Array(frameBytes)
        : new Uint8Array(all.subarray(at, at + frameBytes));
      this.onEvent({ type: 'frame', audio, level: rms(samplesOf(audio)) });
    }
    this.rest = new Uint8Array(all.subarray(at));
  }

  play(part: PartKey, pcm: Uint8Array): void {
    this.queue.push({ part, pcm });
    this.changes.happened();
  }

  endPart(): void {}

  clear(epoch: number): void {
    this.queue = [];
    const parts = this.parts();
    this.positions.clear();
    this.onEvent({ type: 'cleared', epoch, parts });
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
  }

  setEcho(mode: EchoMode): void {
    this.echo = mode;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.queue = [];
  }

  private count(part: PartKey, piece: Uint8Array): void {
    const key = `${part.contentIndex}/${part.itemId}`;
    const known = this.positions.get(key) ?? { part, samples: 0 };
    known.samples += piece.byteLength >> 1;
    this.positions.set(key, known);
    this.heard.push(piece);
  }

  private parts(): RenderedPart[] {
    return [...this.positions.values()].map(({ part: { itemId, contentIndex }, samples }) => {
      return { itemId, contentIndex, samples };
    });
  }

  private msOf(bytes: number): number {
    return (bytes / 2 / this.outputRateHz) * 1000;
  }
}
