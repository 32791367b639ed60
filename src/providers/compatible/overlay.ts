import { isObject, type JsonObject } from '../../base/json.js';

/** Lays fields over an object: objects are merged, anything else replaces what was there. */
export function overlaid(below: JsonObject, above: JsonObject): JsonObject {
  // Entries, because assigning to a key named __proto__ would set the prototype.
  const merged = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(above)) {
    const under = merged.get(key);
    merged.set(key, isObject(under) && isObject(value) ? overlaid(under, value) : value);
  }
  return Object.fromEntries(merged);
}
