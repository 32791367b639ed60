import { type JsonObject, optionalText } from '../../../base/json.js';
import type { ModelEvent } from '../../../contract/events.js';
import type { ConnectionMemory } from './connection-memory.js';
import { isSet } from './fields.js';

/** The setup is accepted, with all its settings. */
export function decodeSetupComplete(
  events: ModelEvent[],
  field: JsonObject,
  { state }: ConnectionMemory,
): void {
  state.ready = true;
  const sessionId = optionalText(field, 'sessionId') ?? 'unnamed';
  events.push({ type: 'session.created', sessionId }, { type: 'session.updated' });
}

/** A handle can be used only if the server marks it as resumable, which it is not during a tool call. */
export function decodeResumption(events: ModelEvent[], field: JsonObject): void {
  const handle = optionalText(field, 'newHandle');
  if (handle && isSet(field, 'resumable')) events.push({ type: 'resume.handle', handle });
}

export function decodeGoAway(events: ModelEvent[], field: JsonObject): void {
  events.push({ type: 'going.away', timeLeftMs: durationMs(optionalText(field, 'timeLeft')) ?? 0 });
}

/** Parses a duration of the JSON format: `10s`, `9.5s`. */
export function durationMs(text: string | undefined): number | undefined {
  const seconds = /^(\d{1,9}(?:\.\d{1,9})?)s$/.exec(text ?? '')?.[1];
  return seconds === undefined ? undefined : Math.round(Number(seconds) * 1000);
}
