import type { z } from 'zod';
import { Refusal } from '../core/refusal.js';
import type { ClientRequest, RequestSchema } from './request-schema.js';

type Issue = z.core.$ZodIssue;

/** The client's own id of an event, even when the rest of it is wrong. */
export function eventIdOf(frame: unknown): string | null {
  const eventId = isRecord(frame) ? frame.event_id : undefined;
  return typeof eventId === 'string' ? eventId : null;
}

/** @throws Refusal when the text is not JSON. */
export function parseFrame(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('Could not parse the event: it is not valid JSON.', { code: 'invalid_json' });
  }
}

/** @throws Refusal with the code, wording and `param` of the real server. */
export function readRequest(frame: unknown, schema: RequestSchema): ClientRequest {
  return checkedBy(schema, frame);
}

/** @throws Refusal in the same words, for any schema. */
export function checkedBy<Schema extends z.ZodType>(schema: Schema, frame: unknown): z.output<Schema> {
  const read = schema.safeParse(frame);
  if (read.success) return read.data;
  throw toRefusal(mostTelling(read.error.issues), frame);
}

/** A misspelt key explains more than the missing value that it leads to. */
function mostTelling(issues: readonly Issue[]): Issue {
  const telling = issues.find((issue) => issue.code === 'unrecognized_keys') ?? issues[0];
  if (telling === undefined) throw new Error('a failed parse has at least one issue');
  return telling;
}

function toRefusal(issue: Issue, frame: unknown): Refusal {
  const param = paramOf(issue.path);
  const value = issue.path.reduce<unknown>((at, key) => (isContainer(at) ? at[key] : undefined), frame);
  const missing = (): Refusal =>
    new Refusal(`Missing required parameter: '${param}'.`, { code: 'missing_required_parameter', param });
  const unsupported = (allowed: readonly unknown[]): Refusal =>
    new Refusal(`Invalid value: '${show(value)}'. Supported values are: ${list(allowed)}.`, {
      code: 'invalid_value',
      param,
    });

  switch (issue.code) {
    case 'unrecognized_keys': {
      const key = paramOf([...issue.path, issue.keys[0] ?? '']);
      return new Refusal(`Unknown parameter: '${key}'.`, { code: 'unknown_parameter', param: key });
    }
    case 'invalid_value':
      return value === undefined ? missing() : unsupported(issue.values);
    case 'invalid_union':
      if (value === undefined) return missing();
      return issue.errors.length > 0 ? toRefusal(nested(issue), frame) : unsupported(namesOf(issue));
    case 'too_small':
      return limit(issue.minimum, 'below', issue.origin, param, value);
    case 'too_big':
      return limit(issue.maximum, 'above', issue.origin, param, value);
    case 'invalid_type':
      if (value === undefined && param !== '') return missing();
      return new Refusal(
        `Invalid type for '${param}': expected ${article(nounOf(issue.expected))}, but got ${article(typeOf(value))} instead.`,
        { code: 'invalid_type', param },
      );
    default:
      return new Refusal(`Invalid value for '${param}'. ${issue.message}`, { code: 'invalid_value', param });
  }
}

/** Of a union without a discriminator: the branch that read the value furthest. */
function nested(issue: Extract<Issue, { code: 'invalid_union' }>): Issue {
  const branches = issue.errors.flatMap((branch) => branch.slice(0, 1));
  const deepest = branches.reduce<Issue | undefined>(
    (best, next) => (best === undefined || next.path.length > best.path.length ? next : best),
    undefined,
  );
  if (deepest === undefined) throw new Error('a union fails in at least one branch');
  return { ...deepest, path: [...issue.path, ...deepest.path] };
}

/** A discriminated union that knows no such name lists the names instead of errors. */
function namesOf(issue: Issue): readonly unknown[] {
  return 'options' in issue && Array.isArray(issue.options) ? issue.options : [];
}

function limit(
  bound: unknown,
  side: 'below' | 'above',
  origin: string,
  param: string,
  value: unknown,
): Refusal {
  const edge = side === 'below' ? 'minimum' : 'maximum';
  const kind = origin === 'number' || origin === 'int' ? numberKind(value) : origin;
  const isSize = origin === 'array' || origin === 'string';
  const subject = isSize
    ? `${kind} too ${side === 'below' ? 'short' : 'long'}`
    : `${kind} ${side} ${edge} value`;
  const measured = isSize && (typeof value === 'string' || Array.isArray(value)) ? value.length : show(value);
  const comparison = `${isSize ? 'length' : 'value'} ${side === 'below' ? '>=' : '<='} ${String(bound)}`;
  return new Refusal(
    `Invalid '${param}': ${subject}. Expected a ${comparison}, but got ${measured} instead.`,
    {
      code: `${kind}_${side}_${isSize ? `${edge.slice(0, 3)}_length` : `${edge.slice(0, 3)}_value`}`,
      param,
    },
  );
}

function paramOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`,
    '',
  );
}

function list(values: readonly unknown[]): string {
  const quoted = values.map((value) => `'${String(value)}'`);
  const last = quoted.pop() ?? '';
  if (quoted.length === 0) return last;
  return `${quoted.join(', ')}${quoted.length > 1 ? ',' : ''} and ${last}`;
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function nounOf(expected: string): string {
  return { int: 'integer', record: 'object', number: 'decimal' }[expected] ?? expected;
}

function numberKind(value: unknown): 'integer' | 'decimal' {
  return Number.isInteger(value) ? 'integer' : 'decimal';
}

function typeOf(value: unknown): string {
  if (value === null) return 'null value';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'number' ? numberKind(value) : typeof value;
}

function article(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isContainer(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null;
}
