import { isAscii } from 'node:buffer';
import { isObject, type JsonObject } from '../../../base/json.js';
import type { Frame } from '../../../contract/frame.js';
import { camelCased, innerObject, innerObjects } from './fields.js';

/** One message of the server. */
export interface Message {
  readonly wire: JsonObject;
  /** The base64 audio that was cut out before parsing, if any; {@link soundMark} replaces it in `wire`. */
  readonly sound: string | undefined;
}

/** Not a base64 character. */
export const soundMark = '#';
const dataKeys = ['"data":"', '"data": "'];
/** Below this length, searching first costs more than it saves. */
const longText = 1024;

/** Undefined if the frame is not a JSON object. The server sends JSON in binary frames. */
export function readMessage(frame: Frame): Message | undefined {
  const text = typeof frame === 'string' ? frame : textOf(frame);
  try {
    const cut = withoutSound(text);
    if (cut !== undefined) return cut;
    const value: unknown = JSON.parse(text);
    return isObject(value) ? { wire: camelCased(value), sound: undefined } : undefined;
  } catch {
    return undefined;
  }
}

/** Audio messages are ASCII, and decoding them as Latin-1 is several times faster than as UTF-8. */
function textOf(frame: Uint8Array): string {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  return isAscii(bytes) ? bytes.toString('latin1') : bytes.toString('utf8');
}

/**
 * Parses an audio message faster. Its base64 is nearly the whole message, and JSON.parse checks each character for
 * escapes that base64 does not have, so it is cut out first. Undefined for any other message.
 */
function withoutSound(text: string): Message | undefined {
  if (text.length < longText) return undefined;
  for (const key of dataKeys) {
    const found = text.indexOf(key);
    if (found < 0) continue;
    const from = found + key.length;
    const to = text.indexOf('"', from);
    const sound = text.slice(from, to);
    if (to < 0 || sound.includes('\\')) return undefined;
    const rest: unknown = JSON.parse(text.slice(0, from) + soundMark + text.slice(to));
    if (!isObject(rest)) return undefined;
    const wire = camelCased(rest);
    return isMarked(wire) ? { wire, sound } : undefined;
  }
  return undefined;
}

/** Whether the mark is where audio belongs: a function argument may also be called "data". */
function isMarked(wire: JsonObject): boolean {
  const content = innerObject(wire, 'serverContent');
  const turn = content && innerObject(content, 'modelTurn');
  const parts = turn === undefined ? [] : innerObjects(turn, 'parts');
  return parts.some((part) => innerObject(part, 'inlineData')?.data === soundMark);
}
