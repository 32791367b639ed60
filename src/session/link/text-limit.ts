import type { ModelEvent } from '../../contract/events.js';
import { defaultTextLength } from '../../contract/limits.js';

/** Texts that no server ends must not fill the memory. */
const mostTexts = 1024;

/**
 * Cuts the words of one message. A server may send megabytes of them, and each is kept in the history, shown, written
 * and sent again to the next connection.
 */
export class TextLimit {
  /** Characters so far of texts that arrive in pieces. */
  private readonly sizes = new Map<string, number>();
  private told = false;

  constructor(private readonly longest = defaultTextLength) {}

  /** The event with its words cut, and once an error event that says so. */
  apply(event: ModelEvent): readonly ModelEvent[] {
    const cut = this.cut(event);
    if (cut === event || this.told) return [cut];
    this.told = true;
    return [cut, tooLong(this.longest)];
  }

  private cut(event: ModelEvent): ModelEvent {
    switch (event.type) {
      case 'text.delta':
      case 'text.late':
      case 'user.transcript.delta': {
        const key = `${event.type} ${event.itemId} ${'contentIndex' in event ? event.contentIndex : ''}`;
        const before = this.sizes.get(key) ?? 0;
        this.sizes.set(key, before + event.delta.length);
        const oldest = this.sizes.keys().next();
        if (this.sizes.size > mostTexts && !oldest.done) this.sizes.delete(oldest.value);
        const room = Math.max(0, this.longest - before);
        return event.delta.length <= room ? event : { ...event, delta: copied(event.delta, room) };
      }
      case 'text.done':
        this.sizes.delete(`text.delta ${event.itemId} ${event.contentIndex}`);
        return event.text.length <= this.longest
          ? event
          : { ...event, text: copied(event.text, this.longest) };
      case 'user.transcript.done':
        this.sizes.delete(`user.transcript.delta ${event.itemId} `);
        return event.text.length <= this.longest
          ? event
          : { ...event, text: copied(event.text, this.longest) };
      case 'user.transcript.updated':
        return event.text.length <= this.longest
          ? event
          : { ...event, text: copied(event.text, this.longest) };
      case 'item.added':
      case 'item.done':
      case 'output.item.added':
      case 'output.item.done': {
        const { text } = event.item;
        if (text === undefined || text.length <= this.longest) return event;
        return { ...event, item: { ...event.item, text: copied(text, this.longest) } };
      }
      default:
        return event;
    }
  }
}

/** A slice of a string keeps the whole of it in memory; a copy does not. */
function copied(text: string, length: number): string {
  return Buffer.from(text.slice(0, length)).toString();
}

function tooLong(longest: number): ModelEvent {
  return {
    type: 'error',
    code: 'text.too-long',
    message: `The server sent more than ${longest} characters in one message; the rest of it is left out.`,
    fatal: false,
    source: 'protocol',
  };
}
