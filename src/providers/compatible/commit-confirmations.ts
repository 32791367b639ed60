import { connectionId } from '../../contract/connection-id.js';
import type { ModelEvent } from '../../contract/events.js';
import { RecentIds } from '../../contract/recent-ids.js';

interface ConfirmationRules {
  /** An answer that opens also says that the turn was taken, where nothing else has said so. */
  readonly byAnswer: boolean;
}

/** A server that names turns we have given up on must not fill the memory. */
const mostNames = 64;

/**
 * For servers that need not say `committed`: the first event that shows that a committed turn was taken becomes
 * `input.committed`, and every turn is confirmed exactly once; one the server ended itself, when its answer opens. A turn
 * that had to be named by us keeps that name.
 */
export class CommitConfirmations {
  /** Event ids of commits that nothing has confirmed yet, oldest first. */
  private open: (string | undefined)[] = [];
  /** Turns we named, oldest first, whose name at the server is not known yet. */
  private unnamed: string[] = [];
  private readonly names = new Map<string, string>();
  private readonly confirmed = new RecentIds();
  private turns = 0;
  /** A turn the server ended itself, and has not confirmed. */
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
        // With words it is one we wrote.
        if (event.item.role !== 'user' || event.item.text !== undefined) return [event];
        return [...this.sign(event.item.itemId), event];
      case 'user.transcript.delta':
      case 'user.transcript.updated':
      case 'user.transcript.done':
      case 'user.transcript.failed': {
        const confirmation = this.sign(event.itemId);
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

  /** A sign of life of a turn: its confirmation, where that is still owed. */
  private sign(itemId: string): ModelEvent[] {
    if (this.confirmed.has(itemId) || this.names.has(itemId)) return [];
    if (this.unnamed.length > 0) this.name(itemId);
    else if (this.open.length > 0) {
      this.open.shift();
      this.confirmed.add(itemId);
      return [{ type: 'input.committed', itemId }];
    }
    return [];
  }

  /** What is answered has its place before the answer, also where only the end of the speech was told. */
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

  /** A commit that was refused will not be confirmed; an error that names nothing may be about any of them. */
  private onError(eventId: string | undefined): void {
    this.open = eventId === undefined ? [] : this.open.filter((commit) => commit !== eventId);
  }
}
