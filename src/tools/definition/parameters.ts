import { Validator } from '@cfworker/json-schema';
import { z } from 'zod';
import { interruptAfter } from '../../base/interrupt-after.js';
import { foldedSchema } from './folded-schema.js';
import { allows } from './merged-schemas.js';
import { repairedSchema } from './repaired-schema.js';
import type { JsonSchema, Tool } from './tool.js';

/** The result of validation: arguments for `execute`, or one sentence per problem. */
type Checked =
  | { readonly ok: true; readonly args: unknown }
  | { readonly ok: false; readonly problems: readonly string[] };

export interface Parameters {
  /** For the model. */
  readonly schema: JsonSchema;
  /** May throw whatever a user's own refinement throws. */
  check(args: Readonly<Record<string, unknown>>): Promise<Checked>;
}

/** More would only cost tokens: a model fixes them one after the other anyway. */
const mostProblems = 8;
/** Only a malicious schema takes longer: matching a pattern can take years. */
const checkLimitMs = 500;

/** @throws Error whose message says what is wrong with the schema. */
export function readParameters({ parameters }: Pick<Tool, 'parameters'>): Parameters {
  if (parameters === undefined) return fromJsonSchema({});
  return isZod(parameters) ? fromZod(parameters) : fromJsonSchema(parameters);
}

/** Also true for a schema from another copy of zod 4: user modules bring their own. */
function isZod(parameters: z.core.$ZodType | JsonSchema): parameters is z.core.$ZodType {
  return '_zod' in parameters;
}

function fromZod(parameters: z.core.$ZodType): Parameters {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(parameters, { io: 'input' });
  return {
    schema: foldedSchema(ofTypeObject(repairedSchema(schema))),
    check: async (args) => {
      const result = await z.safeParseAsync(parameters, args);
      if (result.success) return { ok: true, args: result.data };
      return refused(result.error.issues.map(({ path, message }) => problem(path, message)));
    },
  };
}

/**
 * `z.fromJSONSchema` would make the validator unnecessary, but it throws on `not`, `if` and `$ref` to `definitions`,
 * and ignores `required` without `properties`; schemas written for other programs use all of these.
 */
function fromJsonSchema(given: JsonSchema): Parameters {
  if (isDraftOfZod3(given)) {
    throw new Error('"parameters" is a schema of zod 3; use zod 4 or a JSON Schema');
  }
  const schema = ofTypeObject(repairedSchema(given));
  const validator = new Validator(schema, '2020-12', false);
  return {
    schema: foldedSchema(schema),
    check: async (args) => {
      const { valid, errors } = interruptAfter(checkLimitMs, () => validator.validate(args));
      if (valid) return { ok: true, args };
      // "Property a does not match" is followed by the reason; only the reasons are useful.
      const reasons = errors.filter(({ keyword }) => !wrappers.has(keyword));
      return refused(
        (reasons.length > 0 ? reasons : errors).map(({ instanceLocation, error }) =>
          problem(instanceLocation.split('/').slice(1), error),
        ),
      );
    },
  };
}

const wrappers = new Set(['properties', 'items', 'prefixItems', '$ref', 'allOf', 'if', 'false']);

function isDraftOfZod3(schema: JsonSchema): boolean {
  return '_def' in schema && typeof schema.safeParse === 'function';
}

function ofTypeObject(schema: JsonSchema): JsonSchema {
  const { type = 'object' } = schema;
  if (!allows(type, 'object')) {
    throw new Error(
      `"parameters" describes ${JSON.stringify(type)}; models send their arguments as an object, so its type must be "object"`,
    );
  }
  return { ...schema, type: 'object' };
}

function problem(path: readonly PropertyKey[], message: string): string {
  return path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`;
}

function refused(problems: readonly string[]): Checked {
  return { ok: false, problems: [...new Set(problems)].slice(0, mostProblems) };
}
