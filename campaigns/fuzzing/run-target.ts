import { Random } from '../../src/testing/contract/random.js';
import type { FuzzTarget } from './target.js';
import { slowInputMs } from './target.js';
import type { Watchdog } from './watchdog.js';

export interface FuzzRun {
  readonly name: string;
  readonly target: FuzzTarget;
  readonly seed: number;
  /** Ends after this time, or after `inputs`, whichever is first. */
  readonly forMs: number;
  readonly inputs?: number | undefined;
  /** Number of the first input. */
  readonly from?: number | undefined;
  readonly watchdog: Watchdog;
}

export interface FuzzResult {
  readonly inputs: number;
  readonly slowestMs: number;
  /** One line for each input that broke something, with the command that repeats it. */
  readonly findings: readonly string[];
}

const mostFindings = 5;
const longestShown = 1500;

/** Feeds a target until the time is over or too much is broken. */
export async function runTarget(run: FuzzRun): Promise<FuzzResult> {
  const { name, target, seed, forMs, inputs: most = Number.POSITIVE_INFINITY, from = 0, watchdog } = run;
  const findings: string[] = [];
  const until = performance.now() + forMs;
  let slowestMs = 0;
  let index = from;
  for (; index < from + most && performance.now() < until && findings.length < mostFindings; index++) {
    const again = `npm run fuzz -- ${name} --seed ${seed} --at ${index}`;
    watchdog.expect(again);
    const { shown, run: act } = target.attempt(new Random(mixed(seed, index)));
    const began = performance.now();
    const report = (what: string) => findings.push(`${what}\n    again: ${again}\n    input: ${cut(shown)}`);
    try {
      // Awaiting costs a turn of the event loop, which most targets do not need.
      const waiting = act();
      if (waiting !== undefined) await waiting;
    } catch (error) {
      report(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    const tookMs = performance.now() - began;
    slowestMs = Math.max(slowestMs, tookMs);
    if (tookMs > slowInputMs) report(`took ${Math.round(tookMs)} ms, allowed are ${slowInputMs} ms`);
    // Timers and streams that the input started get their turn.
    if (index % 256 === 0) await new Promise(setImmediate);
  }
  watchdog.rest();
  return { inputs: index - from, slowestMs, findings };
}

/** Every input has a seed of its own, so that one can be repeated without those before it. */
function mixed(seed: number, index: number): number {
  return Math.imul(seed, 0x9e37_79b1) ^ Math.imul(index + 1, 0x85eb_ca6b);
}

function cut(text: string): string {
  return text.length <= longestShown ? text : `${text.slice(0, longestShown)}… (${text.length} characters)`;
}
