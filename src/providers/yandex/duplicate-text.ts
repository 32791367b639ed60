import type { JsonObject } from '../../base/json.js';

/** The text of an answer under either of its names. */
const names: ReadonlyMap<unknown, 'text' | 'transcript'> = new Map([
  ['response.output_text.delta', 'text'],
  ['response.output_text.done', 'text'],
  ['response.output_audio_transcript.delta', 'transcript'],
  ['response.output_audio_transcript.done', 'transcript'],
]);

/** Answers hold a handful of items; a server that never begins another must not fill the memory. */
const mostItems = 64;

/**
 * The words of an answer come as its text, as the transcript of its sound, or as both. Of an item only the first kind
 * counts, so that nothing is written twice.
 */
export class DuplicateText {
  private readonly kinds = new Map<unknown, 'text' | 'transcript'>();

  /** False for what repeats the words in the other kind. */
  counts(frame: JsonObject): boolean {
    const kind = names.get(frame.type);
    if (kind === undefined) return true;
    const first = this.kinds.get(frame.item_id) ?? kind;
    this.kinds.set(frame.item_id, first);
    const [oldest] = this.kinds.keys();
    if (this.kinds.size > mostItems) this.kinds.delete(oldest);
    return first === kind;
  }

  /** A response begins: no item of an earlier one says anything more. */
  forget(): void {
    this.kinds.clear();
  }
}
