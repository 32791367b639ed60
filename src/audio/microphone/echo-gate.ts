import type { EchoMode } from '../../contract/sound-options.js';

/**
 * The longest way of a sound from the device's queue through loudspeaker and room to the microphone, Bluetooth
 * included.
 */
const windowMs = 600;
/** Half-duplex keeps the microphone closed for this long after the last sound was handed over. */
const tailMs = 250;
/** Speech is at least this loud (−46 dBFS); room noise is quieter. */
const floorRms = 0.005;
/** Rendered sound quieter than this says nothing about the echo (−40 dBFS). */
const audibleRms = 0.01;
/** Echo gain that is assumed until enough frames were measured: louder than any real echo. */
const cautiousGain = 1.2;
/** However quiet the echo has been, speech must be this loud compared with what is rendered. */
const leastGain = 0.05;
/** Speech has to be this much louder than the echo usually is (6 dB). */
const margin = 2;
/** Frames whose loudness is remembered (3 s), and how many of them allow an estimate (0.5 s). */
const memoryFrames = 150;
const estimateFrames = 25;
/** The usual echo is louder than this share of the remembered frames. */
const quantile = 0.9;
/** A single loud frame is a click; two are speech. */
const framesToOpen = 2;
/** A gap between two syllables does not close the gate. */
const hangoverMs = 300;
/** An interruption stops our own sound within this time; what stays loud for longer is our own sound. */
const interruptionMs = 1000;

interface Rendered {
  readonly rms: number;
  readonly atMs: number;
}

/**
 * Keeps the assistant from hearing itself. The caller replaces refused frames by zeros, so that the provider's clock
 * keeps running. `gate` compares each frame with what was rendered shortly before, and learns from the frames of the
 * last seconds how loud the echo is: hardly audible with headphones, loud with a laptop's speakers. Pure: time is an
 * argument. The 40 ms that are refused before the gate opens are not sent afterwards: that would shift the clock.
 */
export class EchoGate {
  private currentMode: EchoMode;
  private rendered: Rendered[] = [];
  private ratios: number[] = [];
  private loudInARow = 0;
  private openedMs = Number.NEGATIVE_INFINITY;
  private openUntilMs = Number.NEGATIVE_INFINITY;
  private soundedMs = Number.NEGATIVE_INFINITY;

  constructor(mode: EchoMode) {
    this.currentMode = mode;
  }

  set mode(mode: EchoMode) {
    this.currentMode = mode;
    this.loudInARow = 0;
    this.openUntilMs = Number.NEGATIVE_INFINITY;
  }

  get mode(): EchoMode {
    return this.currentMode;
  }

  /** A block with a piece of an answer in it was handed to the device; its level. */
  render(rms: number, nowMs: number): void {
    this.soundedMs = nowMs;
    this.rendered.push({ rms, atMs: nowMs });
    this.forget(nowMs);
  }

  /** Whether a microphone frame of this level may pass. Ask once per frame. */
  passes(rms: number, nowMs: number): boolean {
    switch (this.currentMode) {
      case 'off':
        return true;
      case 'half-duplex':
        return nowMs - this.soundedMs > tailMs;
      case 'gate':
        return this.gate(rms, nowMs);
    }
  }

  private gate(rms: number, nowMs: number): boolean {
    this.forget(nowMs);
    if (this.rendered.length === 0) {
      this.loudInARow = 0;
      return true;
    }
    const reference = Math.max(...this.rendered.map((block) => block.rms));
    const loud = rms > this.gain() * reference + floorRms;
    const open = nowMs <= this.openUntilMs;
    if (reference > audibleRms && (!open || nowMs - this.openedMs > interruptionMs))
      this.learn(rms / reference);
    this.loudInARow = loud ? this.loudInARow + 1 : 0;
    if (this.loudInARow < framesToOpen) return open;
    if (!open) this.openedMs = nowMs;
    this.openUntilMs = nowMs + hangoverMs;
    return true;
  }

  /** How much louder than the rendered sound a frame has to be. */
  private gain(): number {
    if (this.ratios.length < estimateFrames) return cautiousGain;
    const sorted = [...this.ratios].sort((a, b) => a - b);
    const usual = sorted[Math.floor(quantile * (sorted.length - 1))] ?? cautiousGain;
    return Math.max(leastGain, margin * usual);
  }

  private learn(ratio: number): void {
    this.ratios.push(ratio);
    if (this.ratios.length > memoryFrames) this.ratios.shift();
  }

  private forget(nowMs: number): void {
    const kept = this.rendered.findIndex(({ atMs }) => nowMs - atMs <= windowMs);
    this.rendered = kept === -1 ? [] : this.rendered.slice(kept);
  }
}
