// `npm run api` writes the report of the public surface; `npm run check:api` (with --check) compares it with the
// source.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { complaint, update } from './api/report.js';
import { publicSurface } from './api/surface.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const path = join(root, 'etc/public-surface.md');
const name = relative(root, path);

const report = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
const surface = await publicSurface();

function fail(message) {
  console.error(message);
  process.exitCode = 1;
}

if (process.argv.includes('--check')) {
  const message = complaint(report, surface);
  if (message !== undefined) fail(`${name}: ${message}`);
} else {
  const outcome = update(report, surface, readFileSync(join(root, 'CHANGELOG.md'), 'utf8'));
  if (outcome.kind === 'refuse') fail(outcome.message);
  if (outcome.kind === 'same') console.log(`${name} is up to date.`);
  if (outcome.kind === 'write') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, outcome.report);
    console.log(`${name} written.`);
  }
}
