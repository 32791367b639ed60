import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { defineTool } from '../../../src/tools/definition/define-tool.js';
import type { Approval, ToolInput, ToolInputGuardrail } from '../../../src/tools/definition/tool.js';
import { createToolRunner } from '../../../src/tools/tool-runner.js';

function setUp(all: ToolInputGuardrail[], own: ToolInputGuardrail[], approval: Approval = 'never') {
  const log: string[] = [];
  const execute = vi.fn(() => 'sent');
  const send = defineTool({
    name: 'send',
    description: 'Sends.',
    parameters: z.object({ to: z.string(), copies: z.int().default(1) }),
    approval,
    inputGuardrails: own,
    execute,
  });
  const options = { env: { API_TOKEN: 'abcdefgh1' }, context: { user: 'ann' }, inputGuardrails: all };
  const runner = createToolRunner([send], options);
  const run = () =>
    runner.run(
      { callId: 'c1', name: 'send', arguments: '{"to":"bob"}' },
      {
        approvalRequired: () => log.push('asked'),
        began: () => {},
        progressed: () => {},
        guardrailTripped: (name, message) => log.push(`${name}: ${message}`),
      },
    );
  return { log, execute, run, runner };
}

function guardrail(name: string, check: ToolInputGuardrail['check']): ToolInputGuardrail {
  return { name, check };
}

/** Answers of guardrails written without types. */
const untyped = (json: string) => guardrail('odd', () => JSON.parse(json));

describe('input guardrails', () => {
  it('get the validated arguments; those of the session run first', async () => {
    const seen: (ToolInput & { by: string })[] = [];
    const spy = (by: string, answer: true | undefined) =>
      guardrail(by, (input) => {
        seen.push({ ...input, by });
        return answer;
      });
    const { run } = setUp([spy('session', undefined)], [spy('tool', true)]);
    expect(await run()).toMatchObject({ kind: 'finished', output: 'sent' });
    expect(seen.map(({ by }) => by)).toEqual(['session', 'tool']);
    expect(seen[0]).toMatchObject({
      name: 'send',
      callId: 'c1',
      args: { to: 'bob', copies: 1 },
      context: { user: 'ann' },
    });
  });

  it('refuse a call with their own message, before the user is asked', async () => {
    const second = vi.fn(() => undefined);
    const first = guardrail('no-bob', async () => 'Bob gets no mail.');
    const { run, execute, log } = setUp([first, guardrail('second', second)], [], 'ask');
    const outcome = await run();
    expect(outcome).toMatchObject({ kind: 'failed', code: 'guardrail', message: 'Bob gets no mail.' });
    expect(outcome).not.toHaveProperty('raise');
    expect(log).toEqual(['no-bob: Bob gets no mail.']);
    expect(second).not.toHaveBeenCalled();
    expect(execute).not.toHaveBeenCalled();
  });

  it('can end the session', async () => {
    const { run, log } = setUp([], [guardrail('alarm', () => ({ raise: 'Fraud.' }))]);
    expect(await run()).toMatchObject({ code: 'guardrail', message: 'Fraud.', raise: true });
    expect(log).toEqual(['alarm: Fraud.']);
  });

  it('that fail stop the call; only the program gets the reason', async () => {
    const broken = guardrail('broken', () => {
      throw new Error('the model at abcdefgh1 is down');
    });
    const { run, execute, log } = setUp([broken], []);
    expect(await run()).toMatchObject({
      code: 'guardrail',
      message: 'send was not run: a check refused it.',
      output: expect.not.stringContaining('down'),
    });
    expect(log).toEqual(['broken: It failed: the model at [secret] is down']);
    expect(execute).not.toHaveBeenCalled();
  });

  it.each(['false', 'null', '1', '{}', '[]'])('that return %s let nothing pass', async (json) => {
    const { run, execute, log } = setUp([], [untyped(json)]);
    expect(await run()).toMatchObject({ code: 'guardrail' });
    expect(log).toEqual([expect.stringMatching(/^odd: It returned .*expected nothing, true/)]);
    expect(execute).not.toHaveBeenCalled();
  });

  it('are ignored once the call was cancelled', async () => {
    let answer: (words: string) => void = () => {};
    const slow = guardrail('slow', () => new Promise<string>((resolve) => (answer = resolve)));
    const { run, log, runner } = setUp([slow], []);
    const outcome = run();
    await new Promise((resolve) => setImmediate(resolve));
    runner.cancel('c1', 'the user interrupted');
    expect(await outcome).toMatchObject({ code: 'cancelled' });
    answer('too late');
    await new Promise((resolve) => setImmediate(resolve));
    expect(log).toEqual([]);
  });

  it('of a runner are checked when it is created', () => {
    const nameless = [{ name: '', check: () => undefined }];
    expect(() => createToolRunner([], { env: {}, inputGuardrails: nameless })).toThrow(/has no "name"/);
  });
});
