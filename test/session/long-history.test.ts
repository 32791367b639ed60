import { expect, it } from 'vitest';
import type { HistoryItem } from '../../src/contract/items.js';
import { connect } from '../../src/session/start/connect-agents.js';

it('tells of every item of a long earlier talk, and then that it is ready', async () => {
  const history = Array.from(
    { length: 3000 },
    (_, index): HistoryItem => ({
      kind: 'message',
      itemId: `u${index}`,
      role: 'user',
      text: 'Yes.',
      state: 'done',
    }),
  );
  await using session = await connect({ history, sound: null, env: {} });
  const types: string[] = [];
  for await (const { type } of session) {
    types.push(type);
    if (type === 'session.ready') break;
  }
  expect(types).toHaveLength(3001);
  expect(types.slice(0, -1).every((type) => type === 'history.updated')).toBe(true);
});
