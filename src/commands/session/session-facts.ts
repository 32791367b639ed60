import type { HistoryItem } from '../../contract/items.js';
import type { SessionEvent } from '../../contract/session-events.js';
import type { VoiceSession } from '../../session/voice-session.js';
import type { ResultLine } from '../../terminal/ndjson.js';

/** The rest of the result line: which agent had the conversation last, and what it cost. */
export class SessionFacts {
  agent: string | undefined;
  cost: ResultLine['cost'] = null;
  private earlier: ReadonlySet<string> = new Set();

  /** Call at the start: marks the history so far as that of an earlier session. */
  begin(session: VoiceSession, agent: string | undefined): void {
    this.agent = agent;
    this.earlier = new Set(session.history.map(({ itemId }) => itemId));
  }

  /** The conversation without the history of an earlier session. */
  since(session: VoiceSession): readonly HistoryItem[] {
    return session.history.filter(({ itemId }) => !this.earlier.has(itemId));
  }

  readonly onEvent = (event: SessionEvent): void => {
    switch (event.type) {
      case 'response.started':
        if (this.agent !== undefined) this.agent = event.agent ?? this.agent;
        break;
      case 'agent.handoff':
        this.agent = event.to;
        break;
      case 'usage':
        if (event.cost !== undefined) {
          const { session: amount, currency, pricesOf } = event.cost;
          this.cost = { amount, currency, pricesOf };
        }
        break;
      default:
        break;
    }
  };
}
