import { isObject, type JsonObject } from '../../../../src/base/json.js';
import { at, objectsAt, textAt } from './reading.js';

/**
 * The recorded server uses the ids of the recorded client. This replaces them with ours, as if the server had been
 * talking to us.
 */
export class ServerNames {
  private readonly ours = new Map<string, string>();
  /** Our items whose id at the recorded server is not known yet, oldest first. */
  private unnamed: string[] = [];
  private readonly outputs = new Map<string, string>();
  private askedByClient = 0;
  private readonly metadata: unknown[] = [];

  /** Takes a frame that the recorded client sent, and what we sent instead. */
  sent(recorded: JsonObject, frames: readonly JsonObject[]): void {
    if (recorded.type === 'response.create') this.askedByClient += 1;
    const theirs = textAt(recorded, 'item', 'id');
    for (const frame of frames) {
      const ours = textAt(frame, 'item', 'id');
      const callId = textAt(frame, 'item', 'call_id');
      if (frame.type === 'response.create') this.metadata.push(at(frame, 'response', 'metadata'));
      if (frame.type !== 'conversation.item.create' || ours === undefined) continue;
      if (callId !== undefined) this.outputs.set(callId, ours);
      else if (theirs !== undefined) this.ours.set(theirs, ours);
      else this.unnamed.push(ours);
    }
  }

  /** A frame of the recorded server as we would have received it. */
  received(frame: JsonObject): JsonObject {
    if (frame.type === 'conversation.item.added' || frame.type === 'conversation.item.created')
      this.learn(frame);
    const named = renamed(frame, this.ours);
    if (!isObject(named)) return frame;
    if (named.type !== 'response.created' || this.askedByClient === 0) return named;
    this.askedByClient -= 1;
    const metadata = this.metadata.shift();
    if (!isObject(named.response) || !('metadata' in named.response) || metadata === undefined) return named;
    return { ...named, response: { ...named.response, metadata } };
  }

  private learn(frame: JsonObject): void {
    const item = at(frame, 'item');
    const theirs = textAt(item, 'id');
    if (theirs === undefined || this.ours.has(theirs)) return;
    const ours = this.oursFor(item);
    if (ours !== undefined) this.ours.set(theirs, ours);
  }

  private oursFor(item: unknown): string | undefined {
    if (at(item, 'type') === 'function_call_output') return this.outputs.get(textAt(item, 'call_id') ?? '');
    const written = objectsAt(item, 'content').some(({ type }) => type !== 'input_audio' && type !== 'audio');
    return at(item, 'role') === 'user' && written ? this.unnamed.shift() : undefined;
  }
}

function renamed(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return names.get(value) ?? value;
  if (Array.isArray(value)) return value.map((inner) => renamed(inner, names));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, renamed(inner, names)]));
}
