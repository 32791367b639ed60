import { RecentIds } from '../../contract/recent-ids.js';
import type { Outbox } from '../core/outbox.js';
import type { Trouble } from '../core/trouble.js';
import type { History } from '../memory/history.js';

export interface StoppedAnswersParts {
  readonly out: Outbox;
  readonly history: History;
  readonly trouble: Trouble;
  /** The provider takes messages. */
  readonly takesItems: boolean;
  /** Says it in the instructions. Returns whether that was possible. */
  readonly remind: (words: string) => boolean;
}

/** Answers that a guardrail has stopped or the user has called off, and what the model is told about the former. */
export class StoppedAnswers {
  private readonly ids = new RecentIds();
  private readonly byUser = new RecentIds();
  /** There is no connection; these words wait. */
  private untold: string[] | undefined;

  constructor(private readonly parts: StoppedAnswersParts) {}

  /** True the first time; what else trips over the same answer changes nothing. */
  trip(responseId: string): boolean {
    if (this.ids.has(responseId)) return false;
    this.ids.add(responseId);
    return true;
  }

  tripped(responseId: string): boolean {
    return this.ids.has(responseId);
  }

  callOff(responseIds: Iterable<string>): void {
    for (const id of responseIds) this.byUser.add(id);
  }

  calledOff(responseId: string): boolean {
    return this.byUser.has(responseId);
  }

  connectionLost(): void {
    this.untold ??= [];
  }

  connectionChanged(): void {
    const { untold = [] } = this;
    this.untold = undefined;
    for (const words of untold) this.tell(words);
  }

  /** Why the answer was stopped, so that the next one is better. Returns the item that says so, where there is one. */
  tell(words: string): string | undefined {
    const { out, history, trouble, takesItems, remind } = this.parts;
    if (this.untold !== undefined) {
      this.untold.push(words);
      return undefined;
    }
    const itemId = out.newId('guardrail');
    if (takesItems) {
      const item = { kind: 'message', itemId, role: 'system', text: words } as const;
      out.send({ type: 'item.create', item, eventId: out.newId('item') });
    } else if (!remind(words)) {
      trouble.guardrailUntold();
    }
    history.add({ kind: 'message', itemId, role: 'system', text: words, state: 'done' });
    return takesItems ? itemId : undefined;
  }
}
