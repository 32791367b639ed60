import { isObject, type JsonObject } from '../../../base/json.js';

/** A schema that refers to itself has no end; below this many levels anything is allowed. */
const deepest = 6;
/** A schema that refers to itself in many places would grow too large: it is written with fewer levels. */
const mostSchemas = 10_000;

interface Scope {
  readonly root: JsonObject;
  readonly deepest: number;
  /** How many schemas have been written. */
  written: number;
}

const kept: Readonly<Record<string, readonly string[]>> = {
  STRING: ['minLength', 'maxLength', 'pattern'],
  NUMBER: ['minimum', 'maximum'],
  INTEGER: ['minimum', 'maximum'],
  ARRAY: ['minItems', 'maxItems'],
};

/**
 * Converts JSON Schema to the subset of OpenAPI 3.0 that `parameters` accepts. The server closes the connection on one
 * unknown keyword. What the subset cannot express is checked when the tool is called.
 */
export function openApiSchema(schema: JsonObject): JsonObject {
  for (let levels = deepest; ; levels -= 1) {
    const scope: Scope = { root: schema, deepest: levels, written: 0 };
    const written = convert(schema, scope, 0);
    if (scope.written < mostSchemas || levels === 1) return written;
  }
}

/** Any value. A schema must say its type, and there is no type for all of them. */
const anything = { anyOf: [{ type: 'STRING' }, { type: 'NUMBER' }, { type: 'BOOLEAN' }] };

function convert(given: unknown, scope: Scope, depth: number): JsonObject {
  const { root } = scope;
  const schema = resolved(given, root);
  if (schema === undefined) return depth === 0 ? {} : anything;
  if (depth > scope.deepest || scope.written >= mostSchemas) return outline(schema);
  scope.written += 1;
  const options = choices(schema);
  const described = typeof schema.description === 'string' ? { description: schema.description } : {};
  if (options === undefined) return { ...typed(schema, scope, depth), ...described };
  const real = options.filter((option) => resolved(option, root)?.type !== 'null');
  const nullable = real.length < options.length ? { nullable: true } : {};
  const [only] = real;
  if (real.length <= 1) return { ...convert(only, scope, depth + 1), ...described, ...nullable };
  // Beside `anyOf` nothing else is allowed.
  return {
    anyOf: real.map((option) => ({ ...described, ...convert(option, scope, depth + 1), ...nullable })),
  };
}

/** The type of a schema that is not written out. */
function outline(schema: JsonObject): JsonObject {
  const type = choices(schema) === undefined ? typeOf(schema) : undefined;
  if (type === 'ARRAY') return { type, items: anything };
  return type === undefined ? anything : { type };
}

function typed(schema: JsonObject, scope: Scope, depth: number): JsonObject {
  const type = typeOf(schema);
  if (type === undefined) return anything;
  const written: Record<string, unknown> = { type };
  for (const key of kept[type] ?? []) {
    // 64-bit numbers are sent as strings.
    const value = schema[key];
    if (typeof value === 'number') written[key] = /^m(in|ax)imum$/.test(key) ? value : String(value);
    else if (typeof value === 'string') written[key] = value;
  }
  if (type === 'INTEGER') wholeBounds(written, schema);
  const allowed = Array.isArray(schema.enum) ? schema.enum : 'const' in schema ? [schema.const] : [];
  if (type === 'STRING' && allowed.length > 0 && allowed.every((value) => typeof value === 'string')) {
    written.enum = allowed;
    written.format = 'enum';
  } else if (type === 'STRING' && schema.format === 'date-time') written.format = 'date-time';
  if (type === 'ARRAY') written.items = convert(withType(schema.items), scope, depth + 1);
  if (type === 'OBJECT' && isObject(schema.properties)) {
    // A name that is empty is refused.
    const properties = Object.entries(schema.properties).filter(([name]) => name !== '');
    written.properties = Object.fromEntries(
      properties.map(([name, inner]) => [name, convert(inner, scope, depth + 1)]),
    );
    const names = new Set(properties.map(([name]) => name));
    const required = Array.isArray(schema.required)
      ? schema.required.filter((name) => names.has(String(name)))
      : [];
    if (required.length > 0) written.required = required;
  }
  return written;
}

/** There are no exclusive bounds. */
function wholeBounds(written: Record<string, unknown>, schema: JsonObject): void {
  const { exclusiveMinimum: above, exclusiveMaximum: below } = schema;
  if (typeof above === 'number') written.minimum = Math.floor(above) + 1;
  if (typeof below === 'number') written.maximum = Math.ceil(below) - 1;
}

/** Items of a list that says nothing about them are mostly words. */
function withType(items: unknown): unknown {
  return isObject(items) && Object.keys(items).length > 0 ? items : { type: 'string' };
}

/** The alternatives, if there are any; a list of types also counts. */
function choices(schema: JsonObject): readonly unknown[] | undefined {
  for (const options of [schema.anyOf, schema.oneOf]) if (Array.isArray(options)) return options;
  if (!Array.isArray(schema.type)) return undefined;
  return schema.type.map((type: unknown) => ({ ...schema, description: undefined, type }));
}

function typeOf({ type, properties, items, enum: allowed }: JsonObject): string | undefined {
  if (typeof type === 'string') return type.toUpperCase();
  if (properties !== undefined) return 'OBJECT';
  if (items !== undefined) return 'ARRAY';
  return allowed === undefined ? undefined : 'STRING';
}

/** Follows `#/…` and merges `allOf`. Undefined if there is no schema, or the references form a cycle. */
function resolved(given: unknown, root: JsonObject): JsonObject | undefined {
  let schema = given;
  for (let steps = 0; isObject(schema) && typeof schema.$ref === 'string'; steps++) {
    if (steps > deepest) return undefined;
    const { $ref, ...beside } = schema;
    const target = at(root, $ref);
    schema = isObject(target) ? { ...target, ...beside } : undefined;
  }
  if (!isObject(schema)) return undefined;
  if (!Array.isArray(schema.allOf)) return schema;
  const { allOf, ...own } = schema;
  return allOf.reduce<JsonObject>((all, part: unknown) => merged(all, isObject(part) ? part : {}, root), own);
}

function merged(a: JsonObject, b: JsonObject, root: JsonObject): JsonObject {
  const other = typeof b.$ref === 'string' ? at(root, b.$ref) : b;
  if (!isObject(other)) return a;
  const both = { ...other, ...a };
  const properties = { ...toObject(other.properties), ...toObject(a.properties) };
  const required = [...toList(a.required), ...toList(other.required)];
  return {
    ...both,
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required: [...new Set(required)] }),
  };
}

function toObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function at(root: JsonObject, reference: string): unknown {
  if (!reference.startsWith('#')) return undefined;
  let value: unknown = root;
  for (const step of reference.slice(1).split('/').filter(Boolean)) {
    if (!isObject(value)) return undefined;
    value = value[step.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return value;
}
