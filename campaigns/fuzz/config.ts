import { readFileSync } from 'node:fs';
import { parseJsonc } from '../../src/config/files/jsonc.js';
import { textTarget } from '../fuzzing/inputs.js';
import { isForPeople } from '../fuzzing/refusals.js';
import { mayRefuse } from '../fuzzing/target.js';

export const target = textTarget({
  about: 'configuration files: JSON with comments, read or refused with a position',
  seeds: [
    readFileSync(new URL('../../config.example.json', import.meta.url), 'utf8'),
    '{ /* a */ "b": [1, 2,], }',
  ],
  words: [
    '"tools":',
    '"mcpServers":',
    '"__proto__":',
    '"constructor":',
    '/*',
    '*/',
    '//',
    ',,',
    '{}',
    '1e999',
  ],
  check: (text) =>
    mayRefuse(() => {
      const { value, positionOf } = parseJsonc(text, 'config.json');
      if (!/^\d+:\d+$/.test(positionOf(['tools', 0, 'name'], 'value')))
        throw new Error('a position without a line');
      if (({} as Record<string, unknown>).polluted !== undefined)
        throw new Error('a file changed every object');
      JSON.stringify(value);
    }, isForPeople),
});
