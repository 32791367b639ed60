import type { JsonObject } from '../../base/json.js';

/** Kinds of text by event name. */
const names: ReadonlyMap<unknown, 'text' | 'transcript'> = new Map([
  ['response.output_text.delta', 'text'],
  ['response.output_text.done', 'text'],
  ['response.output_audio_transcript.delta', 'transcript'],
  ['response.output_audio_transcript.done', 'transcript'],
]);

/** Responses have a few items; limits memory if a server never starts another response. */
const mostItems = 64;

/**
 * Filters repeated text. The words of an answer come as text, as the transcript of its audio, or as both; only the
 * first kind of each item counts.
 */
export class DuplicateText {
  private readonly kinds = new Map<unknown, 'text' | 'transcript'>();

  /** False for a frame that repeats text in the other kind. */
  counts(frame: JsonObject): boolean {
    const kind = names.get(frame.type);
    if (kind === undefined) return true;
    const first = this.kinds.get(frame.item_id) ?? kind;
    this.kinds.set(frame.item_id, first);
    const [oldest] = this.kinds.keys();
    if (this.kinds.size > mostItems) this.kinds.delete(oldest);
    return first === kind;
  }

  /** A response starts: no more text comes for items of earlier ones. */
  forget(): void {
    this.kinds.clear();
  }
}
