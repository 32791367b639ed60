import {
  type JsonObject,
  optionalNumber,
  optionalObject,
  optionalText,
  requireNumber,
  requireObject,
  requireText,
} from '../../../base/json.js';
import type { ModelEvent } from '../../../contract/events.js';
import type { ConnectionMemory } from '../connection-memory.js';
import { decodeItem } from '../items.js';

export function decodeSpeechStarted(frame: JsonObject, { transcripts }: ConnectionMemory): ModelEvent[] {
  const audioStartMs = optionalNumber(frame, 'audio_start_ms');
  const started: ModelEvent = {
    type: 'speech.started',
    itemId: optionalText(frame, 'item_id'),
    audioStartMs,
  };
  return [...(transcripts?.settle() ?? []), started];
}

export function decodeSpeechStopped(frame: JsonObject): ModelEvent[] {
  const audioEndMs = optionalNumber(frame, 'audio_end_ms');
  return [{ type: 'speech.stopped', itemId: optionalText(frame, 'item_id'), audioEndMs }];
}

export function decodeCommitted(frame: JsonObject): ModelEvent[] {
  // Some servers do not name the item; the turn still needs an id.
  const itemId = optionalText(frame, 'item_id') ?? requireText(frame, 'event_id');
  return [{ type: 'input.committed', itemId, previousItemId: previousItemId(frame) }];
}

export function decodeCleared(): ModelEvent[] {
  return [{ type: 'input.cleared' }];
}

export function decodeTimeout(frame: JsonObject, { silences }: ConnectionMemory): ModelEvent[] {
  const itemId = optionalText(frame, 'item_id');
  if (itemId !== undefined) silences.add(itemId);
  return [{ type: 'input.timeout', itemId }];
}

export function decodeItemAdded(frame: JsonObject, { mcp }: ConnectionMemory): ModelEvent[] {
  const wire = requireObject(frame, 'item');
  const added: ModelEvent = {
    type: 'item.added',
    item: decodeItem(wire),
    previousItemId: previousItemId(frame),
  };
  return [added, ...mcp.item(wire, 'added')];
}

export function decodeItemDone(frame: JsonObject, { mcp }: ConnectionMemory): ModelEvent[] {
  const wire = requireObject(frame, 'item');
  return [{ type: 'item.done', item: decodeItem(wire) }, ...mcp.item(wire, 'done')];
}

export function decodeMcpCallOver(frame: JsonObject, { mcp }: ConnectionMemory): ModelEvent[] {
  return [{ type: 'other', name: requireText(frame, 'type'), raw: frame }, ...mcp.callOver(frame)];
}

export function decodeMcpListFailed(frame: JsonObject, { mcp }: ConnectionMemory): ModelEvent[] {
  return mcp.listFailed(frame);
}

export function decodeItemDeleted(frame: JsonObject): ModelEvent[] {
  return [{ type: 'item.deleted', itemId: requireText(frame, 'item_id') }];
}

export function decodeItemTruncated(frame: JsonObject): ModelEvent[] {
  const itemId = requireText(frame, 'item_id');
  const contentIndex = optionalNumber(frame, 'content_index') ?? 0;
  return [{ type: 'item.truncated', itemId, contentIndex, audioEndMs: requireNumber(frame, 'audio_end_ms') }];
}

export function decodeUserDelta(frame: JsonObject): ModelEvent[] {
  const itemId = requireText(frame, 'item_id');
  const delta = optionalText(frame, 'delta');
  return delta ? [{ type: 'user.transcript.delta', itemId, delta }] : [];
}

/** The whole transcript so far, from servers that transcribe while the user speaks. */
export function decodeUserUpdated(frame: JsonObject, { transcripts }: ConnectionMemory): ModelEvent[] {
  const itemId = requireText(frame, 'item_id');
  const text = requireText(frame, 'transcript');
  return transcripts?.isComplete(itemId) === true ? [] : [{ type: 'user.transcript.updated', itemId, text }];
}

export function decodeUserDone(frame: JsonObject, { silences, transcripts }: ConnectionMemory): ModelEvent[] {
  const itemId = requireText(frame, 'item_id');
  const text = requireText(frame, 'transcript');
  // The server commits the silence like a turn, but nothing was said, so it does not belong in the history.
  if (text.trim() === '' && silences.take(itemId)) return [{ type: 'item.deleted', itemId }];
  return (
    transcripts?.completed(itemId, text, frame.status) ?? [{ type: 'user.transcript.done', itemId, text }]
  );
}

export function decodeUserFailed(frame: JsonObject): ModelEvent[] {
  const itemId = requireText(frame, 'item_id');
  const error = optionalObject(frame, 'error');
  const message = (error && optionalText(error, 'message')) ?? 'The server gives no reason.';
  return [{ type: 'user.transcript.failed', itemId, message }];
}

/** Null means the first item, absent means unknown. */
function previousItemId(frame: JsonObject): string | null | undefined {
  return frame.previous_item_id === null ? null : optionalText(frame, 'previous_item_id');
}
