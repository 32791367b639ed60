import type { ModelEvent, PartKey, ResponseStatus } from '../../conversation/events.js';
import type { Base64Slab } from './base64-slab.js';
import { createEventKey } from './encode.js';
import { decodeItem } from './items.js';
import type { SampleAlignment } from './sample-alignment.js';
import { errorCode } from './server-error.js';
import { decodeUsage } from './usage.js';
import {
  isObject,
  optionalNumber,
  optionalText,
  requireObject,
  requireText,
  WireFault,
  type WireObject,
} from './wire.js';

/** What the sound of one connection leaves to remember from frame to frame. */
export interface SoundMemory {
  readonly slab: Base64Slab;
  readonly alignment: SampleAlignment;
}

export function decodeResponseCreated(frame: WireObject): ModelEvent[] {
  const response = requireObject(frame, 'response');
  const metadata = response.metadata;
  const createEventId = isObject(metadata) ? optionalText(metadata, createEventKey) : undefined;
  return [{ type: 'response.created', responseId: requireText(response, 'id'), createEventId }];
}

export function decodeResponseDone(frame: WireObject, { alignment }: SoundMemory): ModelEvent[] {
  const response = requireObject(frame, 'response');
  const responseId = requireText(response, 'id');
  const said = optionalText(response, 'status') ?? 'completed';
  const status = responseStatus(said);
  // Some servers send a bare word here.
  const details = isObject(response.status_details) ? response.status_details : {};
  const reason = optionalText(details, 'reason') ?? (status === said ? undefined : said);
  const usage = decodeUsage(response.usage);
  alignment.clear();
  return [{ type: 'response.done', responseId, status, reason, error: failure(details), usage }];
}

/** It is over whatever they call it; an unknown word must not leave the response open. */
function responseStatus(said: string): ResponseStatus {
  return said === 'completed' || said === 'cancelled' || said === 'failed' ? said : 'incomplete';
}

function failure(details: WireObject): { code: string; message: string } | undefined {
  const error = details.error;
  if (!isObject(error)) return undefined;
  const code = errorCode(error.code) ?? errorCode(error.type) ?? 'unknown';
  return { code, message: optionalText(error, 'message') ?? 'The server gives no reason.' };
}

export function decodeOutputItemAdded(frame: WireObject): ModelEvent[] {
  const responseId = requireText(frame, 'response_id');
  return [{ type: 'output.item.added', responseId, item: decodeItem(requireObject(frame, 'item')) }];
}

/**
 * The one place where a tool call is complete: `function_call_arguments.done` says the same earlier, without the
 * status that tells whether the call counts.
 */
export function decodeOutputItemDone(frame: WireObject): ModelEvent[] {
  const responseId = requireText(frame, 'response_id');
  const wire = requireObject(frame, 'item');
  const item = decodeItem(wire);
  const done: ModelEvent = { type: 'output.item.done', responseId, item };
  const complete = wire.status === undefined || wire.status === 'completed';
  if (item.kind !== 'tool.call' || !complete) return [done];
  const call: ModelEvent = {
    type: 'tool.called',
    responseId,
    itemId: item.itemId,
    callId: requireText(wire, 'call_id'),
    name: requireText(wire, 'name'),
    // A function without parameters may be called with nothing at all.
    arguments: optionalText(wire, 'arguments')?.trim() || '{}',
  };
  return [done, call];
}

export function decodeToolDelta(frame: WireObject): ModelEvent[] {
  return [
    {
      type: 'tool.delta',
      responseId: requireText(frame, 'response_id'),
      itemId: requireText(frame, 'item_id'),
      callId: requireText(frame, 'call_id'),
      delta: requireText(frame, 'delta'),
    },
  ];
}

export function decodeAudioDelta(frame: WireObject, { slab, alignment }: SoundMemory): ModelEvent[] {
  const { responseId, itemId, contentIndex } = answerPart(frame);
  const base64 = requireText(frame, 'delta');
  const bytes = slab.decode(base64);
  if (bytes.length === 0 && base64 !== '') throw new WireFault('delta is not base64');
  const audio = alignment.align({ itemId, contentIndex }, bytes);
  return audio.length === 0 ? [] : [{ type: 'audio.delta', responseId, itemId, contentIndex, audio }];
}

export function decodeAudioDone(frame: WireObject, { alignment }: SoundMemory): ModelEvent[] {
  const part = answerPart(frame);
  alignment.endPart(part);
  return [{ type: 'audio.done', ...part }];
}

export function decodeTextDelta(spoken: boolean) {
  return (frame: WireObject): ModelEvent[] => {
    return [{ type: 'text.delta', ...answerPart(frame), delta: requireText(frame, 'delta'), spoken }];
  };
}

export function decodeTextDone(spoken: boolean, key: 'text' | 'transcript') {
  return (frame: WireObject): ModelEvent[] => {
    return [{ type: 'text.done', ...answerPart(frame), text: requireText(frame, key), spoken }];
  };
}

/** Answers interleave, so every piece is filed under its own ids, never under "the current item". */
function answerPart(frame: WireObject): PartKey & { readonly responseId: string } {
  return {
    responseId: requireText(frame, 'response_id'),
    itemId: requireText(frame, 'item_id'),
    // Nearly every item has one part, and some servers leave the index out.
    contentIndex: optionalNumber(frame, 'content_index') ?? 0,
  };
}
