import type { Path } from './layer.js';
import { maskedArguments } from './masked-arguments.js';

const longest = 80;

/** A value for messages and `config print`: shortened, and without the secrets that a URL may contain. */
export function shownValue(path: Path, value: unknown): string {
  const text = JSON.stringify(masked(path, value)) ?? String(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** A value with possible secrets removed: parts of URLs, and the variables, headers and arguments that may be some. */
export function masked(path: Path, value: unknown): unknown {
  if (isAddress(path, value)) return withoutSecrets(value);
  if (typeof value === 'string') return holdsSecrets(path.at(-2)) ? withoutValue(value) : value;
  if (Array.isArray(value) && path.at(-1) === 'args') return maskedArguments(value, withoutSecrets);
  if (Array.isArray(value)) return value.map((part, index) => masked([...path, index], part));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]: [string, unknown]) => [key, masked([...path, key], part)]),
  );
}

function holdsSecrets(key: string | number | undefined): boolean {
  return key === 'headers' || key === 'env';
}

/** The name of a variable is not secret, and shows where to look. */
function withoutValue(text: string): string {
  return text.replace(/\$\{\w+\}|[^$]+|\$/g, (part) => (part.startsWith('${') ? part : '***'));
}

function isAddress(path: Path, value: unknown): value is string {
  return typeof value === 'string' && /url$/i.test(String(path.at(-1)));
}

/** A URL without user, password and the values of its query. */
function withoutSecrets(address: string): string {
  if (!URL.canParse(address)) return address.replace(/\/\/[^/@]*@/, '//***@').replace(/\?.*/, '?***');
  const url = new URL(address);
  if (url.username === '' && url.password === '' && url.search === '') return address;
  const user = url.username === '' && url.password === '' ? '' : '***@';
  return `${url.protocol}//${user}${url.host}${url.pathname}${url.search === '' ? '' : '?***'}`;
}
