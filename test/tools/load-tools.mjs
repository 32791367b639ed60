// Loads each tool module named on the command line with the built program, as Node itself imports it (vitest would
// transform it first), and prints what came of it: tool names, or the error.
import { loadTools } from '../../dist/tools/modules/modules.js';

const outcomes = [];
for (const spec of process.argv.slice(2)) {
  try {
    const tools = await loadTools([spec]);
    outcomes.push({ names: tools.map(({ name }) => name) });
  } catch ({ name, message, hint, exitCode }) {
    outcomes.push({ error: { name, message, hint, exitCode } });
  }
}
process.stdout.write(JSON.stringify(outcomes));
