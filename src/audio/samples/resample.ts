/**
 * Zero crossings of the sinc on each side. With the window below: stop band at −90 dB, flat up to 0.82 of the lower
 * Nyquist frequency (8 kHz of telephone sound loses what is above 3.3 kHz, 24 kHz what is above 9.8 kHz).
 */
const zeroCrossings = 32;
/** Kaiser's shape parameter: about 90 dB between the signal and its aliases. */
const kaiserBeta = 9;
/** Half amplitude in the middle of the transition, so that the stop band begins at the Nyquist frequency. */
const cutoff = 0.91;

/**
 * Streaming conversion between two sample rates: polyphase windowed sinc, no delay (output sample n stands at time n /
 * toHz of the input). Every output sample is the same sum over the same input samples, so the result is bit-identical
 * however the input is cut into chunks.
 */
export class Resampler {
  private readonly up: number;
  private readonly down: number;
  /** Input samples on each side of the centre that contribute to one output sample. */
  private readonly reach: number;
  private readonly scale: number;
  private readonly phases = new Map<number, Float32Array>();
  /** Input that is still needed; the next output sample is at `centre` in it, plus `phase` / `up`. */
  private held: Float32Array;
  private centre: number;
  private phase = 0;

  /** Rates in Hz, whole numbers above 0. */
  constructor(fromHz: number, toHz: number) {
    for (const rate of [fromHz, toHz]) {
      if (!Number.isSafeInteger(rate) || rate <= 0)
        throw new RangeError(`${rate} is not a sample rate in Hz`);
    }
    const divisor = greatestCommonDivisor(fromHz, toHz);
    this.up = toHz / divisor;
    this.down = fromHz / divisor;
    this.scale = Math.min(1, this.up / this.down) * cutoff;
    this.reach = Math.ceil(zeroCrossings / this.scale);
    this.held = new Float32Array(this.reach);
    this.centre = this.reach;
  }

  /** Returns all output samples that the input so far determines. */
  process(samples: Float32Array): Float32Array {
    if (this.up === this.down) return samples.slice();
    const input = new Float32Array(this.held.length + samples.length);
    input.set(this.held);
    input.set(samples, this.held.length);
    const output = this.produce(input, input.length - this.reach);
    const past = Math.max(0, Math.min(this.centre - this.reach, input.length));
    this.held = input.slice(past);
    this.centre -= past;
    return output;
  }

  /**
   * The end of the sound: returns the rest, so that there are ceil(input × toHz / fromHz) samples in all, and starts
   * over.
   */
  flush(): Float32Array {
    if (this.up === this.down) return new Float32Array(0);
    const input = new Float32Array(this.held.length + this.reach);
    input.set(this.held);
    const output = this.produce(input, this.held.length);
    this.held = new Float32Array(this.reach);
    this.centre = this.reach;
    this.phase = 0;
    return output;
  }

  /** Output samples whose place lies before `end`, an index of `input`. */
  private produce(input: Float32Array, end: number): Float32Array {
    const room = Math.ceil(((end - this.centre) * this.up - this.phase) / this.down);
    const output = new Float32Array(Math.max(0, room));
    for (let n = 0; n < output.length; n += 1) {
      const weights = this.weights(this.phase);
      const first = this.centre - this.reach + 1;
      let sum = 0;
      for (let tap = 0; tap < weights.length; tap += 1) {
        sum += (weights[tap] as number) * (input[first + tap] as number);
      }
      output[n] = sum;
      this.phase += this.down;
      this.centre += Math.floor(this.phase / this.up);
      this.phase %= this.up;
    }
    return output;
  }

  /** Computed on first use: odd pairs of rates have tens of thousands of phases, and short sounds need few of them. */
  private weights(phase: number): Float32Array {
    const known = this.phases.get(phase);
    if (known !== undefined) return known;
    const weights = new Float32Array(2 * this.reach);
    let sum = 0;
    for (let tap = 0; tap < weights.length; tap += 1) {
      const distance = tap - this.reach + 1 - phase / this.up;
      const weight = sinc(distance * this.scale) * kaiser(distance / this.reach);
      weights[tap] = weight;
      sum += weight;
    }
    // Each phase must pass a constant unchanged; differences between phases would be heard as a whistle.
    for (let tap = 0; tap < weights.length; tap += 1) weights[tap] = (weights[tap] as number) / sum;
    this.phases.set(phase, weights);
    return weights;
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : bessel(kaiserBeta * Math.sqrt(1 - x * x)) / bessel(kaiserBeta);
}

/** The modified Bessel function of order 0, by its power series. */
function bessel(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
