/** Samples this close to each other and to zero come from a muted, gated or interrupted microphone. */
const zeroPeak = 0;

/**
 * Level of each full frame in dBFS, without DC offset and rumble below speech. A frame of zeros has the lowest level
 * there is, even right after sound: the filter must not ring into it, because that would look like a very quiet room.
 */
export class FrameMeter {
  private readonly decay: number;
  private previous = 0;
  private filtered = 0;
  private energy = 0;
  private peak = 0;
  private filled = 0;

  constructor(
    rateHz: number,
    private readonly frameSamples: number,
  ) {
    // First-order high-pass at 100 Hz.
    this.decay = Math.exp((-2 * Math.PI * 100) / rateHz);
  }

  /** The level of the frame that this sample completes. */
  add(sample: number): number | undefined {
    this.filtered = this.decay * (this.filtered + sample - this.previous);
    this.previous = sample;
    this.energy += this.filtered * this.filtered;
    this.peak = Math.max(this.peak, Math.abs(sample));
    this.filled += 1;
    if (this.filled < this.frameSamples) return undefined;
    const silent = this.peak <= zeroPeak;
    const power = silent ? 0 : this.energy / this.filled / 32_768 ** 2;
    if (silent) this.filtered = 0;
    this.energy = 0;
    this.peak = 0;
    this.filled = 0;
    return 10 * Math.log10(power + 1e-12);
  }
}
