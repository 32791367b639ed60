import { InvalidData, isObject, type JsonObject, optionalObject } from '../../../base/json.js';

/**
 * One level of a message with its names in camelCase. Google's server sends camelCase, but the format also allows
 * snake_case, and relays use it. Not for the user's own data, such as function arguments.
 */
export function camelCased(wire: JsonObject): JsonObject {
  // Runs for every level of every message, so it copies only if there is something to rename.
  for (const key in wire) if (key.includes('_')) return copyInCamelCase(wire);
  return wire;
}

function copyInCamelCase(wire: JsonObject): JsonObject {
  const copy: Record<string, unknown> = { ...wire };
  for (const [key, value] of Object.entries(wire)) {
    copy[key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())] ??= value;
  }
  return copy;
}

/** An inner object with its names in camelCase; undefined if it is absent or null. */
export function innerObject(parent: JsonObject, key: string): JsonObject | undefined {
  const value = optionalObject(parent, key);
  return value && camelCased(value);
}

/** The objects of an array. @throws InvalidData if it is not an array. */
export function innerObjects(parent: JsonObject, key: string): JsonObject[] {
  const value = parent[key];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new InvalidData(`${key} should be an array`);
  const objects: JsonObject[] = [];
  for (const inner of value) if (isObject(inner)) objects.push(camelCased(inner));
  return objects;
}

/** A flag that is not set is absent or false. */
export function isSet(parent: JsonObject, key: string): boolean {
  return parent[key] === true;
}
