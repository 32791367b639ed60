import type { HistoryItem, NewItem } from '../../contract/items.js';
import type { Profile } from '../../contract/profile.js';
import type { Outbox } from '../core/outbox.js';
import type { History } from './history.js';
import { openQuestion, recapOf, replayItems } from './replay.js';

/**
 * Where a new connection has an answer that still plays: told in full, and to be corrected if it is not heard in full.
 */
export interface ToldAnswer {
  readonly itemId: string;
  readonly previousItemId: string | undefined;
}

/** What the provider is told of the conversation when a new connection takes over from a lost one. */
export class Renewal {
  /** What the provider was asked to take up in this connection. */
  private resumed: string | undefined;
  /** What was told with the settings when the provider's present conversation began. */
  private recap: string | undefined;
  /** Items that the last connection may not have taken. */
  private unsent: readonly string[] = [];

  constructor(
    private readonly out: Outbox,
    private readonly history: History,
    private readonly profile: Profile,
  ) {}

  /** `unsent`: what the lost connection need not have delivered. */
  lost(unsent: readonly string[]): void {
    this.unsent = [...this.unsent, ...unsent];
  }

  /**
   * Returns what has to be told of the conversation with the settings of the new connection. `said`: history, with the
   * words of answers that still play.
   */
  begin(resume: string | undefined, said: readonly HistoryItem[]): string | undefined {
    this.resumed = resume;
    // A resumed conversation gets its settings again: without the recap, they would remove it.
    if (resume === undefined) this.recap = recapOf(said, this.profile.replay);
    return this.recap;
  }

  /** A conversation that could not be resumed begins again under another name. */
  named(handle: string): void {
    if (this.profile.resume === 'conversation' && handle !== this.resumed) this.resumed = undefined;
  }

  /** The provider has taken the conversation up by itself. */
  get stateRestored(): boolean {
    return this.resumed !== undefined;
  }

  /** Results of calls that were made before will be understood. */
  get knowsCalls(): boolean {
    return this.stateRestored ? this.profile.resume === 'conversation' : this.profile.replay === 'items';
  }

  /** What came of calls that it does not know can be told in words. */
  get takesWords(): boolean {
    return this.profile.typedText;
  }

  /** The last question with the results of its calls, in words, where the provider does not have it. */
  tellQuestion(said: readonly HistoryItem[]): void {
    if (!this.takesWords || this.knowsQuestion) return;
    for (const { itemId: ownId, text } of openQuestion(said)) {
      const itemId = this.out.newId('replay');
      this.history.memory.learn(ownId, itemId);
      const message = { kind: 'message', itemId, role: 'user', text } as const;
      this.out.send({ type: 'item.create', item: message, eventId: this.out.newId('item') });
    }
  }

  /** A conversation that was taken up by a handle is as old as the handle: older than an open question. */
  private get knowsQuestion(): boolean {
    return this.stateRestored ? this.profile.resume === 'conversation' : this.profile.replay === 'items';
  }

  /**
   * Tells the provider what it does not know yet. Returns the answers among it that still play, by their items. `open`:
   * the last question still has to be answered.
   */
  tell(said: readonly HistoryItem[], open: boolean): ReadonlyMap<string, ToldAnswer> {
    const { memory } = this.history;
    if (!this.stateRestored) memory.renew();
    const playing = new Map<string, ToldAnswer>();
    let previousItemId: string | undefined;
    const newId = (item: HistoryItem): string => {
      const itemId = this.out.newId('replay');
      if (item.kind === 'message' && item.state === 'pending')
        playing.set(item.itemId, { itemId, previousItemId });
      previousItemId = itemId;
      memory.learn(item.itemId, itemId);
      return itemId;
    };
    const retells = open && this.takesWords && !this.knowsQuestion;
    const items = this.stateRestored
      ? retells
        ? []
        : this.unsentMessages(newId)
      : replayItems(said, retells ? 'none' : this.profile.replay, newId);
    for (const item of items) this.out.send({ type: 'item.create', item, eventId: this.out.newId('item') });
    if (retells) this.tellQuestion(said);
    this.unsent = [];
    return playing;
  }

  private unsentMessages(newId: (item: HistoryItem) => string): NewItem[] {
    return this.unsent.flatMap((id): NewItem[] => {
      const item = this.history.message(id);
      if (item?.role !== 'user' || item.text === '') return [];
      return [{ kind: 'message', itemId: newId(item), role: 'user', text: item.text }];
    });
  }
}
