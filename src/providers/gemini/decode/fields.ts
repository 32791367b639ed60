import { InvalidData, isObject, type JsonObject, optionalObject } from '../../../base/json.js';

/**
 * One level of a message with its names in camelCase. The server writes them so, but the format allows snake_case as
 * well, and relays use it. Never for what is the user's own, such as the arguments of a function.
 */
export function camelCased(wire: JsonObject): JsonObject {
  // For every level of every message: only what is written otherwise is copied.
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

/** An object inside, with its names in camelCase; absent and null both mean "not said". */
export function innerObject(parent: JsonObject, key: string): JsonObject | undefined {
  const value = optionalObject(parent, key);
  return value && camelCased(value);
}

/** The objects of a list. @throws InvalidData for what is no list. */
export function innerObjects(parent: JsonObject, key: string): JsonObject[] {
  const value = parent[key];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new InvalidData(`${key} should be an array`);
  const objects: JsonObject[] = [];
  for (const inner of value) if (isObject(inner)) objects.push(camelCased(inner));
  return objects;
}

/** The format writes a flag that is not set as absent or false. */
export function isSet(parent: JsonObject, key: string): boolean {
  return parent[key] === true;
}
