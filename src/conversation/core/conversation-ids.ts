import type { Command } from '../../contract/commands.js';
import { belongsToConnection } from '../../contract/connection-id.js';
import type { ModelEvent } from '../../contract/events.js';
import type { ItemSnapshot, NewItem } from '../../contract/items.js';
import { UsedIds } from './used-ids.js';

/** Between the id that a provider gave for a second time and the number of its connection: `item_1~2`. */
const mark = '~';

/**
 * One kind of id (items, responses, calls) as two sides know it: the provider on its present connection, and the
 * conversation, which outlives connections. Both use the same id wherever possible. A provider may count from one on
 * every connection, so an id that was used before means something else now, and gets a suffix here.
 */
class IdSpace {
  /** Used before this connection, by an earlier session, or by the program. */
  private readonly earlier = new UsedIds();
  private current = new UsedIds();
  /**
   * The number of this connection, and of the one that began the provider's present conversation: the suffixes of their
   * ids.
   */
  private connection = 1;
  private epoch = 1;
  private first = true;
  /** Nothing has come from the provider. */
  private silent = true;
  /** What was asked last, and its answer. */
  private last: { readonly wireId?: string; readonly id: string } = { id: '' };
  /** The highest number that an id of the program or of an earlier session ends with. */
  private taken = 0;
  /** What the provider was told of under another id, from the conversation's id to the provider's, and back. */
  private readonly toldAs = new Map<string, string>();
  private readonly toldIds = new Map<string, string>();

  isUsed(id: string): boolean {
    return this.earlier.has(id) || this.current.has(id);
  }

  /** The conversation's id for one that the provider gave or quoted. */
  inward(wireId: string): string {
    // Most events are about the same item as the one before: sound comes fifty times a second.
    if (wireId === this.last.wireId) return this.last.id;
    const id = this.find(wireId);
    this.last = { wireId, id };
    return id;
  }

  private find(wireId: string): string {
    const told = this.toldIds.get(wireId);
    if (told !== undefined) return told;
    this.silent = false;
    this.taken = Math.max(this.taken, suffixOf(wireId));
    const usual = this.nameOf(wireId);
    // The program has given this very name to something else.
    const id = usual !== wireId && this.earlier.has(usual) ? this.another(usual, wireId) : usual;
    this.current.add(id);
    return id;
  }

  private another(taken: string, wireId: string): string {
    let count = 2;
    while (this.isUsed(`${taken}.${count}`)) count += 1;
    const id = `${taken}.${count}`;
    this.tell(id, wireId);
    this.earlier.add(id);
    return id;
  }

  /** An id that ends like ours would be taken for one of ours on its way back. */
  private nameOf(wireId: string): string {
    const local = belongsToConnection(wireId);
    const suffix = mark + (local ? this.connection : this.epoch);
    const taken = this.earlier.has(wireId) || wireId.endsWith(suffix) || (local && !this.first);
    return taken ? wireId + suffix : wireId;
  }

  /** The provider's id for one of the conversation. */
  outward(id: string): string {
    const told = this.toldAs.get(id);
    if (told !== undefined) return told;
    const suffix = mark + this.epoch;
    return id.endsWith(suffix) ? id.slice(0, -suffix.length) : id;
  }

  /** Whether the provider gave this id on the present connection. */
  isOfConnection(id: string): boolean {
    return this.current.has(id) && !this.earlier.has(id);
  }

  /** The provider is told of `id` as `wireId`. */
  tell(id: string, wireId: string): void {
    this.last = { id: '' };
    this.toldAs.set(id, wireId);
    this.toldIds.set(wireId, id);
  }

  /**
   * The program, or an earlier session, gives something this id. Returns the new id of what the provider has called so
   * on this connection; undefined where there is nothing.
   */
  claim(id: string): string | undefined {
    this.last = { id: '' };
    const wireId = this.outward(id);
    const known = this.current.has(id) && (this.toldIds.get(wireId) ?? this.nameOf(wireId)) === id;
    this.earlier.add(id);
    this.taken = Math.max(this.taken, suffixOf(id));
    if (this.silent && this.taken >= this.connection) {
      this.connection = this.taken + 1;
      this.epoch = this.connection;
    }
    if (!known) return undefined;
    this.toldIds.delete(wireId);
    this.toldAs.delete(id);
    return this.inward(wireId);
  }

  /** `resumed`: the provider goes on with the conversation, and so with its ids. */
  connectionBegins(resumed: boolean): void {
    this.last = { id: '' };
    this.connection = Math.max(this.connection, this.taken) + 1;
    this.first = false;
    if (resumed) return;
    this.epoch = this.connection;
    this.silent = true;
    this.earlier.addAll(this.current);
    this.current = new UsedIds();
    this.toldAs.clear();
    this.toldIds.clear();
  }
}

function suffixOf(id: string): number {
  return Number(/~(\d{1,9})$/.exec(id)?.[1] ?? 0);
}

type KeysOf<Union> = Union extends unknown ? keyof Union : never;
type Speech = ModelEvent | Command | ItemSnapshot | NewItem;
type IdField = Extract<KeysOf<Speech>, `${string}Id` | `${string}Ids`>;
/** Sessions, and the messages of a connection themselves: they mean nothing beyond it. */
type ConnectionField = 'sessionId' | 'eventId' | 'createEventId';

type Called = Extract<ModelEvent, { type: 'tool.called' }>;

/** Calls whose id may come again for another one. */
const mostCalls = 256;

type Translate = (id: string) => string;
type Translators = Readonly<Record<Exclude<IdField, ConnectionField | 'callIds'>, Translate>>;
/** The same, to go through for every event without making a list each time. */
type TranslatorList = readonly (readonly [field: string, translate: Translate])[];

/**
 * The door of the conversation: ids are translated when they come in and when they go out, here and nowhere else. A new
 * field with an id does not compile until it is translated, too.
 */
export class ConversationIds {
  readonly items = new IdSpace();
  readonly responses = new IdSpace();
  readonly calls = new IdSpace();

  /** The answer that made each recent call. */
  private readonly answersOfCalls = new Map<string, string>();

  private readonly inwards = listed({
    itemId: (id) => this.items.inward(id),
    previousItemId: (id) => this.items.inward(id),
    responseId: (id) => this.responses.inward(id),
    callId: (id) => this.calls.inward(id),
  });
  private readonly outwards = listed({
    itemId: (id) => this.items.outward(id),
    previousItemId: (id) => this.items.outward(id),
    responseId: (id) => this.responses.outward(id),
    callId: (id) => this.calls.outward(id),
  });

  /** The provider's event in the conversation's words. */
  inward(event: ModelEvent): ModelEvent {
    if ('item' in event) {
      return { ...translated(event, this.inwards), item: translated(event.item, this.inwards) };
    }
    if (event.type === 'tool.call.cancelled') {
      return { ...event, callIds: event.callIds.map((id) => this.calls.inward(id)) };
    }
    const inward = translated(event, this.inwards);
    return inward.type === 'tool.called' ? this.called(inward) : inward;
  }

  /**
   * Some servers number the calls of each answer: the same id in another answer is another call. In the same one it is
   * a repetition, perhaps under another item.
   */
  private called(event: Called): Called {
    const { callId, responseId } = event;
    const known = this.answersOfCalls.get(callId);
    if (known !== undefined && known !== responseId) {
      return this.called({ ...event, callId: this.calls.claim(callId) ?? callId });
    }
    this.answersOfCalls.set(callId, responseId);
    const oldest = this.answersOfCalls.keys().next();
    if (this.answersOfCalls.size > mostCalls && !oldest.done) this.answersOfCalls.delete(oldest.value);
    return event;
  }

  /**
   * The command in the provider's words. `newCallId`: names a call of an earlier connection that this one is told of.
   */
  outward(command: Command, newCallId: () => string): Command {
    if (command.type !== 'item.create') return translated(command, this.outwards);
    const { item } = command;
    // Under its own id it could be taken for a call that the provider makes on this connection.
    if (item.kind === 'tool.call' && !this.calls.isOfConnection(item.callId)) {
      this.calls.tell(item.callId, newCallId());
    }
    return { ...translated(command, this.outwards), item: translated(item, this.outwards) };
  }

  /** `resumed`: the provider has taken the conversation up with its ids. */
  connectionBegins(resumed: boolean): void {
    for (const space of [this.items, this.responses, this.calls]) space.connectionBegins(resumed);
  }
}

function listed(translators: Translators): TranslatorList {
  return Object.entries(translators);
}

/** The same object where nothing changes: sound comes fifty times a second. */
function translated<Fields extends object>(fields: Fields, translators: TranslatorList): Fields {
  let changed = fields;
  for (const [name, translate] of translators) {
    const id: unknown = Reflect.get(fields, name);
    if (typeof id !== 'string') continue;
    const other = translate(id);
    if (other !== id) changed = { ...changed, [name]: other };
  }
  return changed;
}
