/** What recognisers write for sound without words: `[BLANK_AUDIO]`, `(wind blowing)`, `*music*`, `♪`. */
const notes = /\[[^\]]*\]|\([^)]*\)|\*[^*]*\*|<\|[^|]*\|>|[♪♫]+/gu;

/** A transcript on one line; empty where it contains only notes about the sound. */
export function withoutSoundNotes(transcript: string): string {
  const line = transcript.replaceAll(/\s+/gu, ' ').trim();
  return /[\p{L}\p{N}]/u.test(line.replaceAll(notes, '')) ? line : '';
}
