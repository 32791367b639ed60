import { expect, test } from 'vitest';
import type { ThinkRequest } from '../../../src/engines/core/stages.js';
import { record, SessionDriver } from '../session-driver.js';

test('after an interruption the mind knows the words that were heard, and no others', async () => {
  const requests: ThinkRequest[] = [];
  const driver = new SessionDriver({
    stages: {
      mind: {
        async *think(request) {
          requests.push(request);
          yield { type: 'say', text: 'One two three four five six seven eight nine ten eleven twelve.' };
        },
      },
    },
  });
  await driver.ask('count');
  const { item } = driver.last('response.output_item.done');
  driver.send({
    type: 'conversation.item.truncate',
    item_id: record(item).id,
    content_index: 0,
    audio_end_ms: 1600,
  });
  await driver.ask('go on');
  const cut = requests.at(-1)?.items.find((entry) => entry.kind === 'message' && entry.role === 'assistant');
  if (cut?.kind !== 'message') throw new Error('the answer is gone');
  expect(cut.text).toMatch(/^One two three/);
  expect(cut.text).not.toMatch(/seven/);
});

test('tokens that a model counted are told instead of an estimate', async () => {
  const driver = new SessionDriver({
    stages: {
      mind: {
        async *think() {
          yield { type: 'say', text: 'Good day.' };
          yield { type: 'usage', inputTokens: 321, outputTokens: 7 };
        },
      },
    },
  });
  await driver.ask('hello');
  expect(record(driver.last('response.done').response).usage).toMatchObject({
    input_tokens: 321,
    output_tokens: 7,
    input_token_details: { text_tokens: 321, audio_tokens: 0 },
  });
});
