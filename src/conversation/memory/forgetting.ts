import type { HistoryItem } from '../../contract/items.js';
import type { HistoryLimit } from '../../contract/limits.js';
import type { Profile } from '../../contract/profile.js';
import type { Outbox } from '../core/outbox.js';
import type { History } from './history.js';

/** An estimate that is near enough for languages with an alphabet. */
const lettersPerToken = 4;

/**
 * Lets the model forget the oldest turns, so that a long talk stays cheap and within what the model can keep in mind. A
 * turn is what the user says with everything until they speak again. Our own history keeps all of it.
 */
export class Forgetting {
  /** Turns of the user when we last looked. */
  private lookedAt = -1;
  private warned = false;

  constructor(
    private readonly out: Outbox,
    private readonly history: History,
    private readonly profile: Profile,
    private readonly limit: HistoryLimit | undefined,
  ) {}

  /** When the user has taken another turn. `tell`: there is a provider that knows of the conversation. */
  proceed(tell: boolean): void {
    const { limit, history } = this;
    if (limit === undefined || history.userTurns === this.lookedAt) return;
    this.lookedAt = history.userTurns;
    const turns = turnsOf(history.known);
    for (const turn of turns.slice(0, turns.length - kept(turns, limit))) {
      if (turn.some(({ state }) => state === 'pending' || state === 'running')) {
        // What is still going on is forgotten when it is over.
        this.lookedAt = -1;
        return;
      }
      for (const { itemId } of turn) this.forget(itemId, tell);
    }
  }

  private forget(itemId: string, tell: boolean): void {
    const { memory } = this.history;
    const ids = memory.forget(itemId);
    if (!tell || ids.length === 0) return;
    if (!this.profile.deletesItems) {
      this.warn();
      return;
    }
    for (const id of ids) {
      memory.deletes(id);
      this.out.send({ type: 'item.delete', itemId: id, eventId: this.out.newId('delete') });
    }
  }

  private warn(): void {
    if (this.warned) return;
    this.warned = true;
    this.out.emit({
      type: 'warning',
      code: 'history.kept',
      message: `${this.profile.model} cannot forget items; the history limit applies from the next connection.`,
    });
  }
}

/** What the program says as the system is no part of a turn; it stays. */
function turnsOf(items: readonly HistoryItem[]): HistoryItem[][] {
  const turns: HistoryItem[][] = [];
  for (const item of items) {
    if (item.kind === 'message' && item.role === 'system') continue;
    const begins = item.kind === 'message' && item.role === 'user';
    const turn = turns.at(-1);
    if (turn === undefined || begins) turns.push([item]);
    else turn.push(item);
  }
  return turns;
}

/** How many of the last turns stay: the present one in any case. */
function kept(turns: readonly (readonly HistoryItem[])[], limit: HistoryLimit): number {
  if ('turns' in limit) return Math.min(turns.length, Math.max(1, limit.turns));
  let tokens = 0;
  const over = turns.findLastIndex((turn) => {
    tokens += turn.reduce((sum, item) => sum + tokensOf(item), 0);
    return tokens > limit.tokens;
  });
  return Math.max(Math.min(1, turns.length), turns.length - 1 - over);
}

function tokensOf(item: HistoryItem): number {
  const letters =
    item.kind === 'message'
      ? item.text.length
      : item.name.length + item.arguments.length + (item.output?.length ?? 0);
  return Math.ceil(letters / lettersPerToken);
}
