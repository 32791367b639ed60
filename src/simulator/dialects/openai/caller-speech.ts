const rateHz = 24_000;
const speechMs = 900;
/** Longer than any turn detection waits. */
const silenceMs = 2500;
const quietMs = 300;

/** What a caller says, as PCM16 in base64: a tone that turn detection takes for speech, with silence around it. */
export function callerSpeech(): string {
  const samples = (ms: number): number => (ms * rateHz) / 1000;
  const sound = new Int16Array(samples(quietMs + speechMs + silenceMs));
  const from = samples(quietMs);
  for (let index = 0; index < samples(speechMs); index += 1) {
    const s = index / rateHz;
    // A tone that swells and ebbs like syllables.
    const loudness = 0.6 + 0.4 * Math.sin(2 * Math.PI * 4 * s);
    sound[from + index] = Math.round(9000 * loudness * Math.sin(2 * Math.PI * 220 * s));
  }
  return Buffer.from(sound.buffer).toString('base64');
}
