import type { z } from 'zod';
import { isObject } from '../../../base/json.js';

type Issue = z.core.$ZodIssue;

/** What the real server says about an invalid message. `sent` is the message as the client wrote it. */
export function reasonOf(issues: readonly Issue[], sent: unknown): string {
  const issue = deepest(issues);
  const place = issue.path.reduce<string>(toPlace, '');
  if (issue.code === 'unrecognized_keys') {
    const at = place === '' ? '' : ` at '${place}'`;
    return `Invalid JSON payload received. Unknown name "${issue.keys[0] ?? ''}"${at}: Cannot find field.`;
  }
  const shown = JSON.stringify(valueAt(sent, issue.path)) ?? 'null';
  return `Invalid value at '${place}' (${typeOf(issue)}), ${shown.slice(0, 60)}`;
}

/** An unknown name explains more than the errors that follow from it; of a union, the branch that was read furthest. */
function deepest(issues: readonly Issue[]): Issue {
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  if (issue === undefined) throw new Error('a failed parse has at least one issue');
  if (issue.code !== 'invalid_union') return issue;
  const branch = issue.errors.find(([first]) => first !== undefined && first.path.length > 0);
  return branch === undefined
    ? issue
    : deepest(branch.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })));
}

/** Names in paths are the ones with underscores, however the client spelt them. */
function toPlace(place: string, key: PropertyKey): string {
  if (typeof key === 'number') return `${place}[${key}]`;
  const name = String(key).replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return place === '' ? name : `${place}.${name}`;
}

function valueAt(sent: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => {
    if (Array.isArray(at)) return typeof key === 'number' ? at[key] : undefined;
    if (!isObject(at)) return undefined;
    const name = String(key);
    return at[name] ?? at[name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
  }, sent);
}

function typeOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_value':
      return 'TYPE_ENUM';
    case 'invalid_format':
      return 'TYPE_BYTES';
    case 'invalid_type':
      return (
        {
          string: 'TYPE_STRING',
          boolean: 'TYPE_BOOL',
          number: 'TYPE_FLOAT',
          int: 'TYPE_INT32',
          array: 'LIST',
        }[String(issue.expected)] ?? 'TYPE_MESSAGE'
      );
    default:
      return 'TYPE_INVALID';
  }
}
