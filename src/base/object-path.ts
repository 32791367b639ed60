import { isObject, type JsonObject } from './json.js';

/** What stands at this path of keys; undefined where there is nothing. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined),
    value,
  );
}

/** A copy without what stands at this path, as long as it is still this value, given as JSON. */
export function withoutValue(value: JsonObject, path: readonly string[], json: string): JsonObject {
  return JSON.stringify(valueAt(value, path)) === json ? cut(value, path) : value;
}

function cut(value: JsonObject, [key, ...rest]: readonly string[]): JsonObject {
  if (key === undefined) return value;
  const { [key]: inner, ...others } = value;
  return rest.length === 0 || !isObject(inner) ? others : { ...others, [key]: cut(inner, rest) };
}
