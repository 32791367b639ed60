import { InvalidData, type JsonObject } from '../../../base/json.js';
import type { ModelEvent } from '../../../contract/events.js';
import type { Frame } from '../../../contract/frame.js';
import type { ConnectionState } from '../connection-state.js';
import { ConnectionMemory } from './connection-memory.js';
import { decodeActivity } from './decode-activity.js';
import { becomeIdle, decodeContent, endTurn } from './decode-content.js';
import { decodeServerError } from './decode-error.js';
import { decodeGoAway, decodeResumption, decodeSetupComplete } from './decode-session.js';
import { decodeToolCall, decodeToolCallCancellation } from './decode-tools.js';
import { innerObject } from './fields.js';
import { type Message, readMessage } from './message.js';
import { decodeUsage } from './usage.js';

/** Decodes one field of a message. A message may have several, each of which is read on its own. */
type FieldDecoder = (
  events: ModelEvent[],
  field: JsonObject,
  memory: ConnectionMemory,
  message: Message,
) => void;

/** In the order in which they must be read when they come together. */
const fields: readonly (readonly [name: string, decode: FieldDecoder])[] = [
  ['error', decodeServerError],
  ['setupComplete', decodeSetupComplete],
  ['sessionResumptionUpdate', decodeResumption],
  ['goAway', decodeGoAway],
  ['voiceActivity', decodeActivity],
  ['voiceActivityDetectionSignal', decodeActivity],
  ['serverContent', decodeContent],
  ['toolCallCancellation', decodeToolCallCancellation],
  ['toolCall', decodeToolCall],
  ['serverContent', endTurn],
];

/** Fields that are read together with another field. */
const others: ReadonlySet<string> = new Set(['usageMetadata', 'interactionStatus']);

/** Messages to events, for one connection. Never throws. */
export function createDecoder(state: ConnectionState): (frame: Frame) => ModelEvent[] {
  const memory = new ConnectionMemory(state);
  return (frame) => {
    const message = readMessage(frame);
    if (message === undefined) return [unreadable('The server sent a message that is not a JSON object.')];
    const events: ModelEvent[] = [];
    memory.user.confirmCommit(events);
    decodeMessage(events, message, memory);
    return events;
  };
}

function decodeMessage(events: ModelEvent[], message: Message, memory: ConnectionMemory): void {
  const { wire } = message;
  const names = Object.keys(wire);
  // The server sends empty messages while it generates.
  if (names.length === 0) return;
  let known = false;
  let fault: string | undefined;
  for (const [name, decode] of fields) {
    if (wire[name] === undefined || wire[name] === null) continue;
    known = true;
    try {
      decode(events, fieldOf(wire, name), memory, message);
    } catch (error) {
      if (!(error instanceof InvalidData)) throw error;
      // One error event per message; the other fields still count.
      fault ??= `The server sent "${name}", but ${error.message}.`;
    }
  }
  if (!known && !names.some((name) => others.has(name))) {
    events.push({ type: 'other', name: names.join(' '), raw: wire });
    return;
  }
  if (fault !== undefined) events.push(unreadable(fault));
  if (wire.interactionStatus === 'IDLE') becomeIdle(events, memory, message);
  countLeftUsage(events, wire);
}

/** Some servers send an error as a string. */
function fieldOf(wire: JsonObject, name: string): JsonObject {
  const value = wire[name];
  return name === 'error' && typeof value === 'string' ? { message: value } : (innerObject(wire, name) ?? {});
}

/** Usage that no end of a reply has reported: it comes with tool calls and in separate messages. */
function countLeftUsage(events: ModelEvent[], wire: JsonObject): void {
  if (wire.usageMetadata === undefined) return;
  if (events.some((event) => event.type === 'response.done' && event.usage !== undefined)) return;
  const usage = decodeUsage(wire.usageMetadata);
  if (usage !== undefined) events.push({ type: 'usage', usage });
}

function unreadable(message: string): ModelEvent {
  return { type: 'error', code: 'frame.unreadable', message, fatal: false, source: 'protocol' };
}
