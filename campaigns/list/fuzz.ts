import type { Campaign } from '../campaign.js';
import { loadTarget, targetNames } from '../fuzzing/load-targets.js';
import { runTarget } from '../fuzzing/run-target.js';
import { Watchdog } from '../fuzzing/watchdog.js';

const totalMs = 60 * 60_000;
const shortTotalMs = 11_000;

/** All targets of campaigns/fuzz, which share the time. `npm run fuzz -- NAME` runs one of them. */
export const campaign: Campaign = {
  about: 'no decoder crashes, hangs or breaks its promises on damaged input',
  async run({ short, seed, log }) {
    const watchdog = new Watchdog();
    const failures: string[] = [];
    const forMs = (short ? shortTotalMs : totalMs) / targetNames.length;
    let inputs = 0;
    let slowestMs = 0;
    for (const name of targetNames) {
      const result = await runTarget({ name, target: await loadTarget(name), seed, forMs, watchdog });
      log(`${name}: ${result.inputs} inputs, slowest ${result.slowestMs.toFixed(1)} ms`);
      inputs += result.inputs;
      slowestMs = Math.max(slowestMs, result.slowestMs);
      failures.push(...result.findings.map((finding) => `${name}: ${finding}`));
    }
    await watchdog.close();
    return {
      figures: { targets: targetNames.length, inputs, 'slowest ms': Math.round(slowestMs) },
      failures,
    };
  },
};
