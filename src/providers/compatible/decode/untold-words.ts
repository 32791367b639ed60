import { isObject, type JsonObject, optionalText } from '../../../base/json.js';
import type { ModelEvent } from '../../../contract/events.js';

interface Part {
  readonly responseId: string;
  readonly itemId: string;
  readonly contentIndex: number;
  readonly wire: JsonObject;
}

/** Answers have a few items and parts; limits memory if a server never ends one. */
const mostItems = 256;

/**
 * Words of an answer that come only with its finished parts, its finished item or the finished response: some servers
 * stream none. Where any word of an item was streamed, its finished form is a repetition.
 */
export class UntoldWords {
  private readonly told = new Set<string>();
  private parts: Part[] = [];

  /** Words of this item were streamed. */
  streamed(itemId: string): void {
    this.told.add(itemId);
    const oldest = this.told.values().next();
    if (this.told.size > mostItems && !oldest.done) this.told.delete(oldest.value);
  }

  partDone(frame: JsonObject): void {
    const { response_id: responseId, item_id: itemId, content_index: index, part: wire } = frame;
    if (typeof responseId !== 'string' || typeof itemId !== 'string' || !isObject(wire)) return;
    if (this.told.has(itemId) || this.parts.length >= mostItems) return;
    this.parts.push({ responseId, itemId, contentIndex: typeof index === 'number' ? index : 0, wire });
  }

  itemDone(responseId: string, item: JsonObject, textIsSpoken: boolean): ModelEvent[] {
    const { id: itemId, content, status } = item;
    // What a stopped answer would have said was not heard.
    if (typeof itemId !== 'string' || status === 'incomplete' || status === 'cancelled') return [];
    const listed = Array.isArray(content) ? content.filter(isObject) : [];
    const parts = listed.map((wire, contentIndex) => ({ responseId, itemId, contentIndex, wire }));
    const known = parts.some(({ wire }) => wordsOf(wire) !== undefined);
    return this.tell(itemId, known ? parts : this.partsOf(itemId), textIsSpoken);
  }

  /** The end of a response, which has the last word on its items. */
  responseDone(responseId: string, output: unknown, textIsSpoken: boolean): ModelEvent[] {
    const items = Array.isArray(output) ? output.filter(isObject) : [];
    const messages = items.filter(({ type }) => type === 'message');
    const events = messages.flatMap((item) => this.itemDone(responseId, item, textIsSpoken));
    const rest = new Set(this.parts.flatMap((part) => (part.responseId === responseId ? [part.itemId] : [])));
    for (const itemId of rest) events.push(...this.tell(itemId, this.partsOf(itemId), textIsSpoken));
    this.parts = this.parts.filter((part) => part.responseId !== responseId);
    return events;
  }

  private partsOf(itemId: string): readonly Part[] {
    return this.parts.filter((part) => part.itemId === itemId);
  }

  private tell(itemId: string, parts: readonly Part[], textIsSpoken: boolean): ModelEvent[] {
    if (this.told.has(itemId)) return [];
    const events = parts.flatMap(({ responseId, contentIndex, wire }): ModelEvent[] => {
      const text = wordsOf(wire);
      if (text === undefined) return [];
      const spoken = textIsSpoken || optionalText(wire, 'type')?.includes('audio') === true;
      return [{ type: 'text.done', responseId, itemId, contentIndex, text, spoken }];
    });
    if (events.length > 0) this.streamed(itemId);
    return events;
  }
}

/** Text, the transcript of sound, or the words of a refusal. */
function wordsOf({ text, transcript, refusal }: JsonObject): string | undefined {
  return [text, transcript, refusal].find(
    (words): words is string => typeof words === 'string' && words !== '',
  );
}
