import type { PartKey } from '../../contract/events.js';
import { factsOf, type ModelFacts } from './models.js';
import { PendingCalls } from './pending-calls.js';

/** The last sound of a reply that is over. */
interface LastPart {
  readonly responseId: string;
  readonly key: PartKey;
}

/** What the encoder and decoder of one connection share. The server gives almost nothing an id. */
export class ConnectionState {
  readonly facts: ModelFacts;
  readonly calls = new PendingCalls();
  /** Set by the setup: whether a transcript of the user's speech was asked for. Some models send one anyway. */
  transcribes: boolean | undefined;
  /** Set by the setup: we mark the start and end of turns ourselves. */
  manual = false;
  /** The setup has been accepted. */
  ready = false;
  /** Our names of tools by those on the wire. */
  readonly toolNames = new Map<string, string>();
  /** Functions that the model does not wait for. */
  readonly asyncTools = new Set<string>();
  /**
   * Audio was sent since the last reply started: the next reply answers speech, unless something else asked for one.
   */
  soundSent = false;
  /** A turn that we ended, or a typed message, waits for its answer. */
  answerDue = false;
  /** A typed message waits for its answer. */
  textAsked = false;
  /** A tool result was sent, and the reply to it has not started. */
  resultSent = false;
  /** A tool result was sent, and no word or sound has come since. */
  resultUnanswered = false;
  /** Where words belong that come after the end of a reply; undefined once something else has begun. */
  lastPart: LastPart | undefined;
  /** We ended the user's turn, which the server does not confirm. */
  turnCommitted = false;
  /** The id we gave to the open reply. */
  openReply: string | undefined;
  /** The open reply was cancelled. There is no message for that, so the server continues. */
  replyCancelled = false;
  /** The server has interrupted a turn and not yet reported its end. */
  turnInterrupted = false;
  private numbers = 0;

  constructor(model: string) {
    this.facts = factsOf(model);
  }

  /** A new id. The same frames always get the same ids. */
  newId(kind: 'resp' | 'item' | 'user' | 'call'): string {
    this.numbers += 1;
    return `${kind}_${this.numbers}`;
  }
}
