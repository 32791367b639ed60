import { expect, it } from 'vitest';
import { OrderedCalls } from '../../src/session/ordered-calls.js';
import { defineTool } from '../../src/tools/definition/define-tool.js';
import { createToolRunner } from '../../src/tools/tool-runner.js';

function setUp() {
  const log: string[] = [];
  const release = new Map<string, () => void>();
  const slow = defineTool({
    name: 'slow',
    description: 'Waits.',
    execute: (_args, { callId }) => {
      log.push(`${callId} begins`);
      return new Promise<void>((resolve) =>
        release.set(callId, () => {
          log.push(`${callId} ends`);
          resolve();
        }),
      );
    },
  });
  const calls = new OrderedCalls(createToolRunner([slow], { env: {} }));
  const run = (callId: string) => calls.run({ callId, name: 'slow', arguments: '{}' });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { calls, run, log, release, settled };
}

it('runs one call after the other', async () => {
  const { run, log, release, settled } = setUp();
  const outcomes = [run('c1'), run('c2')];
  await settled();
  expect(log).toEqual(['c1 begins']);
  release.get('c1')?.();
  await settled();
  expect(log).toEqual(['c1 begins', 'c1 ends', 'c2 begins']);
  release.get('c2')?.();
  expect(await Promise.all(outcomes)).toMatchObject([{ kind: 'finished' }, { kind: 'finished' }]);
});

it('does not begin what was cancelled while it waited, and goes on after what was cancelled while it ran', async () => {
  const { calls, run, log, release, settled } = setUp();
  const outcomes = [run('c1'), run('c2'), run('c3')];
  await settled();
  calls.cancel('c2', 'the user interrupted');
  calls.cancel('c1', 'the user interrupted');
  await settled();
  expect(log).toEqual(['c1 begins', 'c3 begins']);
  release.get('c3')?.();
  expect(await Promise.all(outcomes)).toMatchObject([
    { kind: 'failed', code: 'cancelled' },
    { kind: 'failed', code: 'cancelled', message: 'slow was cancelled: the user interrupted.' },
    { kind: 'finished' },
  ]);
});
