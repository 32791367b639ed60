import { isObject, type JsonObject } from '../../base/json.js';
import { isWholeObject } from './call-arguments.js';

/** A call as the model wrote it; `arguments` is meant to be JSON. */
export interface ChatCall {
  readonly id: string | undefined;
  readonly name: string;
  readonly arguments: string;
  /** Fields beside the call that the server wants back with it. */
  readonly extras?: JsonObject | undefined;
}

interface OpenCall {
  readonly index: number | undefined;
  id: string | undefined;
  name: string;
  arguments: string;
  extras: JsonObject;
  /** The chunk in which its last piece came. */
  chunk: number;
}

interface Piece {
  readonly index: number | undefined;
  readonly id: string | undefined;
  readonly name: string;
  readonly arguments: string;
}

/** Gemini signs its calls, directly or through gateways, and refuses them without the signature. */
const returnedFields = ['extra_content', 'thought_signature', 'provider_specific_fields'];

/** A model that calls more than this in one answer has gone wrong. */
const mostCalls = 256;

/**
 * Puts streamed calls together. Servers send them in pieces by `index`, by `id`, or by neither; whole, all with index 0
 * but with ids of their own; with a new id or the name again in each piece; with the arguments before the name.
 */
export class ChatCalls {
  private readonly open: OpenCall[] = [];
  private chunk = 0;

  /** The pieces of one chunk. */
  take(parts: readonly unknown[]): void {
    this.chunk += 1;
    for (const part of parts) if (isObject(part)) this.add(part);
  }

  /** The calls, in the order in which they were begun. */
  get calls(): readonly ChatCall[] {
    const calls: OpenCall[] = [];
    for (const call of this.open) {
      const last = calls.at(-1);
      // Pieces with an id that never got a name continue the call before them.
      if (call.name === '' && last !== undefined && !isWholeObject(last.arguments)) {
        last.arguments += call.arguments;
        last.extras = { ...last.extras, ...call.extras };
      } else calls.push({ ...call });
    }
    return calls
      .filter(({ name }) => name !== '')
      .map(({ id, name, arguments: text, extras }) => ({
        id,
        name,
        arguments: text,
        extras: Object.keys(extras).length === 0 ? undefined : extras,
      }));
  }

  private add(part: JsonObject): void {
    // Some servers leave the wrapper away.
    const made = isObject(part.function) ? part.function : part;
    const piece: Piece = {
      index: typeof part.index === 'number' ? part.index : undefined,
      id: typeof part.id === 'string' && part.id !== '' ? part.id : undefined,
      name: typeof made.name === 'string' ? made.name : '',
      arguments: textOf(made.arguments),
    };
    const call = this.callFor(piece);
    if (call === undefined) return;
    call.id ??= piece.id;
    call.name = joined(call, piece.name);
    call.arguments += piece.arguments;
    call.chunk = this.chunk;
    for (const from of [part, made]) call.extras = { ...call.extras, ...extrasOf(from) };
  }

  private callFor(piece: Piece): OpenCall | undefined {
    const { index, id } = piece;
    const named = id === undefined ? undefined : this.open.findLast((call) => this.isNamed(call, piece));
    if (named !== undefined) return named;
    const last = this.open.at(-1);
    const placed = index === undefined ? last : this.open.findLast((call) => call.index === index);
    if (placed !== undefined && this.continues(placed, piece)) return placed;
    // A rest whose index was never announced belongs to the call that still lacks it.
    const isRest = placed === undefined && id === undefined && piece.name === '';
    if (isRest && last !== undefined && !isWholeObject(last.arguments)) return last;
    return this.begin(piece);
  }

  /** Whether a piece with an id is part of this call. Some servers give every call the same id. */
  private isNamed(call: OpenCall, { index, id, name }: Piece): boolean {
    if (call.id !== id) return false;
    if (index !== undefined && call.index !== undefined) return index === call.index;
    return name === '' || call.chunk !== this.chunk || !isWholeObject(call.arguments);
  }

  /** Whether a piece that has the place of this call, but not its id, is part of it. */
  private continues(call: OpenCall, { index, id, name, arguments: text }: Piece): boolean {
    if (name === '') {
      // Without an index, a new id begins a call whose name follows.
      return id === undefined || call.id === undefined || index !== undefined || call.name === '';
    }
    if (call.name === '') return id === undefined || call.id === undefined;
    const sameChunk = call.chunk === this.chunk;
    const begun = call.arguments.trim();
    if (begun === '') {
      // The name again, or the rest of it.
      if (sameChunk) return false;
      return index !== undefined && (id === undefined || call.id === undefined || name === call.name);
    }
    if (isWholeObject(begun)) return !sameChunk && text === '' && name === call.name && id === undefined;
    if (sameChunk || name !== call.name) return false;
    return index !== undefined || !/^\s*[{"`]/.test(text);
  }

  private begin({ index, id }: Piece): OpenCall | undefined {
    if (this.open.length >= mostCalls) return undefined;
    const call = { index, id, name: '', arguments: '', extras: {}, chunk: this.chunk };
    this.open.push(call);
    return call;
  }
}

/** The name comes whole, again, growing, or in pieces. */
function joined({ name, arguments: text }: OpenCall, more: string): string {
  if (more === '' || more === name) return name;
  if (name === '' || more.startsWith(name)) return more;
  return text === '' ? name + more : name;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return isObject(value) ? JSON.stringify(value) : '';
}

function extrasOf(part: JsonObject): JsonObject {
  return Object.fromEntries(
    returnedFields.flatMap((key) => {
      const value = part[key];
      return value === undefined || value === null ? [] : [[key, value]];
    }),
  );
}
