import { isObject } from '../../base/json.js';
import { localTarget } from './local-reference.js';
import {
  type Alternatives,
  allOfThem,
  allows,
  anyOfObjects,
  anyOfThem,
  isNothing,
  typeOf,
} from './merged-schemas.js';
import type { JsonSchema } from './tool.js';

/** Below this many levels anything is allowed. */
const deepest = 24;
/** A schema of more parts keeps its references: written out, they would cost tokens with every answer. */
const mostWritten = 400;
/** Of a schema that is too large even so, the rest allows anything. */
const mostParts = 5000;
/** References may lead to references in more ways than anybody can count. */
const mostSteps = 20_000;

/** Keywords that are copied as they are. What else a schema says is checked when the tool is called. */
const plainKeywords = [
  ...['title', 'description', 'format', 'pattern', 'default', 'minLength', 'maxLength', 'multipleOf'],
  ...['minItems', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties', 'examples'],
];
const numberBounds = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'];

/**
 * A schema as the models of all providers take it: an object with its properties at the top, no unions, references or
 * conditions there, a schema for the items of each list, and no schema that is true or false. It allows what the given
 * one does, and sometimes more: arguments are checked against the given one.
 */
export function foldedSchema(schema: JsonSchema): JsonSchema {
  const written = new Folding(schema, true, mostWritten);
  const folded = written.top();
  return written.isWhole ? folded : new Folding(schema, false, mostParts).top();
}

class Folding {
  private written = 0;
  private steps = 0;
  private readonly circular = new Map<string, boolean>();
  private readonly definitions = new Map<string, { readonly name: string; schema: JsonSchema }>();

  constructor(
    private readonly root: JsonSchema,
    /** Whether references are replaced by what they refer to, unless it refers to itself. */
    private readonly inline: boolean,
    private readonly most: number,
  ) {}

  get isWhole(): boolean {
    return this.written <= this.most;
  }

  top(): JsonSchema {
    const flat = this.flat(this.root, []);
    const { schema: merged, alternatives } = this.withAlternatives(flat.schema, flat.path);
    const node = this.node({ ...merged, type: 'object', enum: undefined, const: undefined }, 0, flat.path);
    const { properties = {}, ...others } = node;
    const description = [others.description, alternatives]
      .filter((text) => typeof text === 'string')
      .join(' ');
    const definitions = [...this.definitions.values()].map(({ name, schema }) => [name, schema]);
    return {
      ...others,
      ...(description !== '' && { description }),
      type: 'object',
      properties,
      ...(definitions.length > 0 && { $defs: Object.fromEntries(definitions) }),
    };
  }

  /** A schema at any place below the top. True and an empty schema allow anything. */
  private fold(given: unknown, depth: number, path: readonly string[]): JsonSchema {
    if (!isObject(given) || depth > deepest || !this.isWhole) return {};
    const { $ref } = given;
    const kept = typeof $ref === 'string' && (!this.inline || this.isCircular($ref));
    return kept ? this.referred($ref, given) : this.spread(given, depth, path);
  }

  private spread(given: JsonSchema, depth: number, path: readonly string[]): JsonSchema {
    const flat = this.flat(given, path);
    const options = optionsOf(flat.schema)?.filter((option) => !isNothing(option));
    if (options === undefined) return this.node(flat.schema, depth, flat.path);
    const { anyOf: _any, oneOf: _one, ...beside } = flat.schema;
    const [only] = options;
    if (options.length === 1 && isObject(only) && depth < deepest) {
      const { schema, path: way } = this.flat(only, flat.path);
      return this.spread(allOfThem([beside, schema]), depth + 1, way);
    }
    const node = this.node(beside, depth, flat.path);
    const written = anyOfThem(options.map((option) => this.fold(option, depth + 1, flat.path)));
    return { ...written, ...node };
  }

  private node(schema: JsonSchema, depth: number, path: readonly string[]): JsonSchema {
    this.written += 1;
    const type = typeOf(schema);
    const written: Record<string, unknown> = type === undefined ? {} : { type };
    for (const key of plainKeywords) if (schema[key] !== undefined) written[key] = schema[key];
    for (const key of numberBounds) {
      const bound = schema[key];
      // Larger ones bound nothing, and do not fit into the integers of some servers.
      if (typeof bound === 'number' && Math.abs(bound) <= Number.MAX_SAFE_INTEGER) written[key] = bound;
    }
    if (Array.isArray(schema.enum)) written.enum = schema.enum;
    else if (schema.const !== undefined) written.enum = [schema.const];
    const inner = (given: unknown) => this.fold(given, depth + 1, path);
    if (isObject(schema.properties)) {
      const possible = Object.entries(schema.properties).filter(([, one]) => !isNothing(one));
      written.properties = Object.fromEntries(possible.map(([name, one]) => [name, inner(one)]));
    }
    if (Array.isArray(schema.required)) {
      const required = schema.required.filter(
        (name) => isObject(written.properties) && Object.hasOwn(written.properties, String(name)),
      );
      if (required.length > 0) written.required = required;
    }
    const { additionalProperties } = schema;
    if (additionalProperties === false) written.additionalProperties = false;
    else if (isObject(additionalProperties) && Object.keys(additionalProperties).length > 0)
      written.additionalProperties = inner(additionalProperties);
    if (allows(type, 'array')) written.items = this.items(schema, inner);
    return written;
  }

  /** The schema of the items. A tuple becomes a list of any of its items. */
  private items({ prefixItems, items }: JsonSchema, inner: (given: unknown) => JsonSchema): JsonSchema {
    if (!Array.isArray(prefixItems)) return inner(items);
    return anyOfThem([...prefixItems, ...(isObject(items) ? [items] : [])].map(inner));
  }

  /** The schema that a chain of references leads to, with everything from `allOf`. */
  private flat(given: JsonSchema, path: readonly string[]): { schema: JsonSchema; path: readonly string[] } {
    this.steps += 1;
    if (this.steps > mostSteps) return { schema: {}, path };
    let schema = given;
    let way = path;
    for (let { $ref } = schema; typeof $ref === 'string'; { $ref } = schema) {
      const { $ref: _ref, ...beside } = schema;
      const target = way.includes($ref) ? undefined : localTarget(this.root, $ref);
      way = [...way, $ref];
      schema = isObject(target) ? { ...target, ...beside } : beside;
    }
    if (!Array.isArray(schema.allOf)) return { schema, path: way };
    const { allOf, ...own } = schema;
    const parts = allOf.filter(isObject).map((part) => this.flat(part, way));
    return {
      schema: allOfThem([own, ...parts.map((part) => part.schema)]),
      path: [...way, ...parts.flatMap((part) => part.path.slice(way.length))],
    };
  }

  /** The alternatives of the top in one: all of their properties, and a sentence that says which belong together. */
  private withAlternatives(schema: JsonSchema, path: readonly string[]): Alternatives {
    const options = optionsOf(schema);
    if (options === undefined) return { schema, alternatives: undefined };
    const { anyOf: _any, oneOf: _one, ...own } = schema;
    const parts = options
      .filter((option) => !isNothing(option))
      .filter(isObject)
      .map((option) => this.flat(option, path))
      .map((option) => this.withAlternatives(option.schema, option.path).schema);
    return anyOfObjects(own, parts);
  }

  /** Whether a reference leads to a schema that contains the same reference. */
  private isCircular(reference: string): boolean {
    const known = this.circular.get(reference);
    if (known !== undefined) return known;
    const seen = new Set<string>();
    const open: unknown[] = [localTarget(this.root, reference)];
    let found = false;
    while (open.length > 0 && !found) {
      const value = open.pop();
      if (Array.isArray(value)) open.push(...value);
      if (!isObject(value)) continue;
      const { $ref } = value;
      found = $ref === reference;
      if (typeof $ref === 'string' && !seen.has($ref)) {
        seen.add($ref);
        open.push(localTarget(this.root, $ref));
      }
      open.push(...Object.values(value));
    }
    this.circular.set(reference, found);
    return found;
  }

  /** A reference to a definition at the top, with the words that stood beside it. */
  private referred(reference: string, { description }: JsonSchema): JsonSchema {
    const beside = typeof description === 'string' ? { description } : {};
    const target = localTarget(this.root, reference);
    if (target === undefined) return beside;
    let definition = this.definitions.get(reference);
    if (definition === undefined) {
      definition = { name: this.nameFor(reference), schema: {} };
      this.definitions.set(reference, definition);
      definition.schema = isObject(target) ? this.spread(target, 1, [reference]) : {};
    }
    return { $ref: `#/$defs/${definition.name}`, ...beside };
  }

  private nameFor(reference: string): string {
    const plain = (reference.split('/').at(-1) ?? '').replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 40) || 'root';
    const taken = new Set([...this.definitions.values()].map(({ name }) => name));
    let name = plain;
    for (let number = 2; taken.has(name); number++) name = `${plain}_${number}`;
    return name;
  }
}

function optionsOf({ anyOf, oneOf }: JsonSchema): readonly unknown[] | undefined {
  for (const options of [anyOf, oneOf]) if (Array.isArray(options)) return options;
  return undefined;
}
