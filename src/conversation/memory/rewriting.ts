import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { HistoryItem, MessageItem } from '../../contract/items.js';
import type { Profile } from '../../contract/profile.js';
import type { Outbox } from '../core/outbox.js';
import type { History } from './history.js';

/** What the assistant's side has to do when something is taken out of the conversation. */
interface AssistantSide {
  /** The answer that is being given: silence, and nothing of it remains, here or there. */
  takeBack(itemId: string): void;
  /** The call that still runs. `forgotten`: the provider forgets that it made it. */
  takeCallBack(callId: string, forgotten: boolean): void;
}

/** One item of the new conversation, and what becomes of it. */
type Step =
  | { readonly kind: 'keep'; readonly item: HistoryItem }
  | { readonly kind: 'rewrite'; readonly item: MessageItem }
  | { readonly kind: 'put'; readonly item: MessageItem };

/**
 * Whether the program may put `next` in place of the present conversation.
 * @throws VoxtermError exit 2 where an id is missing or there twice, a message has no role or words, or a function call
 * is new, changed, or in another order: a model cannot be told that it has called what it has not.
 */
export function checkReplacement(present: readonly HistoryItem[], next: readonly HistoryItem[]): void {
  // Programs without types may hand over anything.
  if (!Array.isArray(next)) throw refused('`history` must be an array of history items.');
  const places = new Map(present.map(({ itemId }, index) => [itemId, index]));
  const ids = new Set<string>();
  let lastCall = -1;
  next.forEach((item, index) => {
    const place = `Item ${index + 1} of the new history`;
    if (typeof item !== 'object' || item === null) throw refused(`${place} is not an object.`);
    if (typeof item.itemId !== 'string' || item.itemId === '') throw refused(`${place} has no "itemId".`);
    if (ids.has(item.itemId))
      throw refused(`${place} has the id "${item.itemId}", which an earlier item has, too.`);
    ids.add(item.itemId);
    const before = places.get(item.itemId) ?? -1;
    const known = present[before];
    if (known !== undefined && known.kind !== item.kind) throw refused(`${place} changes its kind.`);
    if (item.kind === 'message') {
      checkMessage(item, place);
      return;
    }
    if (item.kind !== 'tool') throw refused(`${place} is neither a message nor a function call.`);
    if (known?.kind !== 'tool') throw refused(`${place} is a new function call ("${item.name}").`);
    if ((['callId', 'name', 'arguments', 'output'] as const).some((field) => known[field] !== item[field]))
      throw refused(`${place} changes the function call "${known.name}".`);
    if (before < lastCall) throw refused(`${place} moves the function call "${known.name}".`);
    lastCall = before;
  });
}

function checkMessage({ role, text }: MessageItem, place: string): void {
  if (!['user', 'assistant', 'system'].includes(role))
    throw refused(`${place} has the role "${role}"; allowed are user, assistant and system.`);
  if (typeof text !== 'string') throw refused(`${place} has no "text".`);
}

function refused(message: string): VoxtermError {
  return new VoxtermError(message, {
    code: 'history.invalid',
    exitCode: ExitCode.usage,
    hint: 'Messages can be added, changed and removed; function calls can only be removed.',
  });
}

/** The conversation as the program wants it, made so here and at the provider. */
export class Rewriting {
  constructor(
    private readonly out: Outbox,
    private readonly history: History,
    private readonly profile: Profile,
    private readonly assistant: AssistantSide,
  ) {}

  /**
   * `tell`: there is a provider that has been told of the conversation. Otherwise it learns of it with everything else.
   */
  replace(next: readonly HistoryItem[], tell: boolean): void {
    const steps = planned(this.history.items, next);
    const stays = new Set(steps.flatMap(({ kind, item }) => (kind === 'put' ? [] : [item.itemId])));
    const gone = this.history.items.filter(({ itemId }) => !stays.has(itemId));
    let kept = false;
    for (const item of gone) kept = !this.takeOut(item, tell) || kept;
    // Where nothing is known before it, an item goes to the beginning; where nothing is known at all, there is none.
    const known = steps.some(({ item }) => this.history.memory.idsOf(item.itemId).length > 0);
    let previousId = known ? 'root' : undefined;
    steps.forEach((step, index) => {
      const { item } = step;
      if (step.kind === 'rewrite') {
        kept = !this.delete(item.itemId, tell) || kept;
        this.history.rewrite(step.item);
      } else if (step.kind === 'put') {
        this.history.put(item, index);
      }
      if (step.kind !== 'keep') kept = !this.create(step.item, previousId, tell) || kept;
      previousId = this.history.memory.idsOf(item.itemId).at(-1) ?? previousId;
    });
    if (kept) this.warn();
  }

  /** Returns false where the provider still knows it. */
  private takeOut(item: HistoryItem, tell: boolean): boolean {
    if (item.kind === 'tool' && item.state === 'running')
      this.assistant.takeCallBack(item.callId, tell && this.profile.deletesItems);
    const spoken = item.kind === 'message' && item.role === 'assistant' && item.state === 'pending';
    if (spoken) {
      this.assistant.takeBack(item.itemId);
      this.history.discard(item.itemId);
      return !tell || this.profile.deletesItems;
    }
    const deleted = this.delete(item.itemId, tell);
    this.history.discard(item.itemId);
    return deleted;
  }

  private delete(itemId: string, tell: boolean): boolean {
    const { memory } = this.history;
    const ids = memory.drop(itemId);
    if (!tell || ids.length === 0) return true;
    if (!this.profile.deletesItems) return false;
    for (const id of ids) {
      memory.deletes(id);
      this.out.send({ type: 'item.delete', itemId: id, eventId: this.out.newId('delete') });
    }
    return true;
  }

  /** Returns false where the provider cannot be told now. */
  private create(
    { itemId, role, text }: MessageItem,
    previousId: string | undefined,
    tell: boolean,
  ): boolean {
    const { memory } = this.history;
    if (!tell || text === '' || memory.isForgotten(itemId)) return true;
    const { replay } = this.profile;
    if (replay === 'none' || (replay === 'user' && role !== 'user')) return false;
    const id = this.out.newId('replay');
    const item = { kind: 'message', itemId: id, role, text } as const;
    this.out.send({
      type: 'item.create',
      item,
      ...(previousId === undefined ? {} : { previousItemId: previousId }),
      eventId: this.out.newId('item'),
    });
    memory.learn(itemId, id);
    return true;
  }

  private warn(): void {
    this.out.emit({
      type: 'warning',
      code: 'history.kept',
      message: `The history was changed here, but ${this.profile.model} cannot be told until the next connection.`,
    });
  }
}

/** Function calls stay where they are; of the messages those that need not move. */
function planned(present: readonly HistoryItem[], next: readonly HistoryItem[]): Step[] {
  const places = new Map(present.map(({ itemId }, index) => [itemId, index]));
  // A call may have come to its end, or gone, since the program looked.
  const wanted = next.filter((item) => item.kind === 'message' || places.has(item.itemId));
  let last = -1;
  return wanted.map((item, index): Step => {
    const place = places.get(item.itemId) ?? -1;
    const known = present[place];
    if (item.kind === 'tool' || known?.kind === 'tool') {
      last = Math.max(last, place);
      return { kind: 'keep', item: known ?? item };
    }
    const call = wanted.slice(index).find(({ kind }) => kind === 'tool');
    const end = call === undefined ? present.length : (places.get(call.itemId) ?? present.length);
    if (known === undefined || place <= last || place >= end) return { kind: 'put', item: written(item) };
    last = place;
    const same = known.text === item.text && known.role === item.role;
    return same ? { kind: 'keep', item: known } : { kind: 'rewrite', item: written(item) };
  });
}

/** Written by the program: nothing of it was heard, and nothing of it is still to come. */
function written({ kind, itemId, role, text, state }: MessageItem): MessageItem {
  const settled = state === 'cut' || state === 'untranscribed' ? state : 'done';
  return { kind, itemId, role, text, state: settled };
}
