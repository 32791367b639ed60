import { connectionId } from '../../contract/connection-id.js';
import type { ModelEvent } from '../../contract/events.js';
import { RecentIds } from '../../contract/recent-ids.js';

interface ConfirmationRules {
  /** The start of an answer also confirms a turn, if nothing else has confirmed it. */
  readonly byAnswer: boolean;
}

/** Limits memory if the server names turns that were dropped here. */
const mostNames = 64;

/**
 * For servers that may not confirm a commit: the first event that shows that the server accepted a turn becomes
 * `input.committed`, and every turn is confirmed exactly once. A turn that the server ended itself is confirmed when
 * its answer starts. A turn that had to be given an id here keeps it.
 */
export class CommitConfirmations {
  /** Event ids of commits that are not confirmed yet, oldest first. */
  private open: (string | undefined)[] = [];
  /** Ids we gave to turns whose id at the server is not known yet, oldest first. */
  private unnamed: string[] = [];
  private readonly names = new Map<string, string>();
  private readonly confirmed = new RecentIds();
  private turns = 0;
  /** A turn that the server ended itself and has not confirmed. */
  private ended: string | undefined;

  constructor(private readonly rules: ConfirmationRules) {}

  sent(eventId: string | undefined): void {
    this.open.push(eventId);
  }

  revise(events: ModelEvent[]): ModelEvent[] {
    return events.flatMap((event) => this.revised(event));
  }

  private revised(event: ModelEvent): ModelEvent[] {
    switch (event.type) {
      case 'input.committed':
        return this.onCommitted(event);
      case 'item.added':
        // An item with text is one that we sent.
        if (event.item.role !== 'user' || event.item.text !== undefined) return [event];
        return [...this.confirm(event.item.itemId), event];
      case 'user.transcript.delta':
      case 'user.transcript.updated':
      case 'user.transcript.done':
      case 'user.transcript.failed': {
        const confirmation = this.confirm(event.itemId);
        return [...confirmation, { ...event, itemId: this.nameOf(event.itemId) }];
      }
      case 'speech.stopped':
        this.ended = event.itemId;
        return [event];
      case 'response.created':
        return [...this.answered(), ...(this.rules.byAnswer ? this.nameAll() : []), event];
      case 'error':
        this.onError(event.eventId);
        return [event];
      default:
        return [event];
    }
  }

  private onCommitted(event: Extract<ModelEvent, { type: 'input.committed' }>): ModelEvent[] {
    const { itemId } = event;
    if (this.confirmed.has(itemId) || this.names.has(itemId)) return [];
    if (this.open.length === 0 && this.unnamed.length > 0) {
      this.name(itemId);
      return [];
    }
    this.open.shift();
    this.confirmed.add(itemId);
    return [event];
  }

  /** An event that shows that the server accepted a turn: its confirmation, if it has none yet. */
  private confirm(itemId: string): ModelEvent[] {
    if (this.confirmed.has(itemId) || this.names.has(itemId)) return [];
    if (this.unnamed.length > 0) this.name(itemId);
    else if (this.open.length > 0) {
      this.open.shift();
      this.confirmed.add(itemId);
      return [{ type: 'input.committed', itemId }];
    }
    return [];
  }

  /** An answer starts: confirms the turn that the server ended itself, so that it comes before the answer. */
  private answered(): ModelEvent[] {
    const { ended: itemId } = this;
    this.ended = undefined;
    if (itemId === undefined || this.confirmed.has(itemId)) return [];
    this.confirmed.add(itemId);
    return [{ type: 'input.committed', itemId }];
  }

  private nameAll(): ModelEvent[] {
    return this.open.splice(0).map(() => {
      this.turns += 1;
      const itemId = connectionId('turn', this.turns);
      this.unnamed.push(itemId);
      return { type: 'input.committed', itemId };
    });
  }

  private name(itemId: string): void {
    const ours = this.unnamed.shift();
    if (ours === undefined) return;
    this.names.set(itemId, ours);
    const [oldest] = this.names.keys();
    if (this.names.size > mostNames && oldest !== undefined) this.names.delete(oldest);
  }

  private nameOf(itemId: string): string {
    return this.names.get(itemId) ?? itemId;
  }

  /** A refused commit will not be confirmed; an error without an event id may be about any commit. */
  private onError(eventId: string | undefined): void {
    this.open = eventId === undefined ? [] : this.open.filter((commit) => commit !== eventId);
  }
}
