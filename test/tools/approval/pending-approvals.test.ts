import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Approvals } from '../../../src/tools/approval/approvals.js';
import { defineTool } from '../../../src/tools/definition/define-tool.js';
import type { Approval, CallWatch, Tool } from '../../../src/tools/definition/tool.js';
import { createToolRunner, type ToolRunnerOptions } from '../../../src/tools/tool-runner.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** The events of a call, in order. */
function watching(log: string[], extra: Partial<CallWatch> = {}): CallWatch {
  return {
    approvalRequired: () => log.push('asked'),
    began: () => log.push('began'),
    progressed: ({ message }) => log.push(`progress ${message}`),
    guardrailTripped: (name, message) => log.push(`tripped ${name}: ${message}`),
    ...extra,
  };
}

function setUp(approval: Tool['approval'], options: Partial<ToolRunnerOptions> = {}) {
  const log: string[] = [];
  const execute = vi.fn(() => 'paid');
  const pay = { ...defineTool({ name: 'pay', description: 'Pays.', execute }), approval };
  const runner = createToolRunner([pay], { env: {}, now: () => Date.now(), ...options });
  const run = (callId: string, json = '{}') =>
    runner.run({ callId, name: 'pay', arguments: json }, watching(log));
  return { log, execute, runner, run };
}

const settled = () => vi.advanceTimersByTimeAsync(0);

describe('a tool that never asks', () => {
  it.each([undefined, 'never' as const])('runs at once, without any report: %s', async (approval) => {
    const { run, log, runner } = setUp(approval, { asksSomebody: false });
    expect(await run('c1')).toMatchObject({ kind: 'finished', output: 'paid' });
    expect(log).toEqual([]);
    expect(runner.specs[0]).not.toHaveProperty('mayAsk');
  });
});

describe('a tool that asks', () => {
  it('tells the session that it asks', () => {
    for (const approval of ['ask', 'always', () => true] as const) {
      expect(setUp(approval).runner.specs[0]).toMatchObject({ mayAsk: true });
    }
  });

  it('runs when it is allowed, and not before', async () => {
    const { run, log, runner, execute } = setUp('ask');
    const outcome = run('c1');
    await settled();
    expect(log).toEqual(['asked']);
    expect(execute).not.toHaveBeenCalled();
    expect(runner.approve('c2')).toBe(false);
    expect(runner.approve('c1')).toBe(true);
    expect(runner.approve('c1')).toBe(false);
    expect(await outcome).toMatchObject({ kind: 'finished', output: 'paid' });
    expect(log).toEqual(['asked', 'began']);
  });

  it('may be allowed synchronously, by the listener itself', async () => {
    const { runner } = setUp('ask');
    const watch = watching([], { approvalRequired: () => runner.approve('c1') });
    expect(await runner.run({ callId: 'c1', name: 'pay', arguments: '' }, watch)).toMatchObject({
      kind: 'finished',
    });
  });

  it('is refused with a message, ours or the one of the user', async () => {
    const { run, runner, execute } = setUp('ask');
    const first = run('c1');
    const second = run('c2');
    await settled();
    expect(runner.reject('c1')).toBe(true);
    expect(runner.reject('c2', { message: 'Ask me tomorrow.' })).toBe(true);
    expect(runner.reject('c2')).toBe(false);
    expect(await first).toMatchObject({
      kind: 'failed',
      code: 'rejected',
      output: expect.stringContaining('pay was not run: the user did not allow it.'),
    });
    expect(await second).toMatchObject({ code: 'rejected', message: 'Ask me tomorrow.' });
    expect(execute).not.toHaveBeenCalled();
  });

  it('asks again for the next call, unless it was allowed for the session', async () => {
    const { run, runner, log } = setUp('ask');
    const first = run('c1');
    await settled();
    runner.approve('c1');
    await first;
    const second = run('c2');
    await settled();
    runner.approve('c2', { always: true });
    await second;
    expect(await run('c3')).toMatchObject({ kind: 'finished' });
    expect(log).toEqual(['asked', 'began', 'asked', 'began', 'began']);
  });

  it('answers all waiting calls when one is allowed or refused for the session', async () => {
    const allowed = setUp('ask');
    const outcomes = [allowed.run('c1'), allowed.run('c2')];
    await settled();
    allowed.runner.approve('c1', { always: true });
    for (const outcome of await Promise.all(outcomes)) expect(outcome.kind).toBe('finished');

    const refused = setUp('ask');
    const others = [refused.run('c1'), refused.run('c2')];
    await settled();
    refused.runner.reject('c2', { always: true, message: 'Never.' });
    for (const outcome of await Promise.all(others)) expect(outcome).toMatchObject({ message: 'Never.' });
    expect(await refused.run('c3')).toMatchObject({ code: 'rejected', message: 'Never.' });
  });

  it('shares its answers with the other runners of the session', async () => {
    const approvals = new Approvals();
    const first = setUp('ask', { approvals });
    const other = setUp('ask', { approvals });
    const outcomes = [first.run('c1'), other.run('c2')];
    await settled();
    first.runner.approve('c1', { always: true });
    for (const outcome of await Promise.all(outcomes)) expect(outcome.kind).toBe('finished');
  });

  it.each([
    ['ask', true],
    ['always', false],
    [() => true, true],
  ] as const)('tells whether an answer can count for later calls: %s', async (approval, remember) => {
    const { runner } = setUp(approval);
    const approvalRequired = vi.fn(() => void runner.approve('c1'));
    const call = { callId: 'c1', name: 'pay', arguments: '{}' };
    expect(await runner.run(call, watching([], { approvalRequired }))).toMatchObject({ kind: 'finished' });
    expect(approvalRequired).toHaveBeenCalledExactlyOnceWith(remember);
  });

  it('counts as refused when there is no answer in time', async () => {
    const { run, execute, runner } = setUp('ask');
    const outcome = run('c1');
    await vi.advanceTimersByTimeAsync(59_999);
    expect(runner.approve('unknown')).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toMatchObject({
      code: 'approval.timeout',
      message: 'pay was not run: it was not allowed within 60 s.',
      durationMs: 0,
    });
    expect(runner.approve('c1')).toBe(false);
    expect(execute).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('has its whole time limit after a long wait', async () => {
    const execute = () => new Promise((resolve) => setTimeout(() => resolve('late'), 9000));
    const slow = { ...defineTool({ name: 'pay', description: 'Pays.', execute }), approval: 'ask' as const };
    const runner = createToolRunner([slow], { env: {}, now: () => Date.now() });
    const outcome = runner.run({ callId: 'c1', name: 'pay', arguments: '' }, watching([]));
    await vi.advanceTimersByTimeAsync(50_000);
    runner.approve('c1');
    await vi.advanceTimersByTimeAsync(9000);
    expect(await outcome).toMatchObject({ kind: 'finished', output: 'late', durationMs: 9000 });
  });

  it('can be cancelled while it waits, and by the end of the session', async () => {
    const { run, runner, execute } = setUp('ask');
    const first = run('c1');
    const second = run('c2');
    await settled();
    runner.cancel('c1', 'the user interrupted');
    expect(await first).toMatchObject({ code: 'cancelled' });
    expect(runner.approve('c1')).toBe(false);
    runner.close();
    expect(await second).toMatchObject({ code: 'cancelled' });
    expect(runner.approve('c2')).toBe(false);
    await settled();
    expect(execute).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not asked about when its arguments are invalid', async () => {
    const { run, log } = setUp('ask');
    expect(await run('c1', '[]')).toMatchObject({ code: 'arguments.malformed' });
    expect(log).toEqual([]);
  });
});

describe('a tool that asks every time', () => {
  it('asks even if it was allowed for the session', async () => {
    const { run, runner, log } = setUp('always');
    const first = run('c1');
    await settled();
    runner.approve('c1', { always: true });
    await first;
    const second = run('c2');
    await settled();
    expect(log).toEqual(['asked', 'began', 'asked']);
    runner.approve('c2');
    expect(await second).toMatchObject({ kind: 'finished' });
  });

  it('does not ask if it was allowed before the session', async () => {
    const { run, log } = setUp('always', { approvals: new Approvals(['p*']), asksSomebody: false });
    expect(await run('c1')).toMatchObject({ kind: 'finished' });
    expect(log).toEqual(['began']);
  });
});

describe('a tool that decides by the arguments', () => {
  it('asks only when its function says so', async () => {
    const { run, runner, log } = setUp((args) => JSON.stringify(args).includes('900'));
    expect(await run('c1', '{"amount":5}')).toMatchObject({ kind: 'finished' });
    expect(log).toEqual(['began']);
    const much = run('c2', '{"amount":900}');
    await settled();
    expect(log).toEqual(['began', 'asked']);
    runner.approve('c2');
    expect(await much).toMatchObject({ kind: 'finished' });
  });

  it.each<[string, Tool['approval']]>([
    ['fails', () => Promise.reject(new Error('no'))],
    ['forgets to answer', () => JSON.parse('null')],
  ])('asks when it %s', async (_, approval) => {
    const { run, log } = setUp(approval);
    void run('c1');
    await settled();
    expect(log).toEqual(['asked']);
  });

  it('has a time limit for deciding', async () => {
    const { run, execute } = setUp(() => new Promise(() => {}));
    const outcome = run('c1');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await outcome).toMatchObject({ code: 'timeout', message: expect.stringMatching(/was not run/) });
    expect(execute).not.toHaveBeenCalled();
  });
});

describe('without a user to ask', () => {
  it.each(['ask', 'always', () => true] as const)('a call is refused at once: %s', async (approval) => {
    const { run, log } = setUp(approval, { asksSomebody: false });
    expect(await run('c1')).toMatchObject({
      code: 'approval.missing',
      message: 'pay was not run: it is not allowed, and there is no one here to ask.',
    });
    expect(log).toEqual([]);
  });
});

describe('the rules of the user for a tool', () => {
  it.each<[Tool['approval'], Record<string, Approval>, Approval | undefined]>([
    ['ask', { pay: 'never' }, 'never'],
    ['never', { pay: 'always' }, 'always'],
    ['ask', { 'p*': 'never', '*': 'always' }, 'never'],
    ['never', { 'p*': 'never', pay: 'ask' }, 'ask'],
    ['always', { other: 'never' }, undefined],
  ])('override %s: %j', async (approval, approvalRules, counts) => {
    const { run, runner, log } = setUp(approval, { approvalRules });
    const outcome = run('c1');
    await settled();
    expect(log).toEqual(counts === 'never' ? [] : ['asked']);
    runner.approve('c1', { always: true });
    expect(await outcome).toMatchObject({ kind: 'finished' });
    void run('c2');
    await settled();
    const asksAgain = (counts ?? approval) === 'always';
    expect(log.filter((entry) => entry === 'asked')).toHaveLength(asksAgain ? 2 : counts === 'never' ? 0 : 1);
  });
});
