/**
 * Guards for data from outside. A server may send anything, so nothing is believed before it has been looked at.
 * The guards throw `WireFault`, which the decoder turns into one `error` event; it never leaves this folder.
 */
export type WireObject = Readonly<Record<string, unknown>>;

/** A field that is missing or has the wrong type. */
export class WireFault extends Error {
  override readonly name = 'WireFault';
}

export function isObject(value: unknown): value is WireObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fault(key: string, wanted: string, found: unknown): WireFault {
  if (found === undefined) return new WireFault(`${key} is missing`);
  return new WireFault(`${key} should be ${wanted}, not ${kindOf(found)}`);
}

function kindOf(found: unknown): string {
  if (found === null) return 'null';
  if (typeof found === 'object') return Array.isArray(found) ? 'an array' : 'an object';
  return `a ${typeof found}`;
}

export function requireObject(parent: WireObject, key: string): WireObject {
  const value = parent[key];
  if (!isObject(value)) throw fault(key, 'an object', value);
  return value;
}

export function requireText(parent: WireObject, key: string): string {
  const value = parent[key];
  if (typeof value !== 'string') throw fault(key, 'a string', value);
  return value;
}

export function requireList(parent: WireObject, key: string): readonly unknown[] {
  const value = parent[key];
  if (!Array.isArray(value)) throw fault(key, 'an array', value);
  return value;
}

/** Absent and null both mean "not said". */
export function optionalObject(parent: WireObject, key: string): WireObject | undefined {
  return parent[key] === undefined || parent[key] === null ? undefined : requireObject(parent, key);
}

export function optionalText(parent: WireObject, key: string): string | undefined {
  return parent[key] === undefined || parent[key] === null ? undefined : requireText(parent, key);
}

export function requireNumber(parent: WireObject, key: string): number {
  const value = parent[key];
  // JSON has no infinity, but 1e999 parses to one.
  if (typeof value !== 'number' || !Number.isFinite(value)) throw fault(key, 'a number', value);
  return value;
}

export function optionalNumber(parent: WireObject, key: string): number | undefined {
  return parent[key] === undefined || parent[key] === null ? undefined : requireNumber(parent, key);
}
