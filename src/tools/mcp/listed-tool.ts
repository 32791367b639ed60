import { z } from 'zod';
import { readParameters } from '../parameters.js';
import { isRecord } from '../record.js';
import type { JsonSchema } from '../tool.js';

/** A tool as its server describes it. */
export interface ListedTool {
  readonly name: string;
  readonly description: string;
  readonly schema: JsonSchema;
}

/** What a server lists that the model cannot be given, and why. */
export interface UnusableTool {
  readonly name: string;
  readonly why: string;
}

/** A model does not choose well among more, and most providers refuse more. */
export const mostTools = 128;
/** Nothing beyond is even read: a list may be made long on purpose. */
export const mostListed = 1000;
const longestDescription = 4000;

const listed = z.looseObject({
  name: z.string().min(1).max(1000),
  title: z.string().nullish(),
  description: z.string().nullish(),
  inputSchema: z.record(z.string(), z.unknown()).nullish(),
});

/** Reads one entry of a server's list. One that cannot be used must not cost the others. */
export function readListedTool(entry: unknown): ListedTool | UnusableTool {
  const { success, data } = listed.safeParse(entry);
  if (!success) {
    const name = isRecord(entry) && typeof entry.name === 'string' ? entry.name.slice(0, 80) : '';
    return { name: name.trim() === '' ? 'a tool' : name, why: 'its description is broken' };
  }
  const { name, title, description, inputSchema } = data;
  const schema = withoutForeignPatterns(inputSchema ?? {});
  try {
    readParameters({ parameters: schema });
    requireTargets(schema);
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
 * Servers write patterns in the dialect of their own language, such as `(?P<year>\d+)`; those we cannot read are left to the
 * server, which checks its arguments itself.
 */
function withoutForeignPatterns(schema: JsonSchema): JsonSchema {
  const plain: unknown = JSON.parse(JSON.stringify(schema), (key, value: unknown) => {
    if (key === 'pattern' && typeof value === 'string' && !isReadable(value)) return undefined;
    if (key !== 'patternProperties' || !isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).filter(([pattern]) => isReadable(pattern)));
  });
  return isRecord(plain) ? plain : schema;
}

function isReadable(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
}

/** A reference that leads nowhere would fail only when the model calls the tool. */
function requireTargets(schema: JsonSchema): void {
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isRecord(value)) return;
    const { $ref } = value;
    if (typeof $ref === 'string' && $ref.startsWith('#/') && !leadsSomewhere(schema, $ref)) {
      throw new Error(`its schema refers to ${JSON.stringify($ref.slice(0, 80))}, which is not there`);
    }
    Object.values(value).forEach(visit);
  };
  visit(schema);
}

function leadsSomewhere(schema: unknown, pointer: string): boolean {
  let value = schema;
  for (const step of pointer.slice(2).split('/')) {
    const key = decodeStep(step);
    if (Array.isArray(value)) value = value[Number(key)];
    else if (isRecord(value) && Object.hasOwn(value, key)) value = value[key];
    else return false;
  }
  return value !== undefined;
}

function decodeStep(step: string): string {
  const plain = step.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}
