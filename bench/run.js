// Prints the table of docs/performance.md. `npm start -- [name …]` runs only the named benchmarks.
import { audioDelta } from './audio-delta.js';
import { clearToSilence } from './clear-to-silence.js';
import { decode } from './decode.js';
import { eventToClear } from './event-to-clear.js';
import { memory } from './memory.js';
import { startUp } from './start-up.js';
import { truncateError } from './truncate-error.js';

const benchmarks = {
  'start-up': startUp,
  'audio-delta': audioDelta,
  decode,
  'event-to-clear': eventToClear,
  'clear-to-silence': clearToSilence,
  'truncate-error': truncateError,
  memory,
};

const wanted = process.argv.slice(2);
for (const name of wanted)
  if (!(name in benchmarks))
    throw new Error(`No benchmark "${name}". There are: ${Object.keys(benchmarks).join(', ')}.`);

console.log('| what | measured | goal | detail |\n|---|---|---|---|');
for (const [name, run] of Object.entries(benchmarks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const { what, value, goal, detail } of await run())
    console.log(`| ${what} | **${value}** | ${goal} | ${detail} |`);
}
