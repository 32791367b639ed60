/** Samples per decision: 32 ms at 16 kHz. */
const blockSamples = 512;
/** Weight of a block's past in the running sums: about half a second. */
const memory = 0.94;
/** Correlation below which two channels cancel each other, and above which they do not any more. */
const opposite = -0.8;
const aligned = -0.3;
/** A channel that never reached this share of the loudest one's energy is not used: −40 dB. */
const quietShare = 1e-4;

/**
 * Mixes channels to one: their mean. A channel in opposite phase is turned round first (a balanced line wired wrongly
 * would cancel to silence), and with more than two channels the silent ones do not count (of 5.1, speech has one).
 */
export class Downmix {
  private readonly energies: Float64Array;
  private readonly loudest: Float64Array;
  private readonly products: Float64Array;
  private readonly signs: Float64Array;
  private readonly weights: Float64Array;
  private reference: number | undefined;
  private seen = 0;

  constructor(private readonly channels: number) {
    this.energies = new Float64Array(channels);
    this.loudest = new Float64Array(channels);
    this.products = new Float64Array(channels);
    this.signs = new Float64Array(channels).fill(1);
    this.weights = new Float64Array(channels).fill(1 / channels);
  }

  /** Channels of equal length, each −1 to 1. */
  mix(planes: readonly Float32Array[]): Float32Array {
    const [first = new Float32Array(0)] = planes;
    if (this.channels === 1) return first;
    const mono = new Float32Array(first.length);
    for (let from = 0; from < mono.length; from += blockSamples) {
      const to = Math.min(from + blockSamples, mono.length);
      this.measure(planes, from, to);
      this.blend(planes, mono, from, to);
    }
    return mono;
  }

  private measure(planes: readonly Float32Array[], from: number, to: number): void {
    const fade = memory ** ((to - from) / blockSamples);
    this.seen += to - from;
    this.reference ??= loudestOf(planes, from, to);
    const reference = this.reference === undefined ? undefined : planes[this.reference];
    for (let channel = 0; channel < this.channels; channel += 1) {
      const plane = planes[channel] as Float32Array;
      let energy = 0;
      let product = 0;
      for (let n = from; n < to; n += 1) {
        const sample = plane[n] as number;
        energy += sample * sample;
        if (reference !== undefined) product += sample * (reference[n] as number);
      }
      const total = (this.energies[channel] as number) * fade + energy;
      this.energies[channel] = total;
      this.products[channel] = (this.products[channel] as number) * fade + product;
      if (total > (this.loudest[channel] as number)) this.loudest[channel] = total;
    }
  }

  /** The weights move evenly to their new values, so that no step is heard. */
  private blend(planes: readonly Float32Array[], mono: Float32Array, from: number, to: number): void {
    const used = this.usedChannels();
    for (let channel = 0; channel < this.channels; channel += 1) {
      const plane = planes[channel] as Float32Array;
      const before = this.weights[channel] as number;
      const after = used.has(channel) ? this.signOf(channel) / used.size : 0;
      this.weights[channel] = after;
      if (before === after) {
        for (let n = from; n < to; n += 1) mono[n] = (mono[n] as number) + (plane[n] as number) * after;
        continue;
      }
      const step = (after - before) / (to - from);
      for (let n = from; n < to; n += 1) {
        mono[n] = (mono[n] as number) + (plane[n] as number) * (before + step * (n - from + 1));
      }
    }
  }

  private usedChannels(): ReadonlySet<number> {
    const all = [...this.loudest.keys()];
    const most = Math.max(...this.loudest);
    if (this.channels === 2 || most === 0) return new Set(all);
    return new Set(all.filter((channel) => (this.loudest[channel] as number) > most * quietShare));
  }

  private signOf(channel: number): number {
    const { reference } = this;
    // A few samples of any two sounds may be opposite.
    if (reference === undefined || channel === reference || this.seen < blockSamples / 2) return 1;
    const energy = (this.energies[channel] as number) * (this.energies[reference] as number);
    const correlation = energy === 0 ? 0 : (this.products[channel] as number) / Math.sqrt(energy);
    if (correlation < opposite) this.signs[channel] = -1;
    else if (correlation > aligned) this.signs[channel] = 1;
    return this.signs[channel] as number;
  }
}

function loudestOf(planes: readonly Float32Array[], from: number, to: number): number | undefined {
  let found: number | undefined;
  let most = 0;
  for (const [channel, plane] of planes.entries()) {
    let energy = 0;
    for (let n = from; n < to; n += 1) energy += (plane[n] as number) ** 2;
    if (energy > most) [found, most] = [channel, energy];
  }
  return found;
}
