import { Resampler } from '../samples/resample.js';
import type { VadEvent, VadOptions } from './energy-vad.js';
import { type SileroNetwork, type SileroStream, sileroRateHz, sileroWindow } from './silero.js';
import type { TurnDetector } from './turn-detector.js';

/** The network decides one window late, both at the beginning and at the end of speech. */
const lagWindows = 1;

/**
 * Finds turns by the network's decisions, one per 32 ms. It tells voices from noise, music and keyboards. The settings
 * mean the same as for the detector by energy.
 */
export class SileroDetector implements TurnDetector {
  private readonly stream: SileroStream;
  private readonly resampler: Resampler;
  private readonly rateHz: number;
  private readonly silenceWindows: number;
  private readonly onsetWindows: number;
  private readonly paddingSamples: number;
  private readonly window = new Float32Array(sileroWindow);
  private filled = 0;
  /** Whole windows heard. */
  private windows = 0;
  private position = 0;
  /** Windows of speech in a row. */
  private run = 0;
  private onsetSample = 0;
  private lastSpeechSample = 0;
  private lastStopSample = 0;
  private quietWindows = 0;
  private turnOpen = false;

  constructor(network: SileroNetwork, options: VadOptions) {
    const { rateHz, threshold = 0.5, silenceMs = 500, prefixPaddingMs = 300, minSpeechMs = 120 } = options;
    this.stream = network(threshold);
    this.resampler = new Resampler(rateHz, sileroRateHz);
    this.rateHz = rateHz;
    const windowMs = (sileroWindow * 1000) / sileroRateHz;
    this.silenceWindows = Math.max(1, Math.ceil(silenceMs / windowMs));
    this.onsetWindows = Math.max(1, Math.ceil(minSpeechMs / windowMs));
    this.paddingSamples = Math.round((prefixPaddingMs * rateHz) / 1000);
  }

  get speaking(): boolean {
    return this.turnOpen;
  }

  push(samples: Int16Array): VadEvent[] {
    this.position += samples.length;
    const events: VadEvent[] = [];
    const sound = this.resampler.process(Float32Array.from(samples, (sample) => sample / 32_768));
    for (const value of sound) {
      this.window[this.filled] = value;
      this.filled += 1;
      if (this.filled < sileroWindow) continue;
      this.filled = 0;
      this.windows += 1;
      const event = this.decide(this.stream.hear(this.window.slice()));
      if (event !== undefined) events.push(event);
    }
    return events;
  }

  flush(): VadEvent[] {
    return this.turnOpen ? [this.stop(this.position)] : [];
  }

  reset(): void {
    this.turnOpen = false;
    this.run = 0;
    this.lastStopSample = this.position;
    this.stream.reset();
  }

  private decide(speech: boolean): VadEvent | undefined {
    return this.turnOpen ? this.listenForEnd(speech) : this.listenForStart(speech);
  }

  private listenForStart(speech: boolean): VadEvent | undefined {
    if (!speech) {
      this.run = 0;
      return undefined;
    }
    if (this.run === 0) this.onsetSample = this.sampleAt(this.windows - 1 - lagWindows);
    this.run += 1;
    if (this.run < this.onsetWindows) return undefined;
    this.turnOpen = true;
    this.run = 0;
    this.quietWindows = 0;
    this.lastSpeechSample = this.sampleAt(this.windows);
    const sample = Math.max(this.onsetSample - this.paddingSamples, this.lastStopSample);
    return { type: 'start', sample, speechSample: Math.max(this.onsetSample, this.lastStopSample) };
  }

  private listenForEnd(speech: boolean): VadEvent | undefined {
    if (speech) {
      this.quietWindows = 0;
      this.lastSpeechSample = this.sampleAt(this.windows - lagWindows);
      return undefined;
    }
    this.quietWindows += 1;
    if (this.quietWindows + lagWindows < this.silenceWindows) return undefined;
    return this.stop(this.sampleAt(this.windows));
  }

  private stop(sample: number): VadEvent {
    this.turnOpen = false;
    this.run = 0;
    this.lastStopSample = sample;
    return { type: 'stop', sample, speechSample: Math.min(sample, this.lastSpeechSample) };
  }

  /** Where a window begins, in samples of the input. */
  private sampleAt(window: number): number {
    const sample = Math.round((Math.max(0, window) * sileroWindow * this.rateHz) / sileroRateHz);
    return Math.min(sample, this.position);
  }
}
