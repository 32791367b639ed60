import type { PartKey } from '../../contract/events.js';
import type { HistoryItem } from '../../contract/items.js';
import type { Profile } from '../../contract/profile.js';
import { RecentIds } from '../../contract/recent-ids.js';
import type { Outbox } from '../core/outbox.js';
import type { History } from '../memory/history.js';
import type { ToldAnswer } from '../memory/renewal.js';
import { heardPrefix } from './heard-prefix.js';
import type { PlayingPart } from './playback.js';
import { SpeakingPace } from './speaking-pace.js';

interface AnswerPart {
  text: string;
  spoken: boolean;
  done: boolean;
  /** Samples rendered of the finished sound of this part. */
  heard: number;
}

interface Answer {
  readonly itemId: string;
  readonly responseId: string;
  readonly parts: Map<number, AnswerPart>;
  /** Counts connections; what an earlier one said, this one does not know. */
  readonly connection: number;
  /** The provider has said everything of this item. */
  complete: boolean;
}

export interface AnswerRules {
  readonly outputRateHz: number;
  readonly truncation: Profile['truncation'];
  readonly deletesItems: boolean;
}

/**
 * What the assistant says, item by item: words as they come, what of them became sound, and what is left of an
 * interrupted answer, on our side and on the provider's.
 */
export class Answers {
  private readonly answers = new Map<string, Answer>();
  private readonly cutItems = new RecentIds();
  private readonly withdrawn = new RecentIds();
  /** Items to delete at the provider once their response has closed; it still writes to them before. */
  private readonly unheard = new Map<string, string[]>();
  private readonly pace: SpeakingPace;
  private connection = 0;
  /** Answers of earlier connections that still play, as this one was told of them. */
  private told: ReadonlyMap<string, ToldAnswer> = new Map();

  constructor(
    private readonly out: Outbox,
    private readonly history: History,
    /** Whether the sound of an item is not settled yet. */
    private readonly playback: { has(itemId: string): boolean },
    private readonly rules: AnswerRules,
  ) {
    this.pace = new SpeakingPace(rules.outputRateHz);
  }

  /** Everything the assistant is saying, and its last words before; for recognising its own words. */
  get recentWords(): string {
    const said = this.history.items.findLast(
      (item) => item.kind === 'message' && item.role === 'assistant' && item.text !== '',
    );
    const saying = [...this.answers.values()].map(textOf).join(' ');
    return `${saying} ${said?.kind === 'message' ? said.text : ''}`;
  }

  /** The answer has this item now. Its place in history is taken. */
  begin(responseId: string, itemId: string): void {
    this.answerOf(responseId, itemId);
  }

  text(responseId: string, key: PartKey, delta: string, spoken: boolean): void {
    const part = this.partOf(responseId, key);
    if (part.done) return;
    part.text += delta;
    part.spoken = spoken;
    const { itemId, contentIndex } = key;
    this.out.emit({ type: 'assistant.text.delta', responseId, itemId, contentIndex, delta });
  }

  /** Words of an answer that is over: where the transcript has its own way, it may come after the end. */
  lateText(responseId: string, key: PartKey, delta: string): void {
    const { itemId, contentIndex } = key;
    const part = this.answers.get(itemId)?.parts.get(contentIndex);
    if (part !== undefined) part.text += delta;
    else if (!this.history.appendToAnswer(itemId, delta)) return;
    this.out.emit({ type: 'assistant.text.delta', responseId, itemId, contentIndex, delta });
  }

  textDone(responseId: string, key: PartKey, text: string, spoken: boolean): void {
    const part = this.partOf(responseId, key);
    if (part.done) return;
    part.text = text;
    part.spoken = spoken;
    this.finishText(responseId, key, part, text);
  }

  private finishText(
    responseId: string,
    { itemId, contentIndex }: PartKey,
    part: AnswerPart,
    text: string,
  ): void {
    if (part.done) return;
    part.done = true;
    const { spoken } = part;
    this.out.emit({ type: 'assistant.text.done', responseId, itemId, contentIndex, text, spoken });
  }

  /** The provider is finished with this item. */
  complete(itemId: string): void {
    const answer = this.answers.get(itemId);
    if (answer === undefined) return;
    answer.complete = true;
    this.settle(itemId);
  }

  /** The response has closed: nothing more will come for any of its items. */
  responseClosed(responseId: string): void {
    for (const answer of [...this.answers.values()]) {
      if (answer.responseId !== responseId) continue;
      for (const [contentIndex, part] of answer.parts) {
        if (part.text !== '')
          this.finishText(responseId, { itemId: answer.itemId, contentIndex }, part, part.text);
      }
      this.complete(answer.itemId);
    }
    this.deleteUnheard(responseId);
  }

  /**
   * Nothing more will come of this response, although it plays on: words whose sound has not come will not be heard.
   * `soundOf`: what waits or plays of a part.
   */
  curtail(responseId: string, soundOf: (key: PartKey) => PlayingPart | undefined): void {
    for (const { itemId, parts, complete, ...answer } of this.answers.values()) {
      if (answer.responseId !== responseId || complete) continue;
      for (const [contentIndex, part] of parts) {
        const sound = soundOf({ itemId, contentIndex });
        if (!part.spoken || sound?.ended === true || (sound === undefined && part.heard > 0)) continue;
        const received = sound?.received ?? 0;
        part.text = heardPrefix(part.text, { heard: received, received, ended: false }, this.pace);
      }
    }
  }

  private deleteUnheard(responseId: string): void {
    for (const itemId of this.unheard.get(responseId) ?? []) {
      this.out.send({ type: 'item.delete', itemId, eventId: this.out.newId('delete') });
    }
    this.unheard.delete(responseId);
  }

  /** The last sample of a part has been rendered. */
  heardFully({ itemId, contentIndex, rendered }: PlayingPart): void {
    const answer = this.answers.get(itemId);
    if (answer === undefined) return;
    this.partIn(answer, contentIndex).heard = rendered;
    this.settle(itemId);
  }

  /** History learns of an answer when it has been said and heard to the end. */
  private settle(itemId: string): void {
    const answer = this.answers.get(itemId);
    if (answer === undefined || !answer.complete || this.playback.has(itemId)) return;
    this.answers.delete(itemId);
    const heard = [...answer.parts.values()].reduce((sum, part) => sum + part.heard, 0);
    const text = textOf(answer);
    if (text === '' && heard === 0) {
      this.history.removeUnheard(itemId);
      return;
    }
    for (const part of answer.parts.values()) {
      if (part.spoken && part.heard > 0 && part.text !== '') this.pace.learn(part.text, part.heard);
    }
    this.history.updateMessage('assistant', itemId, {
      text,
      state: 'done',
      ...(heard > 0 ? { heardMs: this.toMs(heard) } : {}),
    });
  }

  /** Another answer will be given in its place: nothing of it stays. */
  withdraw(responseId: string): void {
    this.withdrawn.add(responseId);
  }

  /**
   * Ends interrupted answers that have no sound waiting: read text stays as far as it came, words whose sound never
   * arrived were not heard. `tellProvider`: they leave the provider's memory, too.
   */
  interruptSilent(responseId: string, tellProvider: boolean): void {
    for (const answer of [...this.answers.values()]) {
      if (answer.responseId !== responseId || this.playback.has(answer.itemId)) continue;
      const parts = [...answer.parts.values()];
      const heard = parts.some((part) => part.heard > 0 || (!part.spoken && part.text !== ''));
      if (!answer.complete || !heard) this.cut(answer, new Map(), tellProvider);
    }
  }

  /**
   * The player fell silent: `parts` are what it had, with what was rendered of each. History keeps the words that
   * were heard; `tellProvider` truncates the provider's copy where it wants that.
   */
  interrupt(parts: readonly PlayingPart[], tellProvider: boolean): void {
    for (const itemId of new Set(parts.map((part) => part.itemId))) {
      const cut = parts.filter((part) => part.itemId === itemId);
      const answer = this.answers.get(itemId);
      if (answer === undefined) continue;
      this.cut(answer, new Map(cut.map((part) => [part.contentIndex, part])), tellProvider);
    }
  }

  private cut(answer: Answer, playing: ReadonlyMap<number, PlayingPart>, tellProvider: boolean): void {
    const { itemId, responseId } = answer;
    this.answers.delete(itemId);
    let heard = 0;
    let received = 0;
    let words = '';
    let written = false;
    const indexes = new Set([...answer.parts.keys(), ...playing.keys()]);
    for (const contentIndex of [...indexes].sort((a, b) => a - b)) {
      const part = this.partIn(answer, contentIndex);
      const sound = playing.get(contentIndex);
      const spoken =
        sound === undefined
          ? { heard: part.heard, received: part.heard, ended: true }
          : { heard: sound.rendered, received: sound.received, ended: sound.ended };
      heard += spoken.heard;
      received += spoken.received;
      const prefix = part.spoken ? heardPrefix(part.text, spoken, this.pace) : part.text;
      words += prefix;
      written ||= part.text !== '';
      if (part.text !== '') this.finishText(responseId, { itemId, contentIndex }, part, prefix);
    }
    const heardMs = this.toMs(heard);
    if (playing.size > 0) {
      this.out.emit({ type: 'playback.cleared', itemId, heardMs, receivedMs: this.toMs(received) });
    }
    const tell = tellProvider && answer.connection === this.connection;
    if (tellProvider && !tell) this.correct(itemId, words);
    if ((heardMs === 0 && words === '') || this.withdrawn.has(responseId)) {
      this.history.removeUnheard(itemId);
      if (tell && (written || playing.size > 0)) this.deleteLater(responseId, itemId);
      return;
    }
    this.history.updateMessage('assistant', itemId, {
      text: words,
      state: 'cut',
      ...(heard > 0 ? { heardMs } : {}),
    });
    if (tell) this.truncate(itemId, playing);
  }

  /** One truncate per item, at the first part that was not heard to its end, never beyond what was received. */
  private truncate(itemId: string, playing: ReadonlyMap<number, PlayingPart>): void {
    if (this.rules.truncation !== 'explicit' || this.cutItems.has(itemId)) return;
    const parts = [...playing.values()].sort((a, b) => a.contentIndex - b.contentIndex);
    const part = parts.find(({ rendered, received }) => rendered < received) ?? parts.at(-1);
    const audioEndMs = part === undefined ? 0 : this.toMs(part.rendered);
    if (part === undefined || audioEndMs === 0) return;
    this.cutItems.add(itemId);
    const { contentIndex } = part;
    this.out.send({
      type: 'item.truncate',
      itemId,
      contentIndex,
      audioEndMs,
      eventId: this.out.newId('truncate'),
    });
  }

  /** What the connection was told of the answer before it was cut is replaced by what was heard. */
  private correct(itemId: string, text: string): void {
    const told = this.told.get(itemId);
    if (told === undefined || !this.rules.deletesItems) return;
    this.history.memory.drop(itemId);
    this.history.memory.deletes(told.itemId);
    this.out.send({ type: 'item.delete', itemId: told.itemId, eventId: this.out.newId('delete') });
    if (text === '') return;
    const item = { kind: 'message', itemId: this.out.newId('replay'), role: 'assistant', text } as const;
    this.history.memory.learn(itemId, item.itemId);
    const { previousItemId } = told;
    this.out.send({ type: 'item.create', item, previousItemId, eventId: this.out.newId('item') });
  }

  /** "Nothing played" cannot be truncated; the item goes, so that the model does not believe it was heard. */
  private deleteLater(responseId: string, itemId: string): void {
    if (this.rules.truncation !== 'explicit' || !this.rules.deletesItems || this.cutItems.has(itemId)) return;
    this.cutItems.add(itemId);
    this.holdBack(responseId, itemId);
  }

  private holdBack(responseId: string, itemId: string): void {
    const waiting = this.unheard.get(responseId);
    if (waiting === undefined) this.unheard.set(responseId, [itemId]);
    else waiting.push(itemId);
  }

  /** The program has taken it out of the conversation; the provider still writes to it until its response closes. */
  takeBack(itemId: string): void {
    const answer = this.answers.get(itemId);
    if (answer === undefined) return;
    this.answers.delete(itemId);
    for (const id of this.history.memory.drop(itemId)) {
      this.cutItems.add(id);
      this.history.memory.deletes(id);
      if (this.rules.deletesItems) this.holdBack(answer.responseId, id);
    }
  }

  /** Sends what {@link holdBack} kept for a response that is closed already. */
  flushUnheard(isOpen: (responseId: string) => boolean): void {
    for (const responseId of [...this.unheard.keys()])
      if (!isOpen(responseId)) this.deleteUnheard(responseId);
  }

  /** What is still to be cut or deleted, the next connection has never known. */
  connectionLost(): void {
    this.connection += 1;
    this.unheard.clear();
    this.told = new Map();
  }

  connectionChanged(told: ReadonlyMap<string, ToldAnswer>): void {
    this.told = told;
  }

  /** An answer that still plays is in history without words. */
  withWords(item: HistoryItem): HistoryItem {
    const answer = this.answers.get(item.itemId);
    return answer === undefined || item.kind !== 'message' ? item : { ...item, text: textOf(answer) };
  }

  private answerOf(responseId: string, itemId: string): Answer {
    const known = this.answers.get(itemId);
    if (known !== undefined) return known;
    const answer: Answer = {
      itemId,
      responseId,
      parts: new Map(),
      connection: this.connection,
      complete: false,
    };
    this.answers.set(itemId, answer);
    this.history.add({ kind: 'message', itemId, role: 'assistant', text: '', state: 'pending' });
    return answer;
  }

  private partOf(responseId: string, { itemId, contentIndex }: PartKey): AnswerPart {
    return this.partIn(this.answerOf(responseId, itemId), contentIndex);
  }

  private partIn(answer: Answer, contentIndex: number): AnswerPart {
    let part = answer.parts.get(contentIndex);
    if (part === undefined) {
      part = { text: '', spoken: true, done: false, heard: 0 };
      answer.parts.set(contentIndex, part);
    }
    return part;
  }

  private toMs(samples: number): number {
    return Math.floor((samples * 1000) / this.rules.outputRateHz);
  }
}

function textOf(answer: Answer): string {
  return [...answer.parts]
    .sort(([a], [b]) => a - b)
    .map(([, part]) => part.text)
    .join('');
}
