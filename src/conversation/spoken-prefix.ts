const words = new Intl.Segmenter(undefined, { granularity: 'word' });

/**
 * The part of `text` that was heard when `heard` of `received` samples were rendered: whole words only, estimated
 * by the share of the sound. Providers send no word timings, and speech is even enough that the estimate is right to a
 * word or two; cutting on the low side keeps history from claiming more than was heard.
 */
export function spokenPrefix(text: string, heard: number, received: number): string {
  if (heard <= 0 || received <= 0) return '';
  if (heard >= received) return text;
  const limit = (text.length * heard) / received;
  let end = 0;
  for (const { index, segment } of words.segment(text)) {
    if (index + segment.length > limit) break;
    end = index + segment.length;
  }
  return text.slice(0, end).trimEnd();
}
