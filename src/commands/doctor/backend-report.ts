/**
 * Runs as a child of the doctor: loading the native module may print, crash or hang, and the doctor must survive it.
 * Prints one line of JSON after a marker.
 */
import { backendsHere, usableBackends } from '../../audio/backends/usable-backends.js';
import { type BackendState, reportMark } from './backend-states.js';

const states: BackendState[] = [];
for (const id of backendsHere) {
  try {
    await usableBackends(id);
    states.push({ id });
  } catch (error) {
    states.push({ id, missing: error instanceof Error ? error.message : String(error) });
  }
}
process.stdout.write(`\n${reportMark}${JSON.stringify(states)}\n`, () => process.exit());
