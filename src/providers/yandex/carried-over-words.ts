import { type JsonObject, requireText } from '../../base/json.js';

/** Number of items whose words may still appear at the start of the next. */
const remembered = 4;

/** Removes the words of the previous turn from the start of a transcript, where the server sometimes repeats them. */
export class CarriedOverWords {
  /** Transcripts by item as the server sent them, latest last. */
  private readonly sent = new Map<string, string>();

  revise(frame: JsonObject): JsonObject {
    const itemId = requireText(frame, 'item_id');
    const transcript = requireText(frame, 'transcript');
    const earlier = [...this.sent].filter(([id]) => id !== itemId).map(([, words]) => words);
    this.sent.delete(itemId);
    this.sent.set(itemId, transcript);
    const [oldest] = this.sent.keys();
    if (this.sent.size > remembered && oldest !== undefined) this.sent.delete(oldest);
    return { ...frame, transcript: without(transcript, earlier) };
  }
}

/** Only a whole sentence, or text of that length, counts as a repetition: many answers start with "Yes". */
function isLongEnough(words: string): boolean {
  return words.length >= 12 || /[.!?…]$/.test(words);
}

/** Whether another word follows after a space. */
function hasFurtherWord(rest: string): boolean {
  const between = rest.search(/[\p{L}\p{N}]/u);
  return between > 0 && /\s/.test(rest.slice(0, between));
}

function without(transcript: string, earlier: readonly string[]): string {
  const prefix = earlier
    .filter((words) => isLongEnough(words) && transcript.startsWith(words))
    // The match must end at a word boundary, and a turn that only repeats the last one is kept.
    .filter((words) => hasFurtherWord(transcript.slice(words.length)))
    .reduce((longest, words) => (words.length > longest.length ? words : longest), '');
  return prefix === '' ? transcript : transcript.slice(prefix.length).replace(/^[^\p{L}\p{N}]+/u, '');
}
