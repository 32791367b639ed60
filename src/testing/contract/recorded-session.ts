import { isObject } from '../../base/json.js';
import type { ModelEvent } from '../../contract/events.js';
import type { Frame } from '../../contract/frame.js';

/** A frame of the server: as it comes over the wire, or as the object that its JSON encodes. */
export type RecordedFrame = Frame | Readonly<Record<string, unknown>>;

export interface RecordedStep {
  readonly frame: RecordedFrame;
  /** What the codec must make of it, in this order. Absent: any events of the contract. */
  readonly events?: readonly ModelEvent[] | undefined;
}

/** A piece of a session as the server sent it, from the first frame of a connection on. */
export interface RecordedSession {
  readonly name: string;
  readonly steps: readonly RecordedStep[];
}

export function frameOf({ frame }: RecordedStep): Frame {
  return typeof frame === 'string' || frame instanceof Uint8Array ? frame : JSON.stringify(frame);
}

/** The object that a frame's JSON encodes; undefined for other frames. */
export function objectOf({ frame }: RecordedStep): Readonly<Record<string, unknown>> | undefined {
  if (frame instanceof Uint8Array) return undefined;
  if (typeof frame !== 'string') return frame;
  try {
    const value: unknown = JSON.parse(frame);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Makes frames and events comparable: bytes become base64, undefined fields are left out. */
export function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array) return `base64 ${Buffer.from(value).toString('base64')}`;
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  const known = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(known.map(([name, field]) => [name, comparable(field)]));
}

/**
 * The field in which a dialect names its frames: present in nearly all of them, with the fewest values; undefined if
 * their only field is the name.
 */
export function nameField(steps: readonly RecordedStep[]): string | undefined {
  const frames = steps.map(objectOf).filter((frame) => frame !== undefined);
  const valuesOf = (key: string) =>
    frames.map((frame) => frame[key]).filter((value) => typeof value === 'string');
  const candidates = [...new Set(frames.flatMap((frame) => Object.keys(frame)))]
    .map((key) => ({ key, values: valuesOf(key) }))
    .filter(({ values }) => values.length > 0.8 * frames.length)
    .sort((a, b) => new Set(a.values).size - new Set(b.values).size);
  return (candidates.find(({ key }) => key === 'type') ?? candidates[0])?.key;
}
