// npm run campaign -- NAME [--short] [--seed N]: runs one campaign, or all of them.
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Campaign } from './campaign.js';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'list');
const shortLimitMs = 20_000;

const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => basename(file, '.ts'))
  .sort();

async function load(name: string): Promise<Campaign> {
  const module: { campaign: Campaign } = await import(pathToFileURL(join(folder, `${name}.ts`)).href);
  return module.campaign;
}

async function runOne(name: string, short: boolean, seed: number): Promise<boolean> {
  const campaign = await load(name);
  console.log(`${name}: ${campaign.about}`);
  const began = performance.now();
  const { figures, failures } = await campaign.run({
    short,
    seed,
    log: (line) => console.log(`  ${line}`),
  });
  const tookMs = performance.now() - began;
  for (const [what, value] of Object.entries(figures)) console.log(`  ${what.padEnd(40)} ${value}`);
  for (const failure of failures) console.log(`  FAILED ${failure}`);
  const slow = short && tookMs > shortLimitMs;
  console.log(
    `  ${(tookMs / 1000).toFixed(1)} s${slow ? `, more than the ${shortLimitMs / 1000} s of a short form` : ''}`,
  );
  return failures.length === 0;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false }, seed: { type: 'string', default: '1' } },
});
const chosen = positionals.length === 1 && positionals[0] === 'all' ? names : positionals;
const unknown = chosen.filter((name) => !names.includes(name));
const seed = Number(values.seed);
if (chosen.length === 0 || unknown.length > 0 || !Number.isSafeInteger(seed)) {
  console.error(
    `usage: npm run campaign -- NAME|all [--short] [--seed N]\nNAME is one of: ${names.join(', ')}`,
  );
  process.exit(2);
}
let passed = 0;
for (const name of chosen) if (await runOne(name, values.short, seed)) passed++;
console.log(`campaigns: ${passed} passed, ${chosen.length - passed} failed`);
process.exit(passed === chosen.length ? 0 : 1);
