import { z } from 'zod';
import { isObject } from '../../base/json.js';
import { localTarget } from '../definition/local-reference.js';
import { readParameters } from '../definition/parameters.js';
import type { JsonSchema } from '../definition/tool.js';
import { requireHeaders } from './header-declarations.js';

/** A tool as its server describes it. */
export interface ListedTool {
  readonly name: string;
  readonly description: string;
  readonly schema: JsonSchema;
}

/** A listed tool that the model cannot be given, and why. */
export interface UnusableTool {
  readonly name: string;
  readonly why: string;
}

/** Models choose badly among more tools, and most providers refuse more. */
export const mostTools = 128;
/** Further tools are not even read: a list may be made long on purpose. */
export const mostListed = 1000;
const longestDescription = 4000;

const listed = z.looseObject({
  name: z.string().min(1).max(1000),
  title: z.string().nullish(),
  description: z.string().nullish(),
  inputSchema: z.record(z.string(), z.unknown()).nullish(),
});

/**
 * Reads one entry of a server's list. An unusable entry does not affect the others.
 * @param headers whether arguments are also sent as headers, which a schema asks for by `x-mcp-header`.
 */
export function readListedTool(entry: unknown, { headers = false } = {}): ListedTool | UnusableTool {
  const { success, data } = listed.safeParse(entry);
  if (!success) {
    const name = isObject(entry) && typeof entry.name === 'string' ? entry.name.slice(0, 80) : '';
    return { name: name.trim() === '' ? 'a tool' : name, why: 'its definition is invalid' };
  }
  const { name, title, description, inputSchema } = data;
  let schema: JsonSchema;
  try {
    schema = withoutForeignPatterns(inputSchema ?? {});
    readParameters({ parameters: schema });
    requireTargets(schema);
    if (headers) requireHeaders(schema);
  } catch (error) {
    return {
      name,
      why: error instanceof Error ? error.message.replace(/\.$/, '') : 'its schema cannot be read',
    };
  }
  const words = [description, title, name].find((text) => text?.trim()) ?? name;
  return { name, description: words.trim().slice(0, longestDescription), schema };
}

/**
 * Servers write patterns in the syntax of their own language, such as `(?P<year>\d+)`. Patterns that we cannot read are
 * removed: the server checks its arguments itself.
 */
function withoutForeignPatterns(schema: JsonSchema): JsonSchema {
  const plain: unknown = JSON.parse(JSON.stringify(schema), (key, value: unknown) => {
    if (key === 'pattern' && typeof value === 'string' && !isReadable(value)) return undefined;
    if (key !== 'patternProperties' || !isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).filter(([pattern]) => isReadable(pattern)));
  });
  return isObject(plain) ? plain : schema;
}

function isReadable(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
}

/** A broken reference would otherwise fail only when the model calls the tool. */
function requireTargets(schema: JsonSchema): void {
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isObject(value)) return;
    const { $ref } = value;
    if (typeof $ref === 'string' && $ref.startsWith('#/') && localTarget(schema, $ref) === undefined) {
      throw new Error(`its schema refers to ${JSON.stringify($ref.slice(0, 80))}, which does not exist`);
    }
    Object.values(value).forEach(visit);
  };
  visit(schema);
}
