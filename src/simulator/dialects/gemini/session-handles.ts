import { randomBytes } from 'node:crypto';
import type { Stages } from '../../../engines/core/stages.js';
import type { Item } from '../../store/items.js';
import { ClosingError, internalError } from './closing-error.js';

/** A conversation that outlives its connections. */
export interface Conversation {
  readonly id: string;
  readonly startedMs: number;
  /** Undefined before the first turn. */
  stages: Stages | undefined;
  items: readonly Item[];
  /** A connection is open. */
  live: boolean;
  /** Images were sent, which shortens the session. */
  hasImages: boolean;
}

interface Handle {
  readonly conversation: Conversation;
  /** The last item when the handle was issued. */
  readonly lastItemId: string | undefined;
  readonly issuedMs: number;
}

/** Handles are good for about two hours. */
const lifeMs = 2 * 3_600_000;
/** Of one server; the oldest is forgotten first. */
const mostHandles = 10_000;

/** The handles of one server, by which conversations can be resumed. */
export class SessionHandles {
  private readonly handles = new Map<string, Handle>();

  issue(conversation: Conversation, lastItemId: string | undefined, nowMs: number): string {
    const handle = randomBytes(24).toString('base64url');
    this.handles.set(handle, { conversation, lastItemId, issuedMs: nowMs });
    const [oldest] = this.handles.keys();
    if (this.handles.size > mostHandles && oldest !== undefined) this.handles.delete(oldest);
    return handle;
  }

  /**
   * The conversation as it was when the handle was issued; what came after is lost.
   * @throws ClosingError for an unknown handle, an expired one, or while another connection has the conversation.
   */
  resume(handle: string, nowMs: number): Conversation {
    const found = this.handles.get(handle);
    if (found === undefined) throw new ClosingError(1007, 'Invalid session handle');
    const { conversation, lastItemId, issuedMs } = found;
    if (nowMs - issuedMs > lifeMs) throw new ClosingError(1008, 'BidiGenerateContent session not found');
    if (conversation.live) throw internalError();
    const end = conversation.items.findIndex(({ id }) => id === lastItemId);
    conversation.items = withoutOpenCalls(conversation.items.slice(0, end + 1));
    conversation.live = true;
    return conversation;
  }
}

/** Drops calls without a result: the new connection would not know them. */
function withoutOpenCalls(items: readonly Item[]): Item[] {
  const answered = new Set(
    items.flatMap((item) => (item.type === 'function_call_output' ? [item.call_id] : [])),
  );
  return items.filter((item) => item.type !== 'function_call' || answered.has(item.call_id));
}
