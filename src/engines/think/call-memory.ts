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

  /** An id for the conversation: the server's own, unless it has none or used it before. */
  idFor(id: string | undefined, taken: ReadonlySet<string>): string {
    let own = id;
    while (own === undefined || taken.has(own) || this.used.has(own)) own = shortId();
    this.used.add(own);
    return own;
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
