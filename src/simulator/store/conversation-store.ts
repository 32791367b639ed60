import { Refusal } from '../core/refusal.js';
import type { Item, MessageItem } from './items.js';
import { SpeechTimeline } from './speech-timeline.js';

/** The server's memory: items in conversation order, and how long the sound of each content part is. */
export class ConversationStore {
  private readonly order: Item[];
  /** The same by id, for fast access. */
  private readonly byId: Map<string, Item>;
  /** Milliseconds of sound per content part. */
  private readonly sound = new WeakMap<Item, Map<number, number>>();
  /** Where the words of spoken answers lie in their sound. */
  private readonly timelines = new WeakMap<Item, SpeechTimeline>();
  /** What was heard of answers that were cut. */
  private readonly heard = new WeakMap<Item, string>();

  constructor(earlier: readonly Item[] = []) {
    this.order = [...earlier];
    this.byId = new Map(earlier.map((item) => [item.id, item]));
  }

  get items(): readonly Item[] {
    return this.order;
  }

  get lastId(): string | null {
    return this.order.at(-1)?.id ?? null;
  }

  /** Whether the assistant has spoken: its voice cannot change after that. */
  get hasSpoken(): boolean {
    return this.order.some((item) => isAssistant(item) && (this.sound.get(item)?.size ?? 0) > 0);
  }

  find(id: string): Item | undefined {
    return this.byId.get(id);
  }

  /**
   * Places an item at the end, or after another one; `'root'` is the beginning.
   * @returns the id of the item before it, null at the beginning.
   * @throws Refusal when the id is taken, the place unknown, or a tool result answers no call.
   */
  insert(item: Item, after?: string | null): string | null {
    if (this.find(item.id) !== undefined) {
      throw new Refusal(
        `Error adding item: an item with the id '${item.id}' already exists in the conversation.`,
        {
          code: 'item_create_duplicate_item_id',
          param: 'item.id',
        },
      );
    }
    if (item.type === 'function_call_output' && !this.hasCall(item.call_id)) {
      throw new Refusal(`Tool call ID '${item.call_id}' not found in conversation.`, {
        code: 'invalid_tool_call_id',
      });
    }
    const place = this.placeAfter(after ?? this.lastId ?? 'root');
    this.order.splice(place, 0, item);
    this.byId.set(item.id, item);
    return this.order[place - 1]?.id ?? null;
  }

  private hasCall(callId: string): boolean {
    return this.order.some((item) => item.type === 'function_call' && item.call_id === callId);
  }

  private placeAfter(id: string): number {
    if (id === 'root') return 0;
    if (id === this.lastId) return this.order.length;
    const index = this.order.findIndex((item) => item.id === id);
    if (index >= 0) return index + 1;
    throw new Refusal(`Error adding item: the previous item with id '${id}' does not exist.`, {
      code: 'item_create_invalid_previous_item_id',
      param: 'previous_item_id',
    });
  }

  /** @throws Refusal when there is no such item. */
  retrieve(id: string): Item {
    const item = this.find(id);
    if (item !== undefined) return item;
    throw unknownItem('retrieving', 'item_retrieve_invalid_item_id', id);
  }

  /** @throws Refusal when there is no such item. */
  delete(id: string): void {
    const index = this.order.findIndex((item) => item.id === id);
    if (index < 0) throw unknownItem('deleting', 'item_delete_invalid_item_id', id);
    this.order.splice(index, 1);
    this.byId.delete(id);
  }

  addSound(item: Item, contentIndex: number, ms: number): void {
    const parts = this.sound.get(item) ?? new Map<number, number>();
    parts.set(contentIndex, (parts.get(contentIndex) ?? 0) + ms);
    this.sound.set(item, parts);
    this.timelines.get(item)?.addSound(ms);
  }

  /** Where the words of a spoken answer lie in its sound. The answer keeps it up to date while it is spoken. */
  timelineOf(item: MessageItem): SpeechTimeline {
    const timeline = this.timelines.get(item) ?? new SpeechTimeline();
    this.timelines.set(item, timeline);
    return timeline;
  }

  /** The words that were heard of an answer that was cut; undefined for any other item. The wire does not show them. */
  heardText(item: Item): string | undefined {
    return this.heard.get(item);
  }

  /** Milliseconds of sound in all parts of an item. */
  soundMs(item: Item): number {
    return [...(this.sound.get(item)?.values() ?? [])].reduce((sum, ms) => sum + ms, 0);
  }

  /**
   * Forgets what the user did not hear. The wire loses the whole transcript, as at the real server.
   * @throws Refusal with the real server's two complaints, or when there is no such item.
   */
  truncate(id: string, contentIndex: number, audioEndMs: number): void {
    const item = this.find(id);
    if (item === undefined) throw unknownItem('truncating', 'item_truncate_invalid_item_id', id);
    const part = isAssistant(item) ? item.content[contentIndex] : undefined;
    const parts = this.sound.get(item);
    const soundMs = Math.floor(parts?.get(contentIndex) ?? 0);
    if (part?.type !== 'output_audio' || parts === undefined || soundMs === 0) {
      throw new Refusal('Only model output audio messages can be truncated', {
        code: 'unsupported_content_type',
      });
    }
    if (audioEndMs > soundMs) {
      throw new Refusal(`Audio content of ${soundMs}ms is already shorter than ${audioEndMs}ms`, {
        code: 'invalid_value',
        param: 'audio_end_ms',
      });
    }
    this.heard.set(item, this.timelines.get(item)?.textUntil(audioEndMs) ?? '');
    parts.set(contentIndex, audioEndMs);
    delete part.transcript;
  }
}

function isAssistant(item: Item): item is MessageItem {
  return item.type === 'message' && item.role === 'assistant';
}

function unknownItem(doing: string, code: string, id: string): Refusal {
  return new Refusal(`Error ${doing} item: the item with id '${id}' does not exist.`, {
    code,
    param: 'item_id',
  });
}
