/**
 * Runs as a child of the doctor: loading the native module may print, crash or hang, and the doctor must survive it.
 * Prints one line of JSON behind a mark.
 */
import { allCandidates } from '../../audio/helper/candidates.js';
import { reportMark } from './backend-states.js';

const candidates = await allCandidates();
const states = candidates.map((candidate) =>
  'missing' in candidate ? { id: candidate.id, missing: candidate.missing } : { id: candidate.id },
);
process.stdout.write(`\n${reportMark}${JSON.stringify(states)}\n`, () => process.exit());
