import { type JsonObject, optionalText, requireText } from '../../../base/json.js';
import type { ModelEvent } from '../../../contract/events.js';
import type { ConnectionMemory } from './connection-memory.js';
import { decodeCall } from './decode-tools.js';
import { innerObject, innerObjects, isSet } from './fields.js';
import { type Message, soundMark } from './message.js';
import { mimeTypeOf } from './reply-sound.js';
import { replyEnd } from './turn-end.js';
import { decodeUsage } from './usage.js';

/** What the model says and what it understood. {@link endTurn} handles the end of the reply. */
export function decodeContent(
  events: ModelEvent[],
  field: JsonObject,
  memory: ConnectionMemory,
  message: Message,
): void {
  const interrupted = isSet(field, 'interrupted');
  const { user, reply } = memory;
  if (interrupted) interrupt(events, memory, message.wire);
  const heard = innerObject(field, 'inputTranscription');
  if (heard !== undefined) user.heard(events, optionalText(heard, 'text') ?? '', isSet(heard, 'finished'));
  // The rest of the message was generated before the interruption.
  if (interrupted) return;
  const turn = innerObject(field, 'modelTurn');
  for (const part of turn === undefined ? [] : innerObjects(turn, 'parts'))
    decodePart(events, part, memory, message);
  const spoken = innerObject(field, 'outputTranscription');
  const words = spoken && optionalText(spoken, 'text');
  if (words) reply.spokenWords(events, words);
  if (isSet(field, 'generationComplete')) reply.endSound(events);
}

function decodePart(
  events: ModelEvent[],
  part: JsonObject,
  memory: ConnectionMemory,
  message: Message,
): void {
  const { reply } = memory;
  // Thoughts of the model are neither played nor shown.
  if (isSet(part, 'thought')) return;
  const data = innerObject(part, 'inlineData');
  if (data !== undefined) {
    const mimeType = mimeTypeOf(data);
    const base64 = requireText(data, 'data');
    // Images and video have no use here.
    if (/^(image|video)\//.test(mimeType)) return;
    reply.audio(events, mimeType, base64 === soundMark ? (message.sound ?? base64) : base64);
  }
  // Google sends calls as messages of their own; some relays leave them where other APIs have them.
  const call = innerObject(part, 'functionCall');
  if (call !== undefined) decodeCall(events, call, memory);
  const text = optionalText(part, 'text');
  if (text) reply.writtenWords(events, text);
}

/** The user interrupted: the server stops generating and drops what it has not sent. */
function interrupt(
  events: ModelEvent[],
  { state, user, reply }: ConnectionMemory,
  { usageMetadata }: JsonObject,
): void {
  const refused = reply.isOpen && state.replyCancelled;
  const answerDue = reply.isOpen || reply.hasEarlyWords || state.answerDue;
  if (answerDue && !reply.isOpen) reply.open(events);
  // A reply that we cancelled is already settled; the event would cancel what was requested since then.
  if (!refused) events.push({ type: 'interrupted' });
  user.replyOver(events);
  const end = { status: 'cancelled', reason: 'turn_detected' } as const;
  if (answerDue) reply.close(events, end, decodeUsage(usageMetadata));
  state.turnInterrupted = true;
}

/** The turn is over. After an interruption there is no reply left to end. */
export function endTurn(
  events: ModelEvent[],
  field: JsonObject,
  memory: ConnectionMemory,
  { wire }: Message,
): void {
  const { state, user, reply } = memory;
  const status = optionalText(field, 'interactionStatus') ?? wire.interactionStatus;
  if (!isSet(field, 'turnComplete')) {
    if (status === 'IDLE') becomeIdle(events, memory, { wire });
    return;
  }
  const end = replyEnd(optionalText(field, 'turnCompleteReason'));
  // Our request may get no answer; but this may also be the end of the turn that was interrupted.
  const refusal = !state.turnInterrupted && (state.answerDue || end.status !== 'completed');
  state.turnInterrupted = false;
  // A model that thinks in the background says "one moment" first; its answer is still to come.
  const goesOn = status === 'IN_PROGRESS' && end.status === 'completed' && !state.replyCancelled;
  const closes = !goesOn && (reply.isOpen || reply.hasEarlyWords || refusal);
  if (closes && !reply.isOpen) reply.open(events);
  user.replyOver(events);
  if (goesOn) reply.linger(events);
  else if (closes) reply.close(events, end, decodeUsage(wire.usageMetadata));
}

/** The model has finished thinking and will not say more. */
export function becomeIdle(
  events: ModelEvent[],
  { reply }: ConnectionMemory,
  { wire }: Pick<Message, 'wire'>,
): void {
  if (reply.isLingering) reply.close(events, { status: 'completed' }, decodeUsage(wire.usageMetadata));
}
