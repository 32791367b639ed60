import { type JsonObject, requireText } from '../../base/json.js';

/** Items whose words may still stand before those of the next one. */
const remembered = 4;

/**
 * The transcript of a turn sometimes begins with the words of the turn before. They are taken off, so that nothing is said
 * twice.
 */
export class CarriedOverWords {
  /** As the server sent them, the latest item last. */
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

/** "Yes" begins many answers: only a whole sentence, or as much as one, is taken for words of the turn before. */
function isTelling(words: string): boolean {
  return words.length >= 12 || /[.!?…]$/.test(words);
}

/** Another word follows, behind a space. */
function goesOn(rest: string): boolean {
  const between = rest.search(/[\p{L}\p{N}]/u);
  return between > 0 && /\s/.test(rest.slice(0, between));
}

function without(transcript: string, earlier: readonly string[]): string {
  const prefix = earlier
    .filter((words) => isTelling(words) && transcript.startsWith(words))
    // A word that merely begins alike is another word, and people do say the same thing twice.
    .filter((words) => goesOn(transcript.slice(words.length)))
    .reduce((longest, words) => (words.length > longest.length ? words : longest), '');
  return prefix === '' ? transcript : transcript.slice(prefix.length).replace(/^[^\p{L}\p{N}]+/u, '');
}
