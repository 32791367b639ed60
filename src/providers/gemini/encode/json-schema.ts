import { isObject, type JsonObject } from '../../../base/json.js';

/** The keywords that Google lists for JSON Schemas, except `$ref`: servers do not find what it refers to. */
const known = new Set([
  ...[
    'type',
    'format',
    'title',
    'description',
    'enum',
    'minItems',
    'maxItems',
    'minimum',
    'maximum',
    'required',
  ],
  ...['properties', 'additionalProperties', 'items', 'anyOf'],
]);

/** Whether only a JSON Schema can say it: its keys are not known in advance, and it does not refer to itself. */
export function needsJsonSchema(schema: JsonObject): boolean {
  return hasFreeKeys(schema) && schema.$defs === undefined;
}

/** The schema with only the keywords that Google knows. */
export function knownJsonSchema(schema: JsonObject): JsonObject {
  const members = Object.entries(schema).filter(([key]) => known.has(key));
  return Object.fromEntries(members.map(([key, value]) => [key, member(key, value)]));
}

function member(key: string, value: unknown): unknown {
  if (key === 'properties' && isObject(value)) {
    const named = Object.entries(value).filter(([name]) => name !== '');
    return Object.fromEntries(named.map(([name, inner]) => [name, inner ? inside(inner) : inner]));
  }
  if (key === 'anyOf' && Array.isArray(value)) return value.map(inside);
  return key === 'items' || key === 'additionalProperties' ? inside(value) : value;
}

function inside(schema: unknown): unknown {
  return isObject(schema) ? knownJsonSchema(schema) : schema;
}

/**
 * An object without properties is one for the keys of which there is no rule. Not at the top: there it takes nothing.
 */
function hasFreeKeys(schema: JsonObject): boolean {
  const { properties, items, anyOf } = schema;
  const inner = [...Object.values(isObject(properties) ? properties : {}), items];
  if (Array.isArray(anyOf)) inner.push(...anyOf);
  return (
    isObject(schema.additionalProperties) ||
    inner
      .filter(isObject)
      .some((each) => (each.type === 'object' && each.properties === undefined) || hasFreeKeys(each))
  );
}
