import { factsOf, type ModelFacts } from './models.js';
import { PendingCalls } from './pending-calls.js';

/** What the two directions of one connection have to know of each other. The server names almost nothing. */
export class Exchange {
  readonly facts: ModelFacts;
  readonly calls = new PendingCalls();
  /** Set by the setup: whether what the user says shall be written down. Some models do it unasked. */
  transcribes: boolean | undefined;
  /** Set by the setup: turns begin and end when we say so. */
  manual = false;
  /** The setup has been accepted. */
  ready = false;
  /** Functions the model need not wait for. */
  readonly asyncTools = new Set<string>();
  /** Sound was sent since the last reply began: the next reply answers speech, unless something else asks for one. */
  soundSent = false;
  /** A turn that was ended by hand, or a typed message, waits for its answer. */
  answerDue = false;
  /** It is a typed message. */
  textAsked = false;
  /** A result was sent, and the reply to it has not begun. */
  resultSent = false;
  /** The user's turn was ended by hand, which the server does not confirm. */
  turnCommitted = false;
  /** The reply that is open, by the name we gave it. */
  openReply: string | undefined;
  /** It is not wanted any more. The server has no word for that and goes on. */
  replyRefused = false;
  /** The server has broken off a turn whose end it has yet to tell. */
  turnInterrupted = false;
  private numbers = 0;

  constructor(model: string) {
    this.facts = factsOf(model);
  }

  /** The same frames get the same ids, and no id is given twice. */
  newId(kind: 'resp' | 'item' | 'user' | 'call'): string {
    this.numbers += 1;
    return `${kind}_${this.numbers}`;
  }
}
