/** A call whose result the server waits for. */
export interface PendingCall {
  readonly name: string;
  /** The server's own id; some servers send none, and get none back. */
  readonly id: string | undefined;
}

/** A server whose calls never get a result must not fill the memory. */
const mostPending = 256;

/** Calls that have no result yet, by our id. The result has to repeat the function's name as well as its id. */
export class PendingCalls {
  private readonly open = new Map<string, PendingCall>();

  add(callId: string, call: PendingCall): void {
    this.open.set(callId, call);
    const oldest = this.open.keys().next();
    if (this.open.size > mostPending && !oldest.done) this.open.delete(oldest.value);
  }

  has(callId: string): boolean {
    return this.open.has(callId);
  }

  /** Removes the call, so that it is answered once: the server refuses a second result. */
  take(callId: string): PendingCall | undefined {
    const call = this.open.get(callId);
    this.open.delete(callId);
    return call;
  }
}
