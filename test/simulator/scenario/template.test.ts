import { expect, test } from 'vitest';
import { fill, fillJson } from '../../../src/simulator/scenario/template.js';

const values = {
  outputs: ['{"now":{"celsius":18},"days":[{"sky":"clear"}],"none":null}', 'plain'],
  match: ['whole', 'group', undefined],
};

test.each([
  ['{{tool.now.celsius}} degrees', '18 degrees'],
  ['{{ tool.days.0.sky }}', 'clear'],
  ['{{tool.now}}', '{"celsius":18}'],
  ['{{tools.1.output}}, {{tools.0.now.celsius}}', 'plain, 18'],
  ['{{match.1}} in {{match.0}}', 'group in whole'],
  ['{{tool.wrong|tool.now.celsius}}', '18'],
  ['{{tool.none|match.1}}', 'group'],
  ['{{tool.wrong}} {{match.2}} {{nobody.x}}', '{{tool.wrong}} {{match.2}} {{nobody.x}}'],
  ['{{tool.constructor}}', '{{tool.constructor}}'],
  ['no braces', 'no braces'],
])('%s', (text, filled) => {
  expect(fill(text, values)).toBe(filled);
});

test('reaches every text inside arguments and leaves the rest alone', () => {
  expect(fillJson({ a: ['{{match.1}}', 2, null], b: { c: '{{tool.days}}' } }, values)).toEqual({
    a: ['group', 2, null],
    b: { c: '[{"sky":"clear"}]' },
  });
});
