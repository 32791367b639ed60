import { readFileSync } from 'node:fs';
import { packageFile } from './package-files.js';

/** The version in this package's package.json. */
export function version(): string {
  const text = readFileSync(packageFile('package.json'), 'utf8');
  const { version: found }: { version?: unknown } = JSON.parse(text);
  return typeof found === 'string' ? found : '0.0.0';
}
