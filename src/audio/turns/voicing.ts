const analysisHz = 8000;
/** Enough for the pitch of every voice; its higher formants only disturb. */
const cutoffHz = 1000;
/** Two periods of the lowest voice. */
const windowSamples = 320;
/** Periods of the lowest and the highest voice: 70 and 500 Hz. */
const longestLag = 114;
const shortestLag = 16;

export interface Periodicity {
  /** 0 to 1: correlation with the sound one period earlier; 0 when the period is not a voice's. */
  readonly strength: number;
  readonly hz: number;
}

const silent: Periodicity = { strength: 0, hz: 0 };

/**
 * How periodic the latest sound is, as voices are: their vocal cords open 70 to 500 times a second. Wind, water, fans,
 * traffic, doors and keyboards are not periodic, or much faster.
 */
export class Voicing {
  private readonly step: number;
  private readonly lowPass: LowPass;
  private readonly held = new Float32Array(windowSamples + longestLag);
  private at = 0;
  private phase = 0;
  private previous = 0;

  constructor(rateHz: number) {
    this.step = analysisHz / rateHz;
    this.lowPass = new LowPass(Math.min(cutoffHz, rateHz * 0.45), rateHz);
  }

  add(sample: number): void {
    const filtered = this.lowPass.filter(sample);
    this.phase += this.step;
    // At a rate below the analysis rate some samples stand for two.
    while (this.phase >= 1) {
      this.phase -= 1;
      const back = this.phase / this.step;
      this.held[this.at] = filtered + (this.previous - filtered) * Math.min(1, back);
      this.at = (this.at + 1) % this.held.length;
    }
    this.previous = filtered;
  }

  /** The last 40 ms. */
  measure(): Periodicity {
    const correlations = this.correlate(this.ordered());
    // The first lags resemble each other in any sound.
    let lag = 1;
    while (lag < longestLag && (correlations[lag] ?? 0) > 0.3) lag += 1;
    let short = 0;
    let strength = 0;
    let period = 0;
    for (; lag < shortestLag; lag += 1) short = Math.max(short, correlations[lag] ?? 0);
    for (; lag <= longestLag; lag += 1) {
      const value = correlations[lag] ?? 0;
      if (value > strength) {
        strength = value;
        period = lag;
      }
    }
    return short >= strength ? silent : { strength, hz: analysisHz / this.refined(correlations, period) };
  }

  /** The place of the peak between samples. */
  private refined(correlations: Float32Array, period: number): number {
    const before = correlations[period - 1] ?? 0;
    const at = correlations[period] ?? 0;
    const after = correlations[period + 1] ?? 0;
    const curve = before - 2 * at + after;
    return curve >= 0 || after === 0 ? period : period + (before - after) / 2 / curve;
  }

  private ordered(): Float32Array {
    const { held, at } = this;
    const sound = new Float32Array(held.length);
    sound.set(held.subarray(at));
    sound.set(held.subarray(0, at), held.length - at);
    return sound;
  }

  /** Normalized, by lag. */
  private correlate(sound: Float32Array): Float32Array {
    const begin = longestLag;
    let energy = 1e-9;
    for (let n = begin; n < sound.length; n += 1) energy += (sound[n] as number) ** 2;
    let shifted = energy;
    const correlations = new Float32Array(longestLag + 1);
    correlations[0] = 1;
    for (let lag = 1; lag <= longestLag; lag += 1) {
      let sum = 0;
      for (let n = begin; n < sound.length; n += 1) sum += (sound[n] as number) * (sound[n - lag] as number);
      shifted += (sound[begin - lag] as number) ** 2 - (sound[sound.length - lag] as number) ** 2;
      correlations[lag] = sum / Math.sqrt(energy * Math.max(shifted, 1e-9));
    }
    return correlations;
  }
}

/** Second-order Butterworth, twice, and a high-pass against hum and thumps. */
class LowPass {
  private readonly stages: readonly Biquad[];

  constructor(hz: number, rateHz: number) {
    this.stages = [lowPass(hz, rateHz), lowPass(hz, rateHz), highPass(120, rateHz)];
  }

  filter(sample: number): number {
    let value = sample;
    for (const stage of this.stages) value = stage.filter(value);
    return value;
  }
}

class Biquad {
  private z1 = 0;
  private z2 = 0;

  constructor(
    private readonly b: readonly [number, number, number],
    private readonly a: readonly [number, number],
  ) {}

  filter(x: number): number {
    const y = this.b[0] * x + this.z1;
    this.z1 = this.b[1] * x - this.a[0] * y + this.z2;
    this.z2 = this.b[2] * x - this.a[1] * y;
    return y;
  }
}

function lowPass(hz: number, rateHz: number): Biquad {
  const { cos, alpha, a0 } = angles(hz, rateHz);
  const half = (1 - cos) / 2 / a0;
  return new Biquad([half, 2 * half, half], [(-2 * cos) / a0, (1 - alpha) / a0]);
}

function highPass(hz: number, rateHz: number): Biquad {
  const { cos, alpha, a0 } = angles(hz, rateHz);
  const half = (1 + cos) / 2 / a0;
  return new Biquad([half, -2 * half, half], [(-2 * cos) / a0, (1 - alpha) / a0]);
}

function angles(hz: number, rateHz: number): { cos: number; alpha: number; a0: number } {
  const angle = (2 * Math.PI * hz) / rateHz;
  const alpha = Math.sin(angle) / Math.SQRT2;
  return { cos: Math.cos(angle), alpha, a0: 1 + alpha };
}
