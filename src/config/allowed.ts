import { z } from 'zod';
import type { Path } from './layer.js';
import { configSchema } from './schema.js';

/** The part of JSON Schema that our schema uses. */
const node = z.looseObject({
  description: z.string().optional(),
  type: z.string().optional(),
  const: z.string().optional(),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  get properties() {
    return z.record(z.string(), node).optional();
  },
  get items() {
    return node.optional();
  },
  get additionalProperties() {
    return z.union([z.boolean(), node]).optional();
  },
  get anyOf() {
    return z.array(node).optional();
  },
  get oneOf() {
    return z.array(node).optional();
  },
});
type SchemaNode = z.infer<typeof node>;

/** What is allowed at a place in the configuration, in words. */
export function allowedAt(path: Path, schema: z.ZodType = configSchema): string {
  return nodesAt(path, schema).map(describe).filter(unique).join(', or ');
}

/** The keys that an object at this place may have; alternatives with a `type` are distinguished by it. */
export function keysAt(path: Path, type: unknown, schema: z.ZodType = configSchema): string[] {
  const nodes = nodesAt(path, schema);
  const typed = nodes.filter(({ properties }) => properties?.type?.const === type);
  return (typed.length > 0 ? typed : nodes)
    .flatMap(({ properties }) => Object.keys(properties ?? {}))
    .filter(unique);
}

/** Every key of the file as a dotted path, for documentation. Names chosen by the user are written as `<name>`. */
export function allKeys(): string[] {
  const below = (schema: SchemaNode, prefix: string): string[] =>
    variants(schema).flatMap(({ properties, additionalProperties }) => {
      const named = Object.entries(properties ?? {});
      const free =
        typeof additionalProperties === 'object' ? [['<name>', additionalProperties] as const] : [];
      return [...named, ...free].flatMap(([name, child]) => {
        const deeper = below(child, `${prefix}${name}.`);
        return deeper.length > 0 ? deeper : [`${prefix}${name}`];
      });
    });
  return below(root(configSchema), '').filter(unique);
}

function root(schema: z.ZodType): SchemaNode {
  return node.parse(z.toJSONSchema(schema));
}

function nodesAt(path: Path, schema: z.ZodType): SchemaNode[] {
  let nodes = variants(root(schema));
  for (const step of path) nodes = nodes.flatMap((parent) => childOf(parent, step)).flatMap(variants);
  return nodes;
}

function childOf(
  { properties, items, additionalProperties }: SchemaNode,
  step: string | number,
): SchemaNode[] {
  if (typeof step === 'number') return items === undefined ? [] : [items];
  const named = properties !== undefined && Object.hasOwn(properties, step) ? properties[step] : undefined;
  if (named !== undefined) return [named];
  return typeof additionalProperties === 'object' ? [additionalProperties] : [];
}

/** A union with a description stays one item; any other union is split into its alternatives. */
function variants(schema: SchemaNode): SchemaNode[] {
  const choices = schema.description === undefined ? (schema.anyOf ?? schema.oneOf) : undefined;
  return choices?.flatMap(variants) ?? [schema];
}

function describe({ description, const: only, enum: values, type, minimum, maximum }: SchemaNode): string {
  if (description !== undefined) return description;
  if (only !== undefined) return only;
  if (values !== undefined) return values.join(', ');
  switch (type) {
    case 'number':
    case 'integer':
      return `a ${type === 'integer' ? 'whole ' : ''}number${range(minimum, maximum)}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list of texts, such as ["get_time"]';
    case 'object':
      return 'an object in braces';
    default:
      return 'a text';
  }
}

function range(minimum: number | undefined, maximum: number | undefined): string {
  if (minimum === undefined || maximum === undefined || maximum === Number.MAX_SAFE_INTEGER) {
    return minimum === undefined ? '' : ` from ${minimum}`;
  }
  return ` from ${minimum} to ${maximum}`;
}

function unique(value: string, index: number, all: readonly string[]): boolean {
  return all.indexOf(value) === index;
}
