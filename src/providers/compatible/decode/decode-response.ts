import {
  InvalidData,
  isObject,
  type JsonObject,
  optionalNumber,
  optionalText,
  requireObject,
  requireText,
} from '../../../base/json.js';
import type { ModelEvent, PartKey, ResponseStatus } from '../../../contract/events.js';
import type { ConnectionMemory } from '../connection-memory.js';
import { createEventKey } from '../encode/encode.js';
import { errorCode, errorMeaning } from '../error-meaning.js';
import { decodeItem } from '../items.js';
import { decodeUsage } from './usage.js';

export function decodeResponseCreated(frame: JsonObject, memory: ConnectionMemory): ModelEvent[] {
  const response = requireObject(frame, 'response');
  const metadata = response.metadata;
  const createEventId = isObject(metadata) ? optionalText(metadata, createEventKey) : undefined;
  const created: ModelEvent = {
    type: 'response.created',
    responseId: requireText(response, 'id'),
    createEventId,
  };
  return [...(memory.transcripts?.settle() ?? []), created];
}

export function decodeResponseDone(frame: JsonObject, memory: ConnectionMemory): ModelEvent[] {
  const response = requireObject(frame, 'response');
  const responseId = requireText(response, 'id');
  const said = optionalText(response, 'status') ?? 'completed';
  const status = responseStatus(said);
  // Some servers send a string here.
  const details = isObject(response.status_details) ? response.status_details : {};
  const reason = optionalText(details, 'reason') ?? (status === said ? undefined : said);
  // One vendor puts it beside the response.
  const usage = decodeUsage(response.usage) ?? decodeUsage(frame.usage);
  const error = failure(details);
  memory.sound.clear();
  return [
    ...(memory.transcripts?.settle() ?? []),
    ...memory.calls.responseDone(responseId, status === 'completed', response.output),
    ...(status === 'completed'
      ? memory.words.responseDone(responseId, response.output, memory.textIsSpoken)
      : []),
    { type: 'response.done', responseId, status, reason, error, usage },
    ...endOfSession(error, memory),
  ];
}

/** An answer may fail for a reason that makes every later answer fail too, for example an account without credit. */
function endOfSession(error: ReturnType<typeof failure>, { switches }: ConnectionMemory): ModelEvent[] {
  if (error === undefined) return [];
  const meaning = errorMeaning(error.code, error.message, switches.errors);
  return meaning.fatal ? [{ type: 'error', ...error, source: 'provider', ...meaning }] : [];
}

/** The response is over whatever its status is called; an unknown status must not leave it open. */
function responseStatus(said: string): ResponseStatus {
  return said === 'completed' || said === 'cancelled' || said === 'failed' ? said : 'incomplete';
}

function failure(details: JsonObject): { code: string; message: string } | undefined {
  const error = details.error;
  if (!isObject(error)) return undefined;
  const code = errorCode(error.code) ?? errorCode(error.type) ?? 'unknown';
  return { code, message: optionalText(error, 'message') ?? 'The server gives no reason.' };
}

export function decodeOutputItemAdded(frame: JsonObject, memory: ConnectionMemory): ModelEvent[] {
  const responseId = requireText(frame, 'response_id');
  const wire = requireObject(frame, 'item');
  const item = decodeItem(wire);
  if (item.kind === 'tool.call') memory.calls.learn(responseId, item.itemId, wire);
  return [{ type: 'output.item.added', responseId, item }, ...memory.mcp.item(wire, 'output')];
}

export function decodeOutputItemDone(frame: JsonObject, memory: ConnectionMemory): ModelEvent[] {
  const responseId = requireText(frame, 'response_id');
  const wire = requireObject(frame, 'item');
  const item = decodeItem(wire);
  const done: ModelEvent = { type: 'output.item.done', responseId, item };
  if (item.kind === 'message') return [...memory.words.itemDone(responseId, wire, memory.textIsSpoken), done];
  if (item.kind !== 'tool.call') return [done, ...memory.mcp.item(wire, 'output')];
  const call = memory.calls.itemDone(responseId, item.itemId, wire);
  return call === undefined ? [done] : [done, call];
}

export function decodeToolDelta(frame: JsonObject, { calls }: ConnectionMemory): ModelEvent[] {
  const responseId = requireText(frame, 'response_id');
  const itemId = requireText(frame, 'item_id');
  const callId = optionalText(frame, 'call_id') ?? calls.callId(itemId) ?? requireText(frame, 'call_id');
  return [{ type: 'tool.delta', responseId, itemId, callId, delta: requireText(frame, 'delta') }];
}

/** No event yet: the call is reported when its item is done, or at the latest at the end of its response. */
export function decodeArgumentsDone(frame: JsonObject, { calls }: ConnectionMemory): ModelEvent[] {
  // Almost always a repetition, so a missing field is not an error.
  const { response_id: responseId, item_id, call_id } = frame;
  const itemId = item_id ?? call_id;
  if (typeof responseId !== 'string' || typeof itemId !== 'string') return [];
  calls.learn(responseId, itemId, { ...frame, arguments: frame.arguments || '{}' });
  return [];
}

export function decodeAudioDelta(frame: JsonObject, { base64, sound }: ConnectionMemory): ModelEvent[] {
  const { responseId, itemId, contentIndex } = answerPart(frame);
  const delta = requireText(frame, 'delta');
  const bytes = base64.decodeStrictly(delta);
  if (bytes === undefined) throw new InvalidData('delta is not base64');
  const audio = sound.decode({ itemId, contentIndex }, bytes);
  return audio.length === 0 ? [] : [{ type: 'audio.delta', responseId, itemId, contentIndex, audio }];
}

export function decodeAudioDone(frame: JsonObject, { sound }: ConnectionMemory): ModelEvent[] {
  const part = answerPart(frame);
  const audio = sound.endPart(part);
  const rest: ModelEvent[] = audio.length === 0 ? [] : [{ type: 'audio.delta', ...part, audio }];
  return [...rest, { type: 'audio.done', ...part }];
}

/** No event: its words were streamed, or come with the item. */
export function decodePartDone(frame: JsonObject, { words }: ConnectionMemory): ModelEvent[] {
  words.partDone(frame);
  return [];
}

export function decodeSpokenDelta(frame: JsonObject, memory: ConnectionMemory): ModelEvent[] {
  return textDelta(frame, memory, true);
}

export function decodeWrittenDelta(frame: JsonObject, memory: ConnectionMemory): ModelEvent[] {
  return textDelta(frame, memory, memory.textIsSpoken);
}

export function decodeSpokenDone(frame: JsonObject, memory: ConnectionMemory): ModelEvent[] {
  return textDone(frame, memory, 'transcript', true);
}

export function decodeWrittenDone(frame: JsonObject, memory: ConnectionMemory): ModelEvent[] {
  return textDone(frame, memory, 'text', memory.textIsSpoken);
}

/** The words in which a model refuses are an answer. */
export function decodeRefusalDone(frame: JsonObject, memory: ConnectionMemory): ModelEvent[] {
  return textDone(frame, memory, 'refusal', memory.textIsSpoken);
}

function textDelta(frame: JsonObject, { words }: ConnectionMemory, spoken: boolean): ModelEvent[] {
  const part = answerPart(frame);
  const delta = requireText(frame, 'delta');
  if (delta !== '') words.streamed(part.itemId);
  return [{ type: 'text.delta', ...part, delta, spoken }];
}

function textDone(
  frame: JsonObject,
  { words }: ConnectionMemory,
  field: 'text' | 'transcript' | 'refusal',
  spoken: boolean,
): ModelEvent[] {
  const part = answerPart(frame);
  const text = requireText(frame, field);
  if (text !== '') words.streamed(part.itemId);
  return [{ type: 'text.done', ...part, text, spoken }];
}

/** Answers interleave, so every delta is assigned by its own ids, never to a current item. */
function answerPart(frame: JsonObject): PartKey & { readonly responseId: string } {
  return {
    responseId: requireText(frame, 'response_id'),
    itemId: requireText(frame, 'item_id'),
    // Nearly every item has one part, and some servers omit the index.
    contentIndex: optionalNumber(frame, 'content_index') ?? 0,
  };
}
