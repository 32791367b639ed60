import { readFileSync } from 'node:fs';

/** The version of this package, as its package.json says. */
export function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version: found }: { version?: unknown } = JSON.parse(text);
  return typeof found === 'string' ? found : '0.0.0';
}
