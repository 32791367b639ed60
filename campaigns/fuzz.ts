// npm run fuzz -- NAME|all [--seconds N] [--seed N] [--at INDEX]: feeds changed inputs to a decoder.
import { parseArgs } from 'node:util';
import { loadTarget, targetNames } from './fuzzing/load-targets.js';
import { runTarget } from './fuzzing/run-target.js';
import { Watchdog } from './fuzzing/watchdog.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    at: { type: 'string' },
  },
});
const names = positionals.length === 1 && positionals[0] === 'all' ? targetNames : positionals;
const unknown = names.filter((name) => !targetNames.includes(name));
const [seconds, seed, at] = [Number(values.seconds), Number(values.seed), Number(values.at ?? 0)];
const wrongNumber = !(seconds > 0) || !Number.isSafeInteger(seed) || !Number.isSafeInteger(at);
if (names.length === 0 || unknown.length > 0 || wrongNumber) {
  console.error(
    `usage: npm run fuzz -- NAME|all [--seconds N] [--seed N] [--at INDEX]\nNAME is one of: ${targetNames.join(', ')}`,
  );
  process.exit(2);
}

const watchdog = new Watchdog();
let broken = 0;
for (const name of names) {
  const target = await loadTarget(name);
  console.log(`${name}: ${target.about}`);
  const one = values.at === undefined ? {} : { from: at, inputs: 1 };
  const result = await runTarget({ name, target, seed, forMs: seconds * 1000, watchdog, ...one });
  console.log(`  ${result.inputs} inputs, slowest ${result.slowestMs.toFixed(1)} ms`);
  for (const finding of result.findings) console.log(`  FAILED ${finding}`);
  broken += result.findings.length;
}
await watchdog.close();
process.exit(broken === 0 ? 0 : 1);
