import { isObject, type JsonObject } from './json.js';

/** Lays the fields of `above` over `below`: objects are merged, any other value replaces what was there. */
export function deepMerge(below: JsonObject, above: JsonObject): JsonObject {
  // Entries, because assigning to a key named __proto__ would set the prototype.
  const merged = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(above)) {
    const under = merged.get(key);
    merged.set(key, isObject(under) && isObject(value) ? deepMerge(under, value) : value);
  }
  return Object.fromEntries(merged);
}
