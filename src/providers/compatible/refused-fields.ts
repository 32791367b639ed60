import type { JsonObject } from '../../base/json.js';
import { valueAt, withoutValue } from '../../base/object-path.js';

interface Refused {
  readonly path: readonly string[];
  /** JSON of the value: with another one the field may be accepted. */
  readonly value: string;
}

const mostRefused = 64;

/**
 * Fields of the session object that the server does not accept with the value they had. Most of them are settings,
 * which the conversation gives up by itself; of a dialect's own fields, and of those the user added, only the codec
 * knows.
 */
export class RefusedFields {
  private sent: { readonly eventId: string | undefined; readonly session: JsonObject } | undefined;
  private readonly list: Refused[] = [];

  sending(eventId: string | undefined, session: JsonObject): JsonObject {
    const sent = this.list.reduce((left, { path, value }) => withoutValue(left, path, value), session);
    this.sent = { eventId, session: sent };
    return sent;
  }

  confirmed(): void {
    this.sent = undefined;
  }

  refused(eventId: string | undefined, path: readonly string[] | undefined): void {
    const { sent } = this;
    if (sent === undefined || path === undefined || (eventId !== undefined && eventId !== sent.eventId))
      return;
    // Tools are refused one by one, and formats are settled elsewhere.
    if (path[0] === 'tools' || path.some((part) => part.endsWith('format'))) return;
    const value = valueAt(sent.session, path);
    if (value !== undefined && this.list.length < mostRefused) {
      this.list.push({ path, value: JSON.stringify(value) });
    }
  }
}
