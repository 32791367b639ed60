import type { ServerEvent } from './server-event.js';

interface RefusalOptions {
  readonly type?: 'invalid_request_error' | 'server_error';
  readonly code: string;
  readonly param?: string | null;
}

/** A request the server refuses. It becomes an `error` event and leaves the session usable. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly type: 'invalid_request_error' | 'server_error';
  readonly code: string;
  readonly param: string | null;
  /** The client's own id of the refused event, where it is known. */
  eventId: string | null = null;

  constructor(message: string, { type = 'invalid_request_error', code, param = null }: RefusalOptions) {
    super(message);
    this.type = type;
    this.code = code;
    this.param = param;
  }

  about(eventId: string | null): this {
    this.eventId = eventId;
    return this;
  }

  /** `eventId` is the client's own id of the event that was refused, if it gave one. */
  toEvent(eventId: string | null): ServerEvent {
    const { type, code, message, param } = this;
    return { type: 'error', error: { type, code, message, param, event_id: eventId } };
  }
}
