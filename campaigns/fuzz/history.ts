import { readHistory } from '../../src/history/read-history.js';
import { historyToJson } from '../../src/history/saved-history.js';
import type { Random } from '../../src/testing/contract/random.js';
import { mutateJson } from '../fuzzing/mutate-json.js';
import { isForPeople } from '../fuzzing/refusals.js';
import { type FuzzTarget, mayRefuse } from '../fuzzing/target.js';

const items = [
  { kind: 'message', itemId: 'a', role: 'user', text: 'Hello', state: 'done' },
  { kind: 'message', itemId: 'b', role: 'assistant', text: 'Hi', state: 'cut', heardMs: 120 },
  {
    kind: 'tool',
    itemId: 'c',
    callId: 'd',
    name: 'get_time',
    arguments: '{}',
    output: '12:00',
    state: 'done',
  },
] as const;
const saved: unknown = JSON.parse(
  historyToJson(items, { savedAt: new Date(0), provider: 'local', model: 'm', agent: 'desk' }),
);
const updates = items.map((item, index) => ({ type: 'history.updated', change: 'added', item, index }));
const header = { type: 'header', schema: 1 };
const seeds: readonly unknown[] = [saved, items, { schema: 1, items }, header, ...updates];

/** Whole files, and recordings of which every line may be damaged. */
function input(random: Random): string {
  if (random.below(2) === 0)
    return mutateJson(random.pick([saved, items, { schema: 1, items }]), seeds, random);
  const lines = [header, ...Array.from({ length: random.below(8) }, () => random.pick(updates))];
  return lines
    .map((line) => (random.below(3) === 0 ? mutateJson(line, seeds, random) : JSON.stringify(line)))
    .join(random.pick(['\n', '\r\n']));
}

export const target: FuzzTarget = {
  about: 'saved conversations: refused in words, or read into items with unique ids',
  attempt(random) {
    const text = input(random);
    return {
      shown: text,
      run: () =>
        mayRefuse(() => {
          const { items: read } = readHistory(text, 'talk.json');
          const ids = read.map(({ itemId }) => itemId);
          if (new Set(ids).size !== ids.length) throw new Error('two items have the same id');
          const open = read.find(({ state }) => state === 'pending' || state === 'running');
          if (open !== undefined) throw new Error(`item ${open.itemId} is not settled`);
        }, isForPeople),
    };
  },
};
