import type { JsonObject } from '../../base/json.js';

/** Fields that a server sent with a call and wants back with it. */
export interface CallExtras {
  /** Beside the call. */
  readonly call: JsonObject;
  /** Beside the list of calls, in the message. */
  readonly message: JsonObject;
}

/** Calls whose fields are kept; a longer conversation no longer fits a model's context. */
const mostCalls = 500;

/** What the calls of a session had beside them. The conversation itself keeps only their names and arguments. */
export class CallMemory {
  private readonly calls = new Map<string, CallExtras>();
  private readonly used = new Set<string>();
  /** The server's own ids that a conversation cannot have, by the ids in the conversation. */
  private readonly serverIds = new Map<string, string>();

  /**
   * An id for the conversation: the server's own, unless it has none, used it before, or writes it with other
   * characters (Kimi: `functions.get_time:0`).
   */
  idFor(id: string | undefined, taken: ReadonlySet<string>): string {
    const isNew = id !== undefined && !taken.has(id) && !this.used.has(id);
    const own = isNew && validId.test(id) ? id : this.inventedId(taken);
    if (isNew) {
      this.used.add(id);
      if (own !== id) this.serverIds.set(own, id);
    }
    return own;
  }

  /** The id under which the server knows a call of the conversation. */
  serverIdOf(id: string): string {
    return this.serverIds.get(id) ?? id;
  }

  private inventedId(taken: ReadonlySet<string>): string {
    let id = shortId();
    while (taken.has(id) || this.used.has(id)) id = shortId();
    this.used.add(id);
    return id;
  }

  keep(id: string, extras: CallExtras): void {
    if ([extras.call, extras.message].every((fields) => Object.keys(fields).length === 0)) return;
    const [oldest] = this.calls.keys();
    if (this.calls.size >= mostCalls && oldest !== undefined) this.calls.delete(oldest);
    this.calls.set(id, extras);
  }

  extrasOf(id: string): CallExtras | undefined {
    return this.calls.get(id);
  }
}

/** What realtime servers accept as the id of a call. */
const validId = /^[a-zA-Z0-9_-]{1,64}$/;

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
/** Mistral accepts exactly this many letters and digits, and the others accept those too. */
const idLetters = 9;

function shortId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(idLetters));
  return Array.from(bytes, (byte) => letters[byte % letters.length]).join('');
}

/** The same id, in a form that every server accepts. */
export function shortened(id: string): string {
  if (/^[a-zA-Z0-9]{9}$/.test(id)) return id;
  // FNV-1a: the same id must become the same one in the call and in its result.
  let hash = 0xcbf29ce484222325n;
  for (const letter of Buffer.from(id))
    hash = ((hash ^ BigInt(letter)) * 0x100000001b3n) & 0xffffffffffffffffn;
  let text = '';
  for (let n = 0; n < idLetters; n += 1) {
    text += letters[Number(hash % BigInt(letters.length))];
    hash /= BigInt(letters.length);
  }
  return text;
}
