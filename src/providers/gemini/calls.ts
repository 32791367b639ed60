/** A call the server waits for, by our id. */
export interface OpenCall {
  readonly name: string;
  /** The server's own id; some servers send none, and get none back. */
  readonly id: string | undefined;
}

/** Calls that are owed an answer: it has to quote the name of the function as well as the id. */
export class Calls {
  private readonly open = new Map<string, OpenCall>();

  add(callId: string, call: OpenCall): void {
    this.open.set(callId, call);
  }

  has(callId: string): boolean {
    return this.open.has(callId);
  }

  /** The call, once: a second answer to it would be refused. */
  take(callId: string): OpenCall | undefined {
    const call = this.open.get(callId);
    this.open.delete(callId);
    return call;
  }
}
