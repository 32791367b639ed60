import type { Sound, SoundEvent } from '../../src/audio/sound.js';
import { VirtualSound } from '../../src/audio/virtual-sound.js';

export interface LivingRoomOptions {
  readonly inputRateHz: number;
  readonly outputRateHz: number;
  /** How much faster than the world the speaker is. Default 1. */
  readonly speakerHaste?: number;
}

const frameMs = 20;
/** The microphone is faster than the world, so that a story does not take as long as it would. */
const haste = 4;

/**
 * A speaker that plays at real time unless told otherwise, and a microphone into which tests speak. The two do not hear
 * each other.
 */
export class LivingRoom implements Sound {
  readonly backend = 'room';
  readonly inputName = 'microphone';
  readonly outputName = 'speaker';
  /** Everything that left the speaker: PCM16. */
  readonly heard: Uint8Array[] = [];
  private readonly speaker: VirtualSound;
  private readonly timer: NodeJS.Timeout;
  private readonly startedMs = performance.now();
  private sentFrames = 0;
  private words: Int16Array = new Int16Array();
  private said: () => void = () => {};

  constructor(private readonly options: LivingRoomOptions) {
    const { speakerHaste = 1 } = options;
    this.speaker = new VirtualSound({
      now: () => performance.now() * speakerHaste,
      outputRateHz: options.outputRateHz,
      pace: 'realtime',
      onRendered: (pcm) => void this.heard.push(pcm.slice()),
    });
    this.timer = setInterval(() => this.listen(), 5);
  }

  get onEvent(): (event: SoundEvent) => void {
    return this.speaker.onEvent;
  }

  set onEvent(listener: (event: SoundEvent) => void) {
    this.speaker.onEvent = listener;
  }

  /** Milliseconds that a listener has heard so far. */
  get heardMs(): number {
    const bytes = this.heard.reduce((sum, { byteLength }) => sum + byteLength, 0);
    return bytes / 2 / (this.options.outputRateHz / 1000);
  }

  /** Loudness of everything heard, 1 = full scale. */
  get rms(): number {
    let energy = 0;
    let samples = 0;
    for (const pcm of this.heard) {
      const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength);
      for (let at = 0; at + 1 < pcm.byteLength; at += 2) {
        energy += (view.getInt16(at, true) / 32_768) ** 2;
        samples += 1;
      }
    }
    return samples === 0 ? 0 : Math.sqrt(energy / samples);
  }

  /** Speaks into the microphone: PCM16 at the input rate. Resolves when the last word is out. */
  say(words: Int16Array): Promise<void> {
    this.words = words;
    return new Promise((resolve) => {
      this.said = resolve;
    });
  }

  play(...args: Parameters<Sound['play']>): void {
    this.speaker.play(...args);
  }

  endPart(): void {}

  clear(epoch: number): void {
    this.speaker.clear(epoch);
  }

  setMuted(): void {}

  setEcho(): void {}

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.speaker.close();
  }

  private listen(): void {
    const due = Math.floor(((performance.now() - this.startedMs) * haste) / frameMs);
    for (; this.sentFrames < due; this.sentFrames += 1) {
      const samples = (this.options.inputRateHz * frameMs) / 1000;
      const frame = new Int16Array(samples);
      frame.set(this.words.subarray(0, samples));
      const spoke = this.words.length > 0;
      this.words = this.words.subarray(samples);
      this.onEvent({ type: 'frame', audio: new Uint8Array(frame.buffer), level: spoke ? 0.3 : 0 });
      if (spoke && this.words.length === 0) this.said();
    }
  }
}
