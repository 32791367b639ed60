/** What recognisers write for sound without words: `[BLANK_AUDIO]`, `(wind blowing)`, `*music*`, `♪`. */
const notes = /\[[^\]]*\]|\([^)]*\)|\*[^*]*\*|<\|[^|]*\|>|[♪♫]+/gu;

const time = String.raw`(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,:]\d{1,3})?|\d+(?:[.,]\d+)?\s?s?`;
/** `[00:00:00.000 --> 00:00:02.000]`, also of WebVTT and SubRip, whose cues have a number on the line before. */
const spans = new RegExp(
  String.raw`(?:^[^\S\n]*\d+[^\S\n]*\n)?[[(<]?\s*(?:${time})\s*(?:-->|->)\s*(?:${time})\s*[\])>]?[^\S\n]*(?:(?:align|position|line|size):\S*[^\S\n]*)*`,
  'gm',
);
/** `[00:01.20]` at the beginning of a line, `<0.00>` of word timings. */
const times = /^[^\S\n]*\[(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?\]|<\d{1,3}(?:[.:]\d{1,3})+>/gm;
const speakers = /^[^\S\n]*(?:\[SPEAKER[_ ]?\d+\]:?|SPEAKER[_ ]\d+:)/gim;
/**
 * Of Whisper and SenseVoice: `<|startoftranscript|>`, `<|zh|>`, `<|NEUTRAL|>`, `<|0.00|>`; of other tokenizers: `</s>`.
 */
const tokens = /<\|[^|<>]{0,40}\|>|<\/?(?:s|unk|blank|blk|pad|sil|sos|eos|eou|eob)>/gi;
/** Qwen writes the language before the words of each part: `language English<asr_text>Hello`. */
const preambles = /(?:\blanguage\s+[\p{L} ]{2,30})?<\/?asr_text>/gu;
/** SenseVoice draws moods and sounds. */
const pictures = /(?![©®™])\p{Extended_Pictographic}|\uFE0F|\u200D/gu;

/** A transcript on one line, in words only; empty where it contains only notes about the sound. */
export function withoutSoundNotes(transcript: string): string {
  const line = wordsOnly(transcript).replaceAll(/\s+/gu, ' ').trim();
  return /[\p{L}\p{N}]/u.test(line.replaceAll(notes, '')) ? line : '';
}

/** Whether the end of a growing transcript may be part of something that is not words. */
export function isCutNote(text: string): boolean {
  const start = text.trim().toLowerCase();
  return (
    /[[(*<][^\])*>]*$/.test(text) ||
    // Qwen's language, and the numbers and times of subtitles.
    'language'.startsWith(start) ||
    /^language\b[^<]*$/.test(start) ||
    /^[^\S\n]*\d+[\d:.,\s>-]*$/m.test(text)
  );
}

function wordsOnly(transcript: string): string {
  return (
    transcript
      .replace(/^\uFEFF?WEBVTT.*$/m, '')
      .replaceAll(preambles, ' ')
      .replaceAll(spans, ' ')
      .replaceAll(times, '')
      .replaceAll(speakers, '')
      .replaceAll(tokens, ' ')
      .replaceAll(pictures, '')
      // Sentencepiece's space.
      .replaceAll('▁', ' ')
  );
}
