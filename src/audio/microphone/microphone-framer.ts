import { pcmOf, samplesOf } from '../samples/pcm16.js';
import { Resampler } from '../samples/resample.js';
import { joined, rms } from '../samples/samples.js';
import { DigitalSilence } from './digital-silence.js';
import type { EchoGate } from './echo-gate.js';

/** Length of the frames a provider gets. */
const frameMs = 20;

export interface MicrophoneFrame {
  /** PCM16 mono, 20 ms at the provider's rate; zeros when muted or refused by the echo gate. */
  readonly audio: Uint8Array;
  /** RMS of that audio, 0 to 1. */
  readonly level: number;
}

export interface MicrophoneFramerOptions {
  /** The device's rate and the provider's, in Hz. */
  readonly fromHz: number;
  readonly toHz: number;
  readonly gate: EchoGate;
  readonly muted: boolean;
}

/** Turns what the device delivers, in portions of any size, into frames for a provider. Pure. */
export class MicrophoneFramer {
  private readonly resampler: Resampler;
  private readonly frameSamples: number;
  private readonly gate: EchoGate;
  private readonly silence = new DigitalSilence();
  private isMuted: boolean;
  private rest: Float32Array = new Float32Array(0);
  private silent = false;

  constructor({ fromHz, toHz, gate, muted }: MicrophoneFramerOptions) {
    this.resampler = new Resampler(fromHz, toHz);
    this.frameSamples = Math.round((toHz * frameMs) / 1000);
    this.gate = gate;
    this.isMuted = muted;
  }

  set muted(muted: boolean) {
    this.isMuted = muted;
    this.silence.interrupt();
  }

  /** Takes PCM16 mono at the device's rate. Returns the frames this completes. */
  hear(pcm: Uint8Array, nowMs: number): MicrophoneFrame[] {
    let samples = joined(this.rest, this.resampler.process(samplesOf(pcm)));
    const frames: MicrophoneFrame[] = [];
    while (samples.length >= this.frameSamples) {
      frames.push(this.frame(samples.subarray(0, this.frameSamples), nowMs));
      samples = samples.subarray(this.frameSamples);
    }
    this.rest = samples.slice();
    return frames;
  }

  /** True once, when the device has delivered nothing but zeros for two seconds. */
  takeSilent(): boolean {
    const silent = this.silent;
    this.silent = false;
    return silent;
  }

  private frame(samples: Float32Array, nowMs: number): MicrophoneFrame {
    const level = rms(samples);
    // Ask the gate even when muted: it learns from every frame.
    const passes = this.gate.passes(level, nowMs) && !this.isMuted;
    if (!passes) {
      this.silence.interrupt();
      return { audio: new Uint8Array(2 * samples.length), level: 0 };
    }
    if (this.silence.hear(level, frameMs)) this.silent = true;
    return { audio: pcmOf(samples), level };
  }
}
