import type { Exchange } from '../exchange.js';
import { Reply } from './reply.js';
import { UserTurn } from './user-turn.js';

/** What the decoder of one connection remembers from message to message. */
export class ConnectionMemory {
  readonly user: UserTurn;
  readonly reply: Reply;

  constructor(readonly exchange: Exchange) {
    this.user = new UserTurn(exchange);
    this.reply = new Reply(exchange, (events) => this.user.answered(events));
  }
}
