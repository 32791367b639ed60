/**
 * Guards for data from outside: a server may send anything, so every field is checked before it is used. They throw
 * {@link InvalidData}, which a decoder turns into one `error` event instead of ending the session.
 */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Data that cannot be used: a field is missing, or has the wrong type or an impossible value. */
export class InvalidData extends Error {
  override readonly name = 'InvalidData';
}

/** An object with string keys: not null, not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrongType(key: string, expected: string, found: unknown): InvalidData {
  if (found === undefined) return new InvalidData(`${key} is missing`);
  return new InvalidData(`${key} should be ${expected}, not ${kindOf(found)}`);
}

/** The type of a value in words: `an array`, `a number`, `null`. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'object') return Array.isArray(value) ? 'an array' : 'an object';
  return `a ${typeof value}`;
}

export function requireObject(parent: JsonObject, key: string): JsonObject {
  const value = parent[key];
  if (!isObject(value)) throw wrongType(key, 'an object', value);
  return value;
}

export function requireText(parent: JsonObject, key: string): string {
  const value = parent[key];
  if (typeof value !== 'string') throw wrongType(key, 'a string', value);
  return value;
}

export function requireList(parent: JsonObject, key: string): readonly unknown[] {
  const value = parent[key];
  if (!Array.isArray(value)) throw wrongType(key, 'an array', value);
  return value;
}

/** Absent and null both mean "not given". */
export function optionalObject(parent: JsonObject, key: string): JsonObject | undefined {
  return parent[key] === undefined || parent[key] === null ? undefined : requireObject(parent, key);
}

export function optionalText(parent: JsonObject, key: string): string | undefined {
  return parent[key] === undefined || parent[key] === null ? undefined : requireText(parent, key);
}

/** JSON has no infinity, but 1e999 parses to it. */
export function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

export function requireNumber(parent: JsonObject, key: string): number {
  const value = parent[key];
  if (!isFiniteNumber(value)) throw wrongType(key, 'a number', value);
  return value;
}

export function optionalNumber(parent: JsonObject, key: string): number | undefined {
  return parent[key] === undefined || parent[key] === null ? undefined : requireNumber(parent, key);
}
