import type { CloseMeaning } from '../../providers/provider.js';
import { Random } from './random.js';
import { type Check, facts, fields, flag, oneOf, optional, type Shape, shown, text } from './shape.js';
import type { Subject } from './subject.js';

const meaning: Check = fields({
  fatal: flag,
  cause: oneOf('credentials', 'refused', 'expired', 'network', 'ended'),
  message: text,
  hint: optional(text),
  facts: optional(facts),
} satisfies Shape<CloseMeaning>);

const closeCodes = [
  1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1011, 1012, 1013, 1014, 1015, 3000, 4000, 4999,
];
const statuses = [300, 400, 401, 402, 403, 404, 408, 410, 418, 429, 500, 502, 503, 504];
const bodies = [
  '',
  'Unauthorized',
  '<html><body>Bad gateway</body></html>',
  '{',
  'null',
  '[]',
  '{"error":null}',
  '{"error":"no"}',
  '{"error":{"code":7,"message":{}}}',
  '{"error":{"code":"invalid_api_key","message":"Wrong key."}}',
];

export function checkEndings({ provider, connection, runner, seed, runs }: Subject): void {
  const { describe, it } = runner;
  const explained = [
    ...(provider.explainClose === undefined ? [] : (['explainClose'] as const)),
    ...(provider.explainRefusal === undefined ? [] : (['explainRefusal'] as const)),
  ];
  if (explained.length === 0) return;

  describe(`${provider.id}: refusals and endings`, () => {
    for (const name of explained) {
      it(`${name} takes whatever a server says`, () => {
        const random = new Random(seed);
        const said = [...bodies, ...Array.from({ length: runs / 20 }, () => JSON.stringify(random.json()))];
        for (const number of name === 'explainClose' ? closeCodes : statuses) {
          for (const words of said) {
            const found = provider[name]?.(number, words, connection);
            const wrong = found === undefined ? undefined : (meaning(found, name) ?? emptyMessage(found));
            if (wrong !== undefined)
              throw new Error(`${wrong}, for ${number} and ${shown(words)} (seed ${seed}).`);
          }
        }
      });
    }
  });
}

function emptyMessage({ message }: CloseMeaning): string | undefined {
  return message.trim() === '' ? 'message must not be empty' : undefined;
}
