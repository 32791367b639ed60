import { isObject, type JsonObject } from '../../../../src/base/json.js';

/** The value at a path, with names in camelCase or snake_case. Undefined if there is none. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const key of path) {
    if (!isObject(here)) return undefined;
    here = here[key] ?? here[key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
  }
  return here ?? undefined;
}

export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

export function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

export function objectsAt(value: unknown, ...path: readonly string[]): JsonObject[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isObject) : [];
}

/** Removes differences in spelling that mean nothing. */
export function plainWords(text: string): string {
  return text.replace(/\s+/g, '');
}
