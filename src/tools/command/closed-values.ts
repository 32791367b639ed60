import { isFiniteNumber, isObject } from '../../base/json.js';

/** Whether a value is one of those that a parameter is limited to. */
export type ClosedValues = (value: unknown) => boolean;

/**
 * For a parameter whose values cannot be text of the model: numbers, yes or no, or a list that the configuration gives
 * (`enum`, `const`). Undefined for all others, whatever their `pattern`: only these are harmless in every place.
 */
export function closedValues(schema: unknown): ClosedValues | undefined {
  if (!isObject(schema)) return undefined;
  if (Array.isArray(schema.enum)) return among(schema.enum);
  if (schema.const !== undefined) return among([schema.const]);
  const types: readonly unknown[] = Array.isArray(schema.type) ? schema.type : [schema.type];
  if (types.length === 1 && types[0] === 'array') {
    const isItem = closedValues(schema.items);
    return isItem && ((value) => Array.isArray(value) && value.every(isItem));
  }
  const closedTypes = ['integer', 'number', 'boolean', 'null'];
  return types.every((type) => typeof type === 'string' && closedTypes.includes(type)) ? isPlain : undefined;
}

function among(values: readonly unknown[]): ClosedValues | undefined {
  const plain = values.filter((value) => typeof value === 'string' || isPlain(value));
  return plain.length === values.length ? (value) => plain.includes(value) : undefined;
}

function isPlain(value: unknown): boolean {
  return value === null || typeof value === 'boolean' || isFiniteNumber(value);
}
