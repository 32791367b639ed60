import { readdirSync, readFileSync } from 'node:fs';
import { parseScenario } from '../../src/simulator/scenario/scenario-file.js';
import { textTarget } from '../fuzzing/inputs.js';
import { isForPeople } from '../fuzzing/refusals.js';
import { mayRefuse } from '../fuzzing/target.js';

const folder = new URL('../../examples/scenarios/', import.meta.url);
const seeds = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'));

export const target = textTarget({
  about: 'scenario files: read, or refused with a position',
  seeds,
  words: [
    ...[
      '"turns"',
      '"heard"',
      '"say"',
      '"tool"',
      '"tools"',
      '"when"',
      '"afterTool"',
      '"faults"',
      '"close"',
      '"stall"',
    ],
    ...[
      '"error"',
      '"garbage"',
      '"usage"',
      '"__proto__":',
      '"heard":"a",',
      ',}',
      '{}',
      '[]',
      'null',
      '1e999',
      '-1',
    ],
  ],
  check: (text) => mayRefuse(() => parseScenario(text, 'scenario.json'), isForPeople),
});
