import { isObject, type JsonObject } from '../../base/json.js';

/** Fields in which servers put the reasoning as text. */
const textFields = ['reasoning_content', 'reasoning', 'thinking', 'reasoning_text'] as const;
/** Fields in which they put it as parts, signed or encrypted. */
const partFields = ['reasoning_details', 'thinking_blocks'] as const;

/** These are pieces of one text; the other fields of a part are about the whole part. */
const growing = ['text', 'thinking', 'summary', 'data', 'signature'];

/** What is kept of one answer's reasoning. Without a limit, a model that goes round in circles fills the memory. */
const mostLetters = 2_000_000;

/**
 * A model's reasoning in fields of its own. It is never spoken; but several servers refuse a call that comes back
 * without it.
 */
export class ChatReasoning {
  private readonly texts = new Map<string, string>();
  private readonly parts = new Map<string, JsonObject[]>();
  private letters = 0;
  /** There was some. */
  found = false;

  /** Reads a delta, or a whole message. */
  take(delta: JsonObject): void {
    for (const key of textFields) {
      const text = delta[key];
      if (typeof text !== 'string' || text === '' || !this.grow(text)) continue;
      this.texts.set(key, (this.texts.get(key) ?? '') + text);
    }
    for (const key of partFields) {
      const value = delta[key];
      if (Array.isArray(value)) for (const part of value) if (isObject(part)) this.addPart(key, part);
    }
  }

  /** The fields of the message that carries the calls. */
  get fields(): JsonObject {
    return Object.fromEntries([...this.texts, ...this.parts]);
  }

  private addPart(key: string, part: JsonObject): void {
    if (!this.grow(JSON.stringify(part))) return;
    const parts = this.parts.get(key) ?? [];
    this.parts.set(key, parts);
    const last = parts.at(-1);
    if (last === undefined || last.type !== part.type || last.index !== part.index) {
      parts.push(part);
      return;
    }
    const merged: Record<string, unknown> = { ...last };
    for (const [name, value] of Object.entries(part)) {
      const before = merged[name];
      if (value === null || value === undefined) continue;
      const goesOn = growing.includes(name) && typeof before === 'string' && typeof value === 'string';
      merged[name] = goesOn ? before + value : value;
    }
    parts.splice(-1, 1, merged);
  }

  private grow(text: string): boolean {
    this.found = true;
    this.letters += text.length;
    return this.letters <= mostLetters;
  }
}
