import type { z } from 'zod';
import { kindOf } from '../base/json.js';
import { nearestName } from '../base/nearest-name.js';
import { VoxtermError } from '../contract/failure.js';
import { catalog } from '../providers/catalog.js';
import { allowedAt, keysAt } from './allowed.js';
import { checkAgents } from './check-agents.js';
import type { Origin, Path } from './layer.js';
import { commonSectionKeys } from './provider-schema.js';
import { type Config, configSchema } from './schema.js';
import { shownValue } from './shown-value.js';

type Issue = z.core.$ZodIssue;
/** The part of a layer that messages need to name the source of a value. */
type Place = Pick<Origin, 'nameOf' | 'exitCode'>;

/**
 * Checks the values given in one place.
 * @throws VoxtermError naming the first wrong value, its place and what is allowed there.
 */
export function checkConfig(values: unknown, origin: Origin): Config {
  const config = checkAgainst(configSchema, values, origin);
  checkProviders(config, origin);
  checkAgents(config, origin);
  return config;
}

/**
 * Like {@link checkConfig}, with another schema.
 * @throws VoxtermError naming the first wrong value, its place and what is allowed there.
 */
export function checkAgainst<Schema extends z.ZodType>(
  schema: Schema,
  values: unknown,
  origin: Place,
): z.output<Schema> {
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw issue === undefined ? result.error : explain(issue, values, origin, schema);
}

/** Provider names depend on the build, so the schema does not list them. */
function checkProviders(config: Config, origin: Origin): void {
  const ids: readonly string[] = catalog.map(({ id }) => id);
  const named: Path[] = Object.keys(config.providers ?? {}).map((id) => ['providers', id]);
  if (config.provider !== undefined) named.unshift(['provider']);
  for (const path of named) {
    const id = path.length === 1 ? (config.provider ?? '') : String(path[1]);
    if (ids.includes(id)) continue;
    const subject = path.length === 1 ? `${origin.nameOf(path)} is` : `${origin.nameOf(path, 'key')} names`;
    throw wrong(origin, `${subject} ${JSON.stringify(id)}, which is no provider.`, nearestHint(id, ids));
  }
  for (const [id, section] of Object.entries(config.providers ?? {})) checkSection(id, section, origin);
}

/** Without this check, an option that the provider does not have would be ignored silently. */
function checkSection(id: string, section: object, origin: Origin): void {
  const known = [
    ...Object.keys(commonSectionKeys),
    ...(catalog.find((entry) => entry.id === id)?.options ?? []),
  ];
  const foreign = Object.keys(section).find((key) => !known.includes(key));
  if (foreign === undefined) return;
  const subject = `${origin.nameOf(['providers', id, foreign], 'key')} is no setting of ${id}.`;
  throw wrong(origin, subject, nearestHint(foreign, known, `${id} has`));
}

/** Among alternatives, picks the one whose type was given: the error inside it is more useful than "none matches". */
function innermost(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue;
  const meant = issue.errors.find((issues) =>
    issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'),
  );
  const inner = meant?.find(({ code }) => code === 'unrecognized_keys') ?? meant?.[0];
  return inner === undefined ? issue : innermost({ ...inner, path: [...issue.path, ...inner.path] });
}

function explain(given: Issue, values: unknown, origin: Place, schema: z.ZodType): VoxtermError {
  const issue = innermost(given);
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  if (issue.code === 'unrecognized_keys')
    return unknownKey(issue.keys[0] ?? '', path, values, origin, schema);
  const value = valueAt(values, path);
  const allowed = allowedAt(path, schema);
  if (value === undefined) {
    return wrong(origin, `${origin.nameOf(path)} is missing.`, `Allowed: ${allowed}.`);
  }
  const meant = typeof value === 'string' ? nearestName(value, allowed.split(/, (?:or )?/)) : undefined;
  const hint = meant === undefined ? `Allowed: ${allowed}.` : `Did you mean ${meant}? Allowed: ${allowed}.`;
  const shown = holdsSecrets(path) ? kindOf(value) : shownValue(path, value);
  return wrong(origin, `${origin.nameOf(path)} is ${shown}.`, special(path, value) + hint);
}

function holdsSecrets(path: Path): boolean {
  return path.includes('headers') || path.includes('env');
}

/** Additional advice for common mistakes. */
function special(path: Path, value: unknown): string {
  if (path.at(-1) === 'echo' && value === 'aec') return 'This version has no echo cancellation (aec) yet. ';
  if (path.at(-1) === 'type' && value === 'sse') {
    return 'The old transport "sse" is not spoken here; most servers offer "http" beside it, often at an address ending in /mcp. ';
  }
  if (path.at(-1) === 'url' && typeof value === 'string' && /^https?:/i.test(value)) {
    return `The server is reached by WebSocket: write ${/^https/i.test(value) ? 'wss' : 'ws'}:// instead. `;
  }
  return '';
}

function unknownKey(
  key: string,
  parent: Path,
  values: unknown,
  origin: Place,
  schema: z.ZodType,
): VoxtermError {
  const subject = `${origin.nameOf([...parent, key], 'key')} is not a setting.`;
  if (/api_?key|token|secret|password|^key$/i.test(key)) {
    const variables = catalog.flatMap(({ keyVariables }) => keyVariables).join(', ');
    return wrong(
      origin,
      subject,
      `Keys are read from the environment only: ${variables}. Remove it from the file.`,
    );
  }
  const chosen = valueAt(values, [...parent, 'type']);
  const known = keysAt(parent, chosen, schema);
  const where = chosen === undefined ? '' : ` (with type ${JSON.stringify(chosen)})`;
  return wrong(origin, subject, nearestHint(key, known, `Known here${where}`));
}

function nearestHint(given: string, known: readonly string[], label = 'Known'): string {
  const nearest = nearestName(given, known);
  const meant = nearest === undefined ? '' : `Did you mean ${nearest}? `;
  return `${meant}${label}: ${known.join(', ')}.`;
}

function wrong(origin: Place, message: string, hint: string): VoxtermError {
  return new VoxtermError(message, { code: 'config.invalid', exitCode: origin.exitCode, hint });
}

function valueAt(values: unknown, path: Path): unknown {
  let value = values;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.hasOwn(value, step) ? Object.getOwnPropertyDescriptor(value, step)?.value : undefined;
  }
  return value;
}
