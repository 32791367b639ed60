/** Rounding to 16 bits gives at most 2; a phase jump gives hundreds. */
const tolerance = 24;
/** Margin at the start and end of a tone, which may be cut anywhere. */
const edgeMs = 20;
/** Breaks closer than this count as one glitch, such as the two ends of a gap. */
const oneGlitchMs = 100;

/**
 * Counts the glitches in a pure tone: gaps, dropped blocks, repeated blocks. Each sample of a sine follows from the two
 * before it; a sample that does not was not part of the tone.
 */
export function countGlitches(samples, { hz, rateHz }) {
  const step = 2 * Math.cos((2 * Math.PI * hz) / rateHz);
  const edge = (edgeMs * rateHz) / 1000;
  let glitches = 0;
  let lastBreak = Number.NEGATIVE_INFINITY;
  for (let n = edge; n < samples.length - edge; n += 1) {
    if (Math.abs(samples[n] - step * samples[n - 1] + samples[n - 2]) <= tolerance) continue;
    if (n - lastBreak > (oneGlitchMs * rateHz) / 1000) glitches += 1;
    lastBreak = n;
  }
  return glitches;
}
