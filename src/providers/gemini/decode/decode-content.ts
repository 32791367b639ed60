import { type JsonObject, optionalText, requireText } from '../../../base/json.js';
import type { ModelEvent } from '../../../contract/events.js';
import type { ConnectionMemory } from './connection-memory.js';
import { innerObject, innerObjects, isSet } from './fields.js';
import { type Message, soundMark } from './message.js';
import { mimeTypeOf } from './reply-sound.js';
import { replyEnd } from './turn-end.js';
import { decodeUsage } from './usage.js';

/** What the model says, and what it has understood. Where the reply ends, {@link endTurn} tells. */
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
  // Whatever comes with it was made before.
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
  { reply }: ConnectionMemory,
  message: Message,
): void {
  // The model talks to itself: nobody else shall hear or read it.
  if (isSet(part, 'thought')) return;
  const data = innerObject(part, 'inlineData');
  if (data !== undefined) {
    const mimeType = mimeTypeOf(data);
    const base64 = requireText(data, 'data');
    // Pictures and films of speaking faces have no place in a terminal.
    if (/^(image|video)\//.test(mimeType)) return;
    reply.audio(events, mimeType, base64 === soundMark ? (message.sound ?? base64) : base64);
  }
  const text = optionalText(part, 'text');
  if (text) reply.writtenWords(events, text);
}

/** The user speaks: the server has stopped, and forgets what it has not sent. */
function interrupt(
  events: ModelEvent[],
  { exchange, user, reply }: ConnectionMemory,
  { usageMetadata }: JsonObject,
): void {
  const refused = reply.isOpen && exchange.replyRefused;
  const answerDue = reply.isOpen || reply.hasEarlyWords || exchange.answerDue;
  if (answerDue && !reply.isOpen) reply.open(events);
  // Of a reply that we had refused, everything has been said; the event would call off what was asked for since.
  if (!refused) events.push({ type: 'interrupted' });
  user.replyOver(events);
  const end = { status: 'cancelled', reason: 'turn_detected' } as const;
  if (answerDue) reply.close(events, end, decodeUsage(usageMetadata));
  exchange.turnInterrupted = true;
}

/** The turn is over. After an interruption nothing is left to end. */
export function endTurn(
  events: ModelEvent[],
  field: JsonObject,
  memory: ConnectionMemory,
  { wire }: Message,
): void {
  const { exchange, user, reply } = memory;
  const status = optionalText(field, 'interactionStatus') ?? wire.interactionStatus;
  if (!isSet(field, 'turnComplete')) {
    if (status === 'IDLE') becomeIdle(events, memory, { wire });
    return;
  }
  const end = replyEnd(optionalText(field, 'turnCompleteReason'));
  // What we asked may be left without an answer; but this may also be the end of the turn that it has broken off.
  const refusal = !exchange.turnInterrupted && (exchange.answerDue || end.status !== 'completed');
  exchange.turnInterrupted = false;
  // A model that thinks in the background says "one moment" first: its answer is still to come.
  const goesOn = status === 'IN_PROGRESS' && end.status === 'completed' && !exchange.replyRefused;
  const closes = !goesOn && (reply.isOpen || reply.hasEarlyWords || refusal);
  if (closes && !reply.isOpen) reply.open(events);
  user.replyOver(events);
  if (goesOn) reply.linger(events);
  else if (closes) reply.close(events, end, decodeUsage(wire.usageMetadata));
}

/** The model has thought to the end and says no more. */
export function becomeIdle(
  events: ModelEvent[],
  { reply }: ConnectionMemory,
  { wire }: Pick<Message, 'wire'>,
): void {
  if (reply.isLingering) reply.close(events, { status: 'completed' }, decodeUsage(wire.usageMetadata));
}
