import { Resampler } from '../samples/resample.js';
import { type SileroNetwork, type SileroStream, sileroRateHz, sileroWindow } from './silero.js';
import type { TurnDetector } from './turn-detector.js';
import type { VadEvent, VadOptions } from './vad.js';

/** The network decides one window late, at the beginning of speech as at its end. */
const lagWindows = 1;

/**
 * Turns out of the network's decisions, one per 32 ms. It knows voices from noise, music and keyboards; the settings
 * mean what they mean for the detector by energy.
 */
export class SileroDetector implements TurnDetector {
  readonly #stream: SileroStream;
  readonly #resampler: Resampler;
  readonly #rateHz: number;
  readonly #silenceWindows: number;
  readonly #onsetWindows: number;
  readonly #paddingSamples: number;
  readonly #window = new Float32Array(sileroWindow);
  #filled = 0;
  /** Whole windows heard. */
  #windows = 0;
  #position = 0;
  /** Windows of speech in a row. */
  #run = 0;
  #onsetSample = 0;
  #lastSpeechSample = 0;
  #lastStopSample = 0;
  #quietWindows = 0;
  #speaking = false;

  constructor(network: SileroNetwork, options: VadOptions) {
    const { rateHz, threshold = 0.5, silenceMs = 500, prefixPaddingMs = 300, minSpeechMs = 120 } = options;
    this.#stream = network(threshold);
    this.#resampler = new Resampler(rateHz, sileroRateHz);
    this.#rateHz = rateHz;
    const windowMs = (sileroWindow * 1000) / sileroRateHz;
    this.#silenceWindows = Math.max(1, Math.ceil(silenceMs / windowMs));
    this.#onsetWindows = Math.max(1, Math.ceil(minSpeechMs / windowMs));
    this.#paddingSamples = Math.round((prefixPaddingMs * rateHz) / 1000);
  }

  get speaking(): boolean {
    return this.#speaking;
  }

  push(samples: Int16Array): VadEvent[] {
    this.#position += samples.length;
    const events: VadEvent[] = [];
    const sound = this.#resampler.process(Float32Array.from(samples, (sample) => sample / 32_768));
    for (const value of sound) {
      this.#window[this.#filled] = value;
      this.#filled += 1;
      if (this.#filled < sileroWindow) continue;
      this.#filled = 0;
      this.#windows += 1;
      const event = this.#decide(this.#stream.hear(this.#window.slice()));
      if (event !== undefined) events.push(event);
    }
    return events;
  }

  flush(): VadEvent[] {
    return this.#speaking ? [this.#stop(this.#position)] : [];
  }

  reset(): void {
    this.#speaking = false;
    this.#run = 0;
    this.#lastStopSample = this.#position;
    this.#stream.reset();
  }

  #decide(speech: boolean): VadEvent | undefined {
    return this.#speaking ? this.#listenForEnd(speech) : this.#listenForStart(speech);
  }

  #listenForStart(speech: boolean): VadEvent | undefined {
    if (!speech) {
      this.#run = 0;
      return undefined;
    }
    if (this.#run === 0) this.#onsetSample = this.#sampleAt(this.#windows - 1 - lagWindows);
    this.#run += 1;
    if (this.#run < this.#onsetWindows) return undefined;
    this.#speaking = true;
    this.#run = 0;
    this.#quietWindows = 0;
    this.#lastSpeechSample = this.#sampleAt(this.#windows);
    const sample = Math.max(this.#onsetSample - this.#paddingSamples, this.#lastStopSample);
    return { type: 'start', sample, speechSample: Math.max(this.#onsetSample, this.#lastStopSample) };
  }

  #listenForEnd(speech: boolean): VadEvent | undefined {
    if (speech) {
      this.#quietWindows = 0;
      this.#lastSpeechSample = this.#sampleAt(this.#windows - lagWindows);
      return undefined;
    }
    this.#quietWindows += 1;
    if (this.#quietWindows + lagWindows < this.#silenceWindows) return undefined;
    return this.#stop(this.#sampleAt(this.#windows));
  }

  #stop(sample: number): VadEvent {
    this.#speaking = false;
    this.#run = 0;
    this.#lastStopSample = sample;
    return { type: 'stop', sample, speechSample: Math.min(sample, this.#lastSpeechSample) };
  }

  /** Where a window begins, in samples of the input. */
  #sampleAt(window: number): number {
    const sample = Math.round((Math.max(0, window) * sileroWindow * this.#rateHz) / sileroRateHz);
    return Math.min(sample, this.#position);
  }
}
