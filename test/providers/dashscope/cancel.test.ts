import { expect, it, onTestFinished } from 'vitest';
import type { SessionEvent } from '../../../src/contract/session-events.js';
import { dashscope } from '../../../src/providers/dashscope/provider.js';
import { startSession } from '../../../src/session/start/start.js';
import { parseScenario } from '../../../src/simulator/scenario/scenario-file.js';
import { startLocalServer } from '../../../src/simulator/server.js';
import { createToolRunner } from '../../../src/tools/tool-runner.js';

const said = 'This is a long story that nobody will hear to its end, because somebody has had enough of it.';
const scenario = parseScenario(
  JSON.stringify({ voice: 'tone', pace: 1, turns: [{ said }, { said: 'Fine.' }] }),
  'cancel',
);

it('continues at once after a cancel that the server never confirms', async () => {
  const server = await startLocalServer({ dialect: 'dashscope', token: 'key', scenario });
  onTestFinished(() => server.close());
  const session = await startSession({
    provider: dashscope,
    connection: { model: dashscope.defaultModel, url: server.url, env: { DASHSCOPE_API_KEY: 'key' } },
    settings: { modality: 'audio' },
    tools: createToolRunner([], { env: {} }),
  });
  onTestFinished(async () => void (await session.end()));
  const events: SessionEvent[] = [];
  session.subscribe((event) => events.push(event));
  const seen = (type: SessionEvent['type']) => events.filter((event) => event.type === type);

  session.sendText('Tell me a story.');
  await expect.poll(() => seen('assistant.text.delta').length, { timeout: 5000 }).toBeGreaterThan(0);
  session.interrupt();
  await expect.poll(() => seen('response.done')).toMatchObject([{ status: 'cancelled' }]);
  session.sendText('Stop.');
  await expect
    .poll(() => seen('response.done'), { timeout: 5000 })
    .toMatchObject([{}, { status: 'completed' }]);
  expect(seen('error')).toEqual([]);
  expect(events.filter((event) => 'code' in event && event.code === 'response.stalled')).toEqual([]);
});
