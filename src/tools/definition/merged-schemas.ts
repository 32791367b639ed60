import { isObject } from '../../base/json.js';
import type { JsonSchema } from './tool.js';

/** Longer lists of alternatives say nothing to a model. */
const mostAlternatives = 8;

export interface Alternatives {
  readonly schema: JsonSchema;
  /** A sentence for the model. */
  readonly alternatives: string | undefined;
}

/** The type of a schema, also where it is only implied. */
export function typeOf({
  type,
  properties,
  items,
  prefixItems,
  enum: allowed,
  const: only,
}: JsonSchema): unknown {
  if (type !== undefined) return type;
  if (properties !== undefined) return 'object';
  if (items !== undefined || prefixItems !== undefined) return 'array';
  const values = Array.isArray(allowed) ? allowed : only === undefined ? [] : [only];
  const types = [...new Set(values.map(typeOfValue))];
  return types.length <= 1 ? types[0] : types;
}

function typeOfValue(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

export function allows(type: unknown, name: string): boolean {
  return type === name || (Array.isArray(type) && type.includes(name));
}

/** Whether nothing fits the schema: `false`, or the `{"not": {}}` of an absent value. */
export function isNothing(schema: unknown): boolean {
  if (!isObject(schema)) return schema === false;
  const { not } = schema;
  return not === true || (isObject(not) && Object.keys(not).length === 0);
}

/** One schema for what has to fit all of them. Where two contradict each other, the first counts. */
export function allOfThem([first = {}, ...others]: readonly JsonSchema[]): JsonSchema {
  let all = first;
  for (const next of others) all = bothOf(all, next);
  return all;
}

function bothOf(a: JsonSchema, b: JsonSchema): JsonSchema {
  const properties = bothProperties(a.properties, b.properties);
  const required = [...new Set([...toList(a.required), ...toList(b.required)])];
  // Each part forbids the properties of the others.
  const closed = a.additionalProperties === false && b.additionalProperties === false;
  const { additionalProperties: _open, ...rest } = { ...b, ...a };
  return {
    ...rest,
    ...(properties !== undefined && { properties }),
    ...(required.length > 0 && { required }),
    ...(closed && { additionalProperties: false }),
  };
}

function bothProperties(a: unknown, b: unknown): JsonSchema | undefined {
  if (!isObject(a)) return isObject(b) ? b : undefined;
  if (!isObject(b)) return a;
  const shared = Object.keys(b).filter((name) => Object.hasOwn(a, name));
  return { ...b, ...a, ...Object.fromEntries(shared.map((name) => [name, { allOf: [a[name], b[name]] }])) };
}

/** One schema for what has to fit at least one of them. */
export function anyOfThem(schemas: readonly JsonSchema[]): JsonSchema {
  const distinct = [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
  const [only = {}] = distinct;
  return distinct.length <= 1 ? only : { anyOf: distinct };
}

/** One object for several kinds of it, such as "either a file or a URL". */
export function anyOfObjects(own: JsonSchema, kinds: readonly JsonSchema[]): Alternatives {
  const objects = kinds.filter((kind) => {
    const type = typeOf(kind);
    return type === undefined || allows(type, 'object');
  });
  const names = [...new Set(objects.flatMap(({ properties }) => Object.keys(toObject(properties))))];
  const given = toObject(own.properties);
  const properties = names.map((name): [string, unknown] => {
    const found = objects.flatMap((kind) => {
      const each = toObject(kind.properties);
      return Object.hasOwn(each, name) ? [each[name]] : [];
    });
    return [name, Object.hasOwn(given, name) ? given[name] : anyValue(found)];
  });
  const always = objects
    .map(({ required }) => toList(required))
    .reduce((common, next) => common.filter((name) => next.includes(name)), toList(objects[0]?.required));
  return {
    schema: allOfThem([own, { properties: Object.fromEntries(properties), required: always }]),
    alternatives: sentence(objects.map(groupOf)),
  };
}

/** The values that any of these schemas allows; words in one list, as in unions told apart by a word. */
function anyValue(schemas: readonly unknown[]): unknown {
  const words = schemas.flatMap((schema) => {
    if (!isObject(schema) || schema.description !== undefined) return [undefined];
    if (typeof schema.const === 'string') return [schema.const];
    return Array.isArray(schema.enum) ? schema.enum : [undefined];
  });
  if (words.every((word) => typeof word === 'string')) return { type: 'string', enum: [...new Set(words)] };
  return anyOfThem(schemas.filter(isObject));
}

/** The arguments of one kind: those it requires, or all if it requires none. */
function groupOf({ properties, required }: JsonSchema): string {
  const all = toObject(properties);
  const needed = toList(required).map(String);
  return (needed.length > 0 ? needed : Object.keys(all))
    .map((name) => {
      const one = Object.hasOwn(all, name) ? all[name] : undefined;
      return isObject(one) && one.const !== undefined ? `${name}=${JSON.stringify(one.const)}` : name;
    })
    .join(', ');
}

function sentence(groups: readonly string[]): string | undefined {
  const distinct = [...new Set(groups)];
  if (distinct.length < 2 || distinct.length > mostAlternatives || distinct.includes('')) return undefined;
  return `Send one of these sets of arguments: ${distinct.map((group) => `(${group})`).join(', ')}.`;
}

function toObject(value: unknown): JsonSchema {
  return isObject(value) ? value : {};
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
