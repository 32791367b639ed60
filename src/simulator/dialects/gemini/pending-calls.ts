import type { FunctionResponse } from './client-message.js';
import { ClosingError, invalidArgument } from './closing-error.js';

export interface Call {
  readonly id: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

interface Pending {
  /** The model waits for its result. */
  readonly blocking: boolean;
  /** All calls of one message. */
  readonly group: ReadonlySet<string>;
}

type Follows = 'continue' | 'whenIdle' | 'interrupt' | 'nothing';

/** A result for the model, and whether the model continues now. */
export interface Answer {
  readonly callId: string;
  /** The function's result as text. */
  readonly output: string;
  readonly follows: Follows;
}

/** The calls that have no result yet. */
export class PendingCalls {
  private readonly pending = new Map<string, Pending>();
  /** Results of these calls may still arrive, and are dropped. */
  private readonly cancelled = new Set<string>();

  /** Whether the model waits for any result. */
  get blocking(): boolean {
    return [...this.pending.values()].some(({ blocking }) => blocking);
  }

  add(calls: readonly Call[], asynchronous: ReadonlySet<string>): void {
    const group = new Set(calls.map(({ id }) => id));
    for (const { id, name } of calls) this.pending.set(id, { blocking: !asynchronous.has(name), group });
  }

  /** The user interrupted. @returns the ids of the calls that the model was waiting for. */
  cancel(): string[] {
    const ids = [...this.pending].flatMap(([id, { blocking }]) => (blocking ? [id] : []));
    for (const id of ids) {
      this.pending.delete(id);
      this.cancelled.add(id);
    }
    return ids;
  }

  /** @throws ClosingError for a result without an id, or of an unknown call. */
  answer({ id, response = {}, scheduling, willContinue }: FunctionResponse): Answer | undefined {
    if (id === undefined || id === '') throw invalidArgument();
    const call = this.pending.get(id);
    if (call === undefined) {
      if (this.cancelled.has(id)) return undefined;
      throw new ClosingError(1008, 'Requested entity was not found.');
    }
    if (willContinue === true) return undefined;
    this.pending.delete(id);
    const open = [...call.group].some((other) => this.pending.has(other));
    return { callId: id, output: outputOf(response), follows: open ? 'nothing' : next(call, scheduling) };
  }
}

function next({ blocking }: Pending, scheduling: FunctionResponse['scheduling']): Follows {
  if (blocking) return 'continue';
  switch (scheduling) {
    case 'SILENT':
      return 'nothing';
    case 'INTERRUPT':
      return 'interrupt';
    case 'WHEN_IDLE':
    case 'SCHEDULING_UNSPECIFIED':
    case undefined:
      return 'whenIdle';
  }
}

/** `output` alone holds the result, if it is there; otherwise the whole object is the result. */
function outputOf(response: Readonly<Record<string, unknown>>): string {
  const only = Object.keys(response).length === 1 ? response.output : undefined;
  if (typeof only === 'string') return only;
  return JSON.stringify(only ?? response);
}
