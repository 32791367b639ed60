import type { Path } from './layer.js';

const longest = 80;

/** A value for messages and `config print`: short, and without whatever secret an address may hold. */
export function shownValue(path: Path, value: unknown): string {
  const text = JSON.stringify(isAddress(path, value) ? withoutSecrets(value) : value) ?? String(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

export function isAddress(path: Path, value: unknown): value is string {
  return typeof value === 'string' && /url$/i.test(String(path.at(-1)));
}

/** An address without user, password and the values of its query. */
export function withoutSecrets(address: string): string {
  if (!URL.canParse(address)) return address.replace(/\/\/[^/@]*@/, '//***@').replace(/\?.*/, '?***');
  const url = new URL(address);
  if (url.username === '' && url.password === '' && url.search === '') return address;
  const user = url.username === '' && url.password === '' ? '' : '***@';
  return `${url.protocol}//${user}${url.host}${url.pathname}${url.search === '' ? '' : '?***'}`;
}
