import { lettersIn, type SpeakingPace } from './speaking-pace.js';

const words = new Intl.Segmenter(undefined, { granularity: 'word' });

/** How far a spoken text came. Counts are samples. */
export interface Spoken {
  readonly heard: number;
  readonly received: number;
  /** `received` is all the sound there is for the text. */
  readonly ended: boolean;
}

/**
 * The part of `text` that was heard: whole words only, since providers send no word timings. Once all the sound has
 * arrived the share of it that was rendered is the share of the text, right to a word or two. Before, the text usually
 * runs ahead of the sound by an unknown amount, so that only the voice's pace says how much can have been said. Cutting
 * on the low side keeps history from claiming more than was heard.
 */
export function heardPrefix(text: string, { heard, received, ended }: Spoken, pace: SpeakingPace): string {
  if (heard <= 0 || received <= 0) return '';
  if (ended && heard >= received) return text;
  const share = (lettersIn(text) * Math.min(heard, received)) / received;
  const limit = ended ? share : Math.min(share, pace.lettersIn(heard));
  let said = 0;
  let end = 0;
  for (const { index, segment } of words.segment(text)) {
    said += lettersIn(segment);
    if (said > limit) break;
    end = index + segment.length;
  }
  return text.slice(0, end).trimEnd();
}
