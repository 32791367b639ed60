import type { Responses } from '../asking/responses.js';
import type { Trouble } from '../core/trouble.js';

/** How often a question is asked again on new connections before it is given up. */
const mostRepetitions = 2;

/** Questions whose answer was lost with a connection: asked again on the next one, but not for ever. */
export class LostQuestions {
  /** How often the last question was asked again. */
  private repetitions = 0;

  constructor(
    private readonly responses: Responses,
    private readonly trouble: Trouble,
  ) {}

  /** The user has said something else. */
  turnEnded(): void {
    this.repetitions = 0;
  }

  askAgain(): void {
    this.repetitions += 1;
    if (this.repetitions > mostRepetitions) {
      this.responses.cancelPending(true);
      this.trouble.unanswered('the connection broke off each time.');
    } else if (!this.responses.owed) {
      this.responses.owe({});
    }
  }
}
