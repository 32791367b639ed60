import type { ModelEvent, PartKey, ResponseStatus } from '../../../contract/events.js';
import type { Usage } from '../../../contract/usage.js';
import type { Exchange } from '../exchange.js';
import { ReplySound } from './reply-sound.js';

type PartKind = 'sound' | 'text';

interface OpenPart {
  readonly kind: PartKind;
  readonly contentIndex: number;
  text: string;
  soundOver: boolean;
}

interface OpenItem {
  readonly itemId: string;
  readonly parts: OpenPart[];
  /** The last part of each kind: a server may open thousands of them. */
  readonly latest: { sound?: OpenPart; text?: OpenPart };
}

/** How a reply ends. */
export interface ReplyEnd {
  readonly status: ResponseStatus;
  readonly reason?: string | undefined;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
}

/**
 * The model's reply. The server names neither it nor its pieces and does not say when it begins: its first output opens
 * it, an end marker closes it.
 */
export class Reply {
  private item: OpenItem | undefined;
  private readonly sound = new ReplySound();
  /** Words that came before the sound they belong to. */
  private early = '';
  /** The model has said what it had to say for now and goes on thinking. */
  private lingers = false;

  constructor(
    private readonly exchange: Exchange,
    private readonly begins: (events: ModelEvent[]) => void,
  ) {}

  get isOpen(): boolean {
    return this.exchange.openReply !== undefined;
  }

  get isLingering(): boolean {
    return this.lingers;
  }

  get hasEarlyWords(): boolean {
    return this.early !== '';
  }

  open(events: ModelEvent[]): string {
    const { exchange } = this;
    // It was waiting for a tool, or thinking. What comes now, after it was refused, belongs to something else.
    if (exchange.replyRefused && this.item === undefined) this.close(events, { status: 'cancelled' });
    this.lingers = false;
    if (exchange.openReply !== undefined) return exchange.openReply;
    this.begins(events);
    exchange.answerDue = false;
    exchange.textAsked = false;
    exchange.resultSent = false;
    exchange.turnInterrupted = false;
    const responseId = exchange.newId('resp');
    exchange.openReply = responseId;
    events.push({ type: 'response.created', responseId });
    return responseId;
  }

  /** @throws InvalidData for sound that cannot be played. */
  audio(events: ModelEvent[], mimeType: string, base64: string): void {
    const { responseId, key } = this.part(events, 'sound', true);
    const audio = this.sound.decode(key, mimeType, base64);
    if (audio.length > 0) events.push({ type: 'audio.delta', responseId, ...key, audio });
  }

  /** What is being spoken, in words. It may run ahead of the sound, and come late: alone it does not begin a reply. */
  spokenWords(events: ModelEvent[], delta: string): void {
    if (!this.isOpen) this.early += delta;
    else this.words(events, 'sound', delta);
  }

  writtenWords(events: ModelEvent[], delta: string): void {
    this.words(events, 'text', delta);
  }

  /** All sound has been made. Words for it may still come. */
  endSound(events: ModelEvent[]): void {
    const { item } = this;
    const responseId = this.exchange.openReply;
    if (responseId === undefined || item === undefined) return;
    const { sound } = item.latest;
    if (sound === undefined || sound.soundOver) return;
    sound.soundOver = true;
    const key = { itemId: item.itemId, contentIndex: sound.contentIndex };
    const audio = this.sound.endPart(key);
    if (audio.length > 0) events.push({ type: 'audio.delta', responseId, ...key, audio });
    events.push({ type: 'audio.done', responseId, ...key });
  }

  /** What is being said now is complete; what follows is another item. */
  endItem(events: ModelEvent[], status: 'completed' | 'incomplete'): void {
    const { item } = this;
    const responseId = this.exchange.openReply;
    if (responseId === undefined || item === undefined) return;
    this.endSound(events);
    const { itemId } = item;
    for (const { kind, contentIndex, text } of item.parts) {
      const spoken = kind === 'sound';
      if (text !== '') events.push({ type: 'text.done', responseId, itemId, contentIndex, text, spoken });
    }
    this.item = undefined;
    const text = item.parts.map((part) => part.text).join('') || undefined;
    const done = { itemId, kind: 'message', role: 'assistant', text, status } as const;
    events.push({ type: 'output.item.done', responseId, item: done });
  }

  /** The end of what is said, but not of the reply. */
  linger(events: ModelEvent[]): void {
    if (!this.isOpen) return;
    this.endItem(events, 'completed');
    this.lingers = true;
  }

  /** Opens and closes one where an answer was due and none came. */
  close(events: ModelEvent[], end: ReplyEnd, usage?: Usage): void {
    const { exchange } = this;
    exchange.replyRefused = false;
    const responseId = exchange.openReply ?? this.open(events);
    if (this.early !== '') this.words(events, 'sound', '');
    this.endItem(events, end.status === 'completed' ? 'completed' : 'incomplete');
    this.lingers = false;
    exchange.openReply = undefined;
    const { status, reason, error } = end;
    events.push({ type: 'response.done', responseId, status, reason, error, usage });
  }

  private words(events: ModelEvent[], kind: PartKind, delta: string): void {
    const { responseId, key, part } = this.part(events, kind);
    if (delta === '') return;
    part.text += delta;
    events.push({ type: 'text.delta', responseId, ...key, delta, spoken: kind === 'sound' });
  }

  /** `unfinished`: sound that goes on after its end needs a part of its own; late words do not. */
  private part(events: ModelEvent[], kind: PartKind, unfinished = false) {
    const responseId = this.open(events);
    let { item } = this;
    if (item === undefined) {
      item = { itemId: this.exchange.newId('item'), parts: [], latest: {} };
      this.item = item;
      const added = {
        itemId: item.itemId,
        kind: 'message',
        role: 'assistant',
        status: 'in_progress',
      } as const;
      events.push({ type: 'output.item.added', responseId, item: added });
    }
    const known = item.latest[kind];
    const part = known === undefined || (unfinished && known.soundOver) ? newPart(item, kind) : known;
    const key: PartKey = { itemId: item.itemId, contentIndex: part.contentIndex };
    if (kind === 'sound' && this.early !== '') {
      const delta = this.early;
      this.early = '';
      part.text += delta;
      events.push({ type: 'text.delta', responseId, ...key, delta, spoken: true });
    }
    return { responseId, key, part };
  }
}

function newPart(item: OpenItem, kind: PartKind): OpenPart {
  const part = { kind, contentIndex: item.parts.length, text: '', soundOver: false };
  item.parts.push(part);
  item.latest[kind] = part;
  return part;
}
