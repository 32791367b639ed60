import type { ModelEvent, PartKey, ResponseStatus } from '../../../contract/events.js';
import type { Usage } from '../../../contract/usage.js';
import type { ConnectionState } from '../connection-state.js';
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
  /** The last part of each kind, without searching: a server may open thousands of parts. */
  readonly latest: { sound?: OpenPart; text?: OpenPart };
}

/** How a reply ends. */
export interface ReplyEnd {
  readonly status: ResponseStatus;
  readonly reason?: string | undefined;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
}

/**
 * The model's reply. The server gives no ids and does not announce its start: the first output opens it, and an end
 * marker closes it.
 */
export class Reply {
  private item: OpenItem | undefined;
  private readonly sound = new ReplySound();
  /** Transcript that arrived before its audio. */
  private early = '';
  /** The model has stopped speaking for now and is still thinking. */
  private lingers = false;

  constructor(
    private readonly state: ConnectionState,
    private readonly begins: (events: ModelEvent[]) => void,
  ) {}

  get isOpen(): boolean {
    return this.state.openReply !== undefined;
  }

  get isLingering(): boolean {
    return this.lingers;
  }

  get hasEarlyWords(): boolean {
    return this.early !== '';
  }

  open(events: ModelEvent[]): string {
    const { state } = this;
    // The open reply was waiting for a tool, or thinking, when it was cancelled. This output belongs to another one.
    if (state.replyCancelled && this.item === undefined) this.close(events, { status: 'cancelled' });
    this.lingers = false;
    if (state.openReply !== undefined) return state.openReply;
    this.begins(events);
    state.answerDue = false;
    state.textAsked = false;
    state.resultSent = false;
    state.turnInterrupted = false;
    state.lastPart = undefined;
    const responseId = state.newId('resp');
    state.openReply = responseId;
    events.push({ type: 'response.created', responseId });
    return responseId;
  }

  /** @throws InvalidData for audio that cannot be played. */
  audio(events: ModelEvent[], mimeType: string, base64: string): void {
    const { responseId, key } = this.part(events, 'sound', true);
    const audio = this.sound.decode(key, mimeType, base64);
    if (audio.length > 0) events.push({ type: 'audio.delta', responseId, ...key, audio });
  }

  /**
   * Transcript of the reply. It may come before or after its audio, so it does not open a reply: after the end of one,
   * the words are still its own, unless a tool's result waits to be spoken about.
   */
  spokenWords(events: ModelEvent[], delta: string): void {
    const { lastPart } = this.state;
    if (this.isOpen) this.words(events, 'sound', delta);
    else if (lastPart === undefined) this.early += delta;
    else {
      const { responseId, key } = lastPart;
      events.push({ type: 'text.late', responseId, ...key, delta });
    }
  }

  writtenWords(events: ModelEvent[], delta: string): void {
    this.words(events, 'text', delta);
  }

  /** All audio has been generated. Its transcript may still come. */
  endSound(events: ModelEvent[]): void {
    const { item } = this;
    const responseId = this.state.openReply;
    if (responseId === undefined || item === undefined) return;
    const { sound } = item.latest;
    if (sound === undefined || sound.soundOver) return;
    sound.soundOver = true;
    const key = { itemId: item.itemId, contentIndex: sound.contentIndex };
    const audio = this.sound.endPart(key);
    if (audio.length > 0) events.push({ type: 'audio.delta', responseId, ...key, audio });
    events.push({ type: 'audio.done', responseId, ...key });
  }

  /** The current item is complete; further output is a new item. */
  endItem(events: ModelEvent[], status: 'completed' | 'incomplete'): void {
    const { item } = this;
    const responseId = this.state.openReply;
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

  /** The model has stopped speaking, but the reply is not over. */
  linger(events: ModelEvent[]): void {
    if (!this.isOpen) return;
    this.endItem(events, 'completed');
    this.lingers = true;
  }

  /** Ends the reply. If an answer was due and none came, opens one first. */
  close(events: ModelEvent[], end: ReplyEnd, usage?: Usage): void {
    const { state } = this;
    state.replyCancelled = false;
    const responseId = state.openReply ?? this.open(events);
    if (this.early !== '') this.words(events, 'sound', '');
    const { item } = this;
    this.endItem(events, end.status === 'completed' ? 'completed' : 'incomplete');
    this.lingers = false;
    state.openReply = undefined;
    const sound = item?.latest.sound;
    if (item !== undefined && sound !== undefined && end.status === 'completed' && !state.resultUnanswered) {
      state.lastPart = { responseId, key: { itemId: item.itemId, contentIndex: sound.contentIndex } };
    }
    const { status, reason, error } = end;
    events.push({ type: 'response.done', responseId, status, reason, error, usage });
  }

  private words(events: ModelEvent[], kind: PartKind, delta: string): void {
    const { responseId, key, part } = this.part(events, kind);
    if (delta === '') return;
    part.text += delta;
    events.push({ type: 'text.delta', responseId, ...key, delta, spoken: kind === 'sound' });
  }

  /** `unfinished`: audio after the end of its part needs a new part; a late transcript does not. */
  private part(events: ModelEvent[], kind: PartKind, unfinished = false) {
    const responseId = this.open(events);
    this.state.resultUnanswered = false;
    let { item } = this;
    if (item === undefined) {
      item = { itemId: this.state.newId('item'), parts: [], latest: {} };
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
