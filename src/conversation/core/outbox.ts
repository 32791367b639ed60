import type { Command } from '../../contract/commands.js';
import type { Effect } from '../../contract/effects.js';
import type { SessionEventBody } from '../../contract/session-events.js';
import { ConversationIds } from './conversation-ids.js';

/** Commands that only tidy up. Their refusal changes nothing for the user: what they were about is gone already. */
const tidying = /^vt_(cancel|truncate|delete|clear)_/;

/** An error that quotes this id is about a command that only tidied up. */
export function isTidying(eventId: string | undefined): boolean {
  return eventId !== undefined && tidying.test(eventId);
}

/** Collects the effects of one input, in order, and holds the time that input arrived with. */
export class Outbox {
  nowMs = 0;
  /** False while there is no connection. */
  connected = true;
  private effects: Effect[] = [];
  private count = 0;

  constructor(readonly ids = new ConversationIds()) {}

  /** Ids that a provider may quote back. Counted, so that the same inputs give the same effects. */
  newId(noun: string): string {
    let id: string;
    do {
      this.count += 1;
      id = `vt_${noun}_${this.count}`;
      // An earlier session has counted the same way.
    } while (this.ids.items.isUsed(id));
    return id;
  }

  send(command: Command): void {
    if (!this.connected) return;
    const told = this.ids.outward(command, () => this.newId('call'));
    this.effects.push({ type: 'send', command: told });
  }

  emit(event: SessionEventBody): void {
    this.effects.push({ type: 'emit', event });
  }

  push(effect: Effect): void {
    this.effects.push(effect);
  }

  drain(): Effect[] {
    const drained = this.effects;
    this.effects = [];
    return drained;
  }
}
