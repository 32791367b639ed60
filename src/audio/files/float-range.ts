/** Full scale of 16, 24 and 32 bits. */
const scales = [32_768, 8_388_608, 2_147_483_648];
const mostFull = 2_147_483_648;
/** Sound that is only recorded too hot stays below 18 dB over full scale. */
const hottest = 8;
/** So many samples without a fraction are no chance. */
const enoughSamples = 64;

/**
 * Full scale of a float file. It is 1, but programs that convert integers without scaling leave values up to 32768,
 * which would be nothing but clipping.
 */
export class FloatRange {
  private seen = 0;
  private over = 0;
  private peak = 0;
  private whole = true;
  private full = 1;

  /** Scales samples in place, by what was seen so far. */
  apply(samples: Float32Array): void {
    this.look(samples);
    const integers = this.whole && this.seen >= enoughSamples && this.peak > 1;
    // A few wild values are damage, not another scale.
    if (integers || this.over * 4 > Math.max(this.seen, enoughSamples)) {
      const { peak } = this;
      this.full = Math.max(this.full, scales.find((scale) => peak <= scale * 1.25) ?? 1);
    }
    if (this.full === 1) return;
    for (let n = 0; n < samples.length; n += 1) samples[n] = (samples[n] as number) / this.full;
  }

  private look(samples: Float32Array): void {
    for (const sample of samples) {
      const size = Math.abs(sample);
      if (!(size > 0 && size <= mostFull)) continue;
      this.seen += 1;
      if (size > hottest) this.over += 1;
      if (size > this.peak) this.peak = size;
      if (this.whole && !Number.isInteger(sample)) this.whole = false;
    }
  }
}
