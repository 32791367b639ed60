// JSON Schema as lines that are easy to compare: `limits.turns?: integer`.

function typeOf(schema) {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const members = schema.anyOf ?? schema.oneOf;
  if (members !== undefined) return [...new Set(members.map(typeOf))].join(' | ');
  if (schema.type === 'array') return `array of ${typeOf(schema.items ?? {})}`;
  if (schema.type === 'object' && schema.properties !== undefined) {
    const fields = Object.keys(schema.properties).map((name) => fieldOf(name, schema));
    return `{ ${fields.join(', ')} }`;
  }
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object')
    return `object of ${typeOf(schema.additionalProperties)}`;
  return Array.isArray(schema.type) ? schema.type.join(' | ') : (schema.type ?? schema.$ref ?? 'any');
}

function fieldOf(name, { properties, required = [] }) {
  return `${name}${required.includes(name) ? '' : '?'}: ${typeOf(properties[name])}`;
}

/** The object inside a field, and how a path continues into it: `mcpServers.*.url`, `guardrails[].name`. */
function inside(field) {
  if (field.type === 'array') return { object: field.items, step: '[].' };
  if (field.type !== 'object') return undefined;
  if (field.properties !== undefined) return { object: field, step: '.' };
  return { object: field.additionalProperties, step: '.*.' };
}

/** One line for each field; with `deep`, fields of nested objects have their own lines. */
export function fieldsOf(schema, { deep = true } = {}, path = '') {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const { object, step } = inside(field) ?? {};
    if (!deep || object?.properties === undefined) return [`${path}${fieldOf(name, schema)}`];
    return fieldsOf(object, { deep }, `${path}${name}${step}`);
  });
}
