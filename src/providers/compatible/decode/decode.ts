import { InvalidData, isObject, type JsonObject } from '../../../base/json.js';
import type { ModelEvent } from '../../../contract/events.js';
import type { Frame } from '../../../contract/frame.js';
import type { ConnectionMemory } from '../connection-memory.js';
import type { Quirks } from '../switches.js';
import { decodeError } from './decode-error.js';
import * as input from './decode-input.js';
import * as response from './decode-response.js';
import * as session from './decode-session.js';
import { unreadable } from './unreadable.js';

type Decoder = (frame: JsonObject, memory: ConnectionMemory) => ModelEvent[];

/** Repeats what another event reports in more detail. */
const duplicate: Decoder = () => [];

/** Decoders by the name of the server event. */
const decoders: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['error', decodeError],
  ['session.created', session.decodeSessionCreated],
  ['session.updated', session.decodeSessionUpdated],
  ['rate_limits.updated', session.decodeRateLimits],
  ['output_audio_buffer.started', session.decodeOutlet('output.started')],
  ['output_audio_buffer.stopped', session.decodeOutlet('output.stopped')],
  ['output_audio_buffer.cleared', session.decodeOutlet('output.cleared')],

  ['input_audio_buffer.speech_started', input.decodeSpeechStarted],
  ['input_audio_buffer.speech_stopped', input.decodeSpeechStopped],
  ['input_audio_buffer.committed', input.decodeCommitted],
  ['input_audio_buffer.cleared', input.decodeCleared],
  ['input_audio_buffer.timeout_triggered', input.decodeTimeout],
  ['conversation.item.added', input.decodeItemAdded],
  // The older name of `added`, which several servers kept.
  ['conversation.item.created', input.decodeItemAdded],
  ['conversation.item.done', input.decodeItemDone],
  ['conversation.item.deleted', input.decodeItemDeleted],
  ['conversation.item.truncated', input.decodeItemTruncated],
  ['conversation.item.input_audio_transcription.delta', input.decodeUserDelta],
  ['conversation.item.input_audio_transcription.updated', input.decodeUserUpdated],
  ['conversation.item.input_audio_transcription.completed', input.decodeUserDone],
  ['conversation.item.input_audio_transcription.failed', input.decodeUserFailed],
  ['mcp_list_tools.failed', input.decodeMcpListFailed],
  ['response.mcp_call.completed', input.decodeMcpCallOver],
  ['response.mcp_call.failed', input.decodeMcpCallOver],

  ['response.created', response.decodeResponseCreated],
  ['response.done', response.decodeResponseDone],
  ['response.output_item.added', response.decodeOutputItemAdded],
  ['response.output_item.done', response.decodeOutputItemDone],
  ['response.output_audio.delta', response.decodeAudioDelta],
  ['response.output_audio.done', response.decodeAudioDone],
  ['response.output_audio_transcript.delta', response.decodeSpokenDelta],
  ['response.output_audio_transcript.done', response.decodeSpokenDone],
  ['response.output_text.delta', response.decodeWrittenDelta],
  ['response.output_text.done', response.decodeWrittenDone],
  // The beta's names for the same events, which many servers still use.
  ['response.audio.delta', response.decodeAudioDelta],
  ['response.audio.done', response.decodeAudioDone],
  ['response.audio_transcript.delta', response.decodeSpokenDelta],
  ['response.audio_transcript.done', response.decodeSpokenDone],
  ['response.text.delta', response.decodeWrittenDelta],
  ['response.text.done', response.decodeWrittenDone],
  ['response.function_call_arguments.delta', response.decodeToolDelta],
  ['response.function_call_arguments.done', response.decodeArgumentsDone],
  ['response.content_part.added', duplicate],
  ['response.content_part.done', response.decodePartDone],
  ['response.refusal.delta', response.decodeWrittenDelta],
  ['response.refusal.done', response.decodeRefusalDone],
]);

/** Frames to events, for one connection. Never throws. */
export function createDecoder(memory: ConnectionMemory, quirks: Quirks): (frame: Frame) => ModelEvent[] {
  const { incoming, events: revised } = quirks;
  return (frame) => {
    const value = parse(frame);
    if (!isObject(value)) return [unreadable('The server sent a frame that is not a JSON object.')];
    try {
      const wire = incoming === undefined ? value : incoming(value);
      if (wire === null) return [];
      const events = decode(wire, memory);
      return memory.finalOnce(revised === undefined ? events : revised(events, wire));
    } catch (error) {
      if (!(error instanceof InvalidData)) throw error;
      return [unreadable(`The server sent "${String(value.type)}", but ${error.message}.`)];
    }
  };
}

function decode(wire: JsonObject, memory: ConnectionMemory): ModelEvent[] {
  const name = wire.type;
  if (typeof name !== 'string') return [unreadable('The server sent a frame without a type.')];
  const decoder = decoders.get(name);
  return decoder === undefined ? [{ type: 'other', name, raw: wire }] : decoder(wire, memory);
}

function parse(frame: Frame): unknown {
  // This dialect is text, but a relay may forward it as binary frames.
  const text = typeof frame === 'string' ? frame : new TextDecoder().decode(frame);
  try {
    return parseDelta(text) ?? JSON.parse(text);
  } catch {
    return undefined;
  }
}

const deltaKeys = ['"delta":"', '"delta": "'];
/** Below this length, searching first costs more than it saves. */
const longText = 1024;

/**
 * Parses an audio delta faster. Its base64 is nearly the whole frame, and JSON.parse checks each character for escapes
 * that base64 does not have; cutting it out before parsing and putting it back takes a fifth of the time. Undefined for
 * any other frame.
 */
function parseDelta(text: string): Record<string, unknown> | undefined {
  if (text.length < longText) return undefined;
  for (const key of deltaKeys) {
    const found = text.indexOf(key);
    if (found < 0) continue;
    const from = found + key.length;
    const to = text.indexOf('"', from);
    const delta = text.slice(from, to);
    if (to < 0 || delta.includes('\\')) return undefined;
    const rest: unknown = JSON.parse(text.slice(0, from) + text.slice(to));
    // No copy: on short frames it would cost more than everything else.
    return isObject(rest) && rest.delta === '' ? Object.assign(rest, { delta }) : undefined;
  }
  return undefined;
}
