import { isAscii } from 'node:buffer';
import { isObject, type JsonObject } from '../../../base/json.js';
import type { Frame } from '../../../contract/frame.js';
import { camelCased, innerObject, innerObjects } from './fields.js';

/** One message of the server. */
export interface Message {
  readonly wire: JsonObject;
  /** The sound of the message, where it was cut out before parsing; {@link soundMark} stands in its place. */
  readonly sound: string | undefined;
}

/** Cannot be base64. */
export const soundMark = '#';
const dataKeys = ['"data":"', '"data": "'];
/** Below this, looking twice costs more than it saves. */
const longText = 1024;

/** Undefined for what is no JSON object. The server sends its JSON in binary frames. */
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

/** A message of sound is ASCII, and reading it as such is several times faster than as UTF-8. */
function textOf(frame: Uint8Array): string {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  return isAscii(bytes) ? bytes.toString('latin1') : bytes.toString('utf8');
}

/**
 * The base64 of sound is nearly all of its message, and parsing looks at each character for escapes that cannot be there.
 * So it is cut out before. Undefined where the text is anything else.
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

/** The mark must stand where sound stands: an argument of a function may be called "data", too. */
function isMarked(wire: JsonObject): boolean {
  const content = innerObject(wire, 'serverContent');
  const turn = content && innerObject(content, 'modelTurn');
  const parts = turn === undefined ? [] : innerObjects(turn, 'parts');
  return parts.some((part) => innerObject(part, 'inlineData')?.data === soundMark);
}
