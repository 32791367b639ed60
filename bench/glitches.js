/** Rounding to 16 bits leaves at most 2; a jump of the phase leaves hundreds. */
const tolerance = 24;
/** What belongs to the beginning and end of a tone: it may be cut anywhere. */
const edgeMs = 20;
/** Breaks nearer than this are one glitch to an ear: the two ends of a gap. */
const oneGlitchMs = 100;

/**
 * Counts what broke a pure tone: gaps, dropped blocks, repeated blocks. Each sample of a sine follows from the two
 * before it, so whatever does not was not in the tone.
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
