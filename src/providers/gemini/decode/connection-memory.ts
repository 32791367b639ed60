import type { ConnectionState } from '../connection-state.js';
import { Reply } from './reply.js';
import { UserTurn } from './user-turn.js';

/** What the decoder of one connection remembers from message to message. */
export class ConnectionMemory {
  readonly user: UserTurn;
  readonly reply: Reply;

  constructor(readonly state: ConnectionState) {
    this.user = new UserTurn(state);
    this.reply = new Reply(state, (events) => this.user.answered(events));
  }
}
