import { isObject } from '../../base/json.js';
import type { JsonSchema } from './tool.js';

/** Deeper levels of a schema allow anything: no tool needs them, and a schema may be nested on purpose. */
const deepest = 64;

const types = new Set(['object', 'array', 'string', 'integer', 'number', 'boolean', 'null']);
/** Types as Python, Go and OpenAPI 2 name them. */
const aliases: Readonly<Record<string, string>> = {
  int: 'integer',
  long: 'integer',
  float: 'number',
  double: 'number',
  bool: 'boolean',
  str: 'string',
  dict: 'object',
  list: 'array',
};

const numbers = new Set([
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minLength', 'maxLength'],
  ...['minItems', 'maxItems', 'minProperties', 'maxProperties', 'minContains', 'maxContains'],
]);
const schemaOrBoolean = new Set([
  ...['additionalProperties', 'unevaluatedProperties', 'additionalItems', 'unevaluatedItems', 'contains'],
  ...['propertyNames', 'not', 'if', 'then', 'else', 'items'],
]);
const schemaLists = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);
const schemaMaps = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);
const texts = new Set(['title', 'description', 'format', 'pattern', '$id', '$schema', '$anchor', '$comment']);
/** Values, which may be null. */
const values = new Set(['default', 'const']);

/**
 * The schema with everything that is not JSON Schema 2020-12 written in its words or left out: members that are null,
 * lists in place of objects, `exclusiveMinimum: true` of draft 4, `required: true` of draft 3, tuples of draft 7, types
 * of other languages. What it allows stays the same.
 */
export function repairedSchema(schema: JsonSchema): JsonSchema {
  return repaired(schema, 0);
}

function repaired(given: JsonSchema, depth: number): JsonSchema {
  if (depth > deepest) return {};
  const schema: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    const kept = member(key, value, depth);
    if (kept !== undefined) schema[key] = kept;
  }
  tuple(schema, given.items, depth);
  bounds(schema, given);
  requiredInside(schema, given.properties);
  if (given.nullable === true && typeof schema.type === 'string') schema.type = [schema.type, 'null'];
  return schema;
}

/** The member as it should be, or undefined. */
function member(key: string, value: unknown, depth: number): unknown {
  if (values.has(key)) return value;
  if (key === 'type') return typeOf(value);
  if (key === 'required') return namesIn(value);
  // Schemas are not fetched, and what a reference to one allows is not known.
  if (key === '$ref') return typeof value === 'string' && value.startsWith('#') ? value : undefined;
  if (key === 'enum') return Array.isArray(value) && value.length > 0 ? value : undefined;
  if (numbers.has(key)) return typeof value === 'number' ? value : undefined;
  if (texts.has(key)) return typeof value === 'string' ? value : undefined;
  if (schemaOrBoolean.has(key))
    return isObject(value) || typeof value === 'boolean' ? inner(value, depth) : undefined;
  if (schemaLists.has(key))
    return Array.isArray(value) && value.length > 0 ? value.map((each) => inner(each, depth)) : undefined;
  if (schemaMaps.has(key)) return isObject(value) ? mapped(value, (each) => inner(each, depth)) : undefined;
  return value ?? undefined;
}

function inner(value: unknown, depth: number): unknown {
  if (typeof value === 'boolean') return value;
  return isObject(value) ? repaired(value, depth + 1) : {};
}

function mapped(value: JsonSchema, each: (value: unknown) => unknown): JsonSchema {
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, each(one)]));
}

function typeOf(value: unknown): unknown {
  const given: readonly unknown[] = Array.isArray(value) ? value : [value];
  const named = given.flatMap((name) => {
    if (name === null) return Array.isArray(value) ? ['null'] : [];
    const word = typeof name === 'string' ? name.toLowerCase() : '';
    const type = Object.hasOwn(aliases, word) ? (aliases[word] ?? word) : word;
    return types.has(type) ? [type] : [];
  });
  const distinct = [...new Set(named)];
  // A list with a type that we do not know allows more than the others.
  if (named.length < given.length || distinct.length === 0) return undefined;
  return distinct.length === 1 ? distinct[0] : distinct;
}

function namesIn(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return [...new Set(value.filter((name): name is string => typeof name === 'string'))];
}

/** Draft 7 writes the schemas of a tuple into `items`, and the schema of what follows into `additionalItems`. */
function tuple(schema: Record<string, unknown>, items: unknown, depth: number): void {
  if (!Array.isArray(items)) return;
  const { additionalItems } = schema;
  delete schema.additionalItems;
  delete schema.items;
  if (items.length > 0) schema.prefixItems ??= items.map((each) => inner(each, depth));
  if (additionalItems !== undefined) schema.items = additionalItems;
}

function bounds(schema: Record<string, unknown>, given: JsonSchema): void {
  for (const [exclusive, inclusive] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (given[exclusive] !== true || schema[inclusive] === undefined) continue;
    schema[exclusive] = schema[inclusive];
    delete schema[inclusive];
  }
}

/** Draft 3 says `required: true` inside of a property. */
function requiredInside(schema: Record<string, unknown>, properties: unknown): void {
  if (!isObject(properties)) return;
  const names = Object.entries(properties).flatMap(([name, one]) =>
    isObject(one) && one.required === true ? [name] : [],
  );
  if (names.length > 0) schema.required = [...new Set([...(namesIn(schema.required) ?? []), ...names])];
}
