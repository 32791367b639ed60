import { afterEach, describe, expect, it, vi } from 'vitest';
import { backgroundResult } from '../../../src/tools/calls/background-result.js';
import type { Tool, ToolContext, ToolProgress } from '../../../src/tools/definition/tool.js';
import { ToolError } from '../../../src/tools/definition/tool-error.js';
import { createToolRunner, type ToolRunnerOptions } from '../../../src/tools/tool-runner.js';

afterEach(() => vi.useRealTimers());

const call = { callId: 'c1', name: 'try_it', arguments: '{}' };

function runnerOf(
  execute: (args: unknown, context: ToolContext) => unknown,
  tool: Partial<Tool> = {},
  options: Partial<ToolRunnerOptions> = {},
) {
  const made = { name: 'try_it', description: 'Does what the test wants.', execute, ...tool };
  return createToolRunner([made], { env: {}, ...options });
}

describe('a time-out', () => {
  it.each([
    ['raise', true],
    ['error-as-result', undefined],
    [undefined, undefined],
  ] as const)('with onTimeout %s', async (onTimeout, raise) => {
    vi.useFakeTimers();
    const outcome = runnerOf(() => new Promise(() => {}), { onTimeout, timeoutMs: 50 }).run(call);
    await vi.advanceTimersByTimeAsync(50);
    const ended = await outcome;
    expect(ended).toMatchObject({ code: 'timeout' });
    expect('raise' in ended ? ended.raise : undefined).toBe(raise);
  });

  it('of the checks does not count for the tool', async () => {
    vi.useFakeTimers();
    const execute = () => new Promise((resolve) => setTimeout(() => resolve('at last'), 20_000));
    const outcome = runnerOf(execute, { timeoutMs: 30_000 }).run(call);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await outcome).toMatchObject({ kind: 'finished', output: 'at last' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is the only thing that raises', async () => {
    const outcome = await runnerOf(() => Promise.reject(new Error('no')), { onTimeout: 'raise' }).run(call);
    expect(outcome).not.toHaveProperty('raise');
  });
});

describe('a background result', () => {
  it('is sent, but the model need not speak about it', async () => {
    const runner = runnerOf(() => backgroundResult({ saved: 3 }));
    expect(await runner.run(call)).toMatchObject({ kind: 'finished', output: '{"saved":3}', quiet: true });
  });

  it('is every result of a tool that works in the background', async () => {
    const runner = runnerOf(() => 'saved', { background: true });
    expect(await runner.run(call)).toMatchObject({ output: 'saved', quiet: true });
  });

  it('may be undefined', async () => {
    expect(await runnerOf(() => backgroundResult(undefined)).run(call)).toMatchObject({ output: 'ok' });
  });

  it('is not something that only looks like one', async () => {
    const outcome = await runnerOf(() => ({ value: 1 })).run(call);
    expect(outcome).toMatchObject({ output: '{"value":1}' });
    expect(outcome).not.toHaveProperty('quiet');
  });
});

describe('the words for the model', () => {
  const shout = ({ toolName, callId, code, message }: Record<string, string>) =>
    `${toolName} ${callId} ${code}: ${message}`.toUpperCase();

  it('may be chosen by the program; the message stays', async () => {
    const runner = runnerOf(() => Promise.reject(new Error('no disk')), {}, { errorFormatter: shout });
    expect(await runner.run(call)).toMatchObject({
      code: 'tool.failed',
      message: 'no disk',
      output: 'TRY_IT C1 TOOL.FAILED: NO DISK',
    });
  });

  it.each([
    ['tool.unknown', { ...call, name: 'nope' }],
    ['arguments.malformed', { ...call, arguments: '{' }],
    ['arguments.invalid', { ...call, arguments: '{"a":1}' }],
  ])('may also be chosen for %s', async (code, wanted) => {
    const parameters = { type: 'object', properties: { a: { type: 'string' } } };
    const runner = runnerOf(() => 1, { parameters }, { errorFormatter: shout });
    const outcome = await runner.run(wanted);
    expect(outcome.output).toContain(code.toUpperCase());
    expect(outcome).toMatchObject({ code });
  });

  it.each<[string, () => string | undefined]>([
    [
      'throws',
      () => {
        throw new Error('broken formatter');
      },
    ],
    ['says nothing', () => undefined],
    ['says what is no text', () => JSON.parse('7')],
  ])('are unchanged when the formatter %s', async (_, errorFormatter) => {
    const runner = runnerOf(() => Promise.reject(new Error('no disk')), {}, { errorFormatter });
    expect((await runner.run(call)).output).toBe('{"error":{"code":"tool.failed","message":"no disk"}}');
  });

  it('are not changed for a result', async () => {
    const errorFormatter = vi.fn(() => 'x');
    expect((await runnerOf(() => 'fine', {}, { errorFormatter }).run(call)).output).toBe('fine');
    expect(errorFormatter).not.toHaveBeenCalled();
  });
});

describe('a message that was made long on purpose', () => {
  it.each([
    ['of lines', new ToolError('long', `first${'\n'.repeat(100_000)}last`)],
    ['of names', new Error('a.'.repeat(50_000))],
    ['of addresses', new Error('http://'.repeat(20_000))],
  ])('%s does not block us', async (_, error) => {
    const before = performance.now();
    const outcome = await runnerOf(() => Promise.reject(error)).run(call);
    expect(performance.now() - before).toBeLessThan(400);
    expect('message' in outcome ? outcome.message.length : 0).toBeLessThanOrEqual(501);
  });
});

describe('a repeated call', () => {
  it('with other arguments is not run; the first one is used', async () => {
    const execute = vi.fn((args: unknown) => args);
    const runner = runnerOf(execute);
    const first = await runner.run({ ...call, arguments: '{"a":1,"b":2}' });
    const second = await runner.run({ ...call, arguments: '{"a":2}' });
    expect(second).toMatchObject({ kind: 'failed', code: 'call.conflict' });
    expect(await runner.run({ ...call, name: 'other' })).toMatchObject({ code: 'call.conflict' });
    expect(await runner.run({ ...call, arguments: '{"b":2, "a":1}' })).toBe(first);
    expect(execute).toHaveBeenCalledTimes(1);
  });
});

describe('progress', () => {
  it('is reported while the call runs, and no longer', async () => {
    const told: ToolProgress[] = [];
    let late: ToolContext['progress'] = () => {};
    const runner = runnerOf((_, { progress }) => {
      late = progress;
      progress({ message: 'half', progress: 1, total: 2 });
      progress({ progress: Number.NaN });
      progress(JSON.parse('"text"'));
      progress(JSON.parse('{"message":7,"progress":3}'));
      return 'done';
    });
    const watch = {
      approvalRequired: () => {},
      began: () => told.push({ message: 'began' }),
      progressed: (update: ToolProgress) => told.push(update),
      guardrailTripped: () => {},
    };
    await runner.run(call, watch);
    late({ message: 'late' });
    expect(told).toEqual([{ message: 'half', progress: 1, total: 2 }, { progress: 3 }]);
  });

  function listening() {
    const told: ToolProgress[] = [];
    const watch = {
      approvalRequired: () => {},
      began: () => {},
      progressed: (update: ToolProgress) => told.push(update),
      guardrailTripped: () => {},
    };
    return { told, watch };
  }

  it('is passed on four times a second at most, and the last one always', async () => {
    vi.useFakeTimers();
    const { told, watch } = listening();
    const execute = async (_: unknown, { progress }: ToolContext) => {
      for (let ms = 1; ms <= 1100; ms++) {
        for (let i = 0; i < 10; i++) progress({ progress: ms });
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      progress({ message: 'all of it' });
      return 'done';
    };
    const outcome = runnerOf(execute).run(call, watch);
    await vi.advanceTimersByTimeAsync(1100);
    expect(await outcome).toMatchObject({ kind: 'finished' });
    expect(told.map(({ progress }) => progress)).toEqual([1, 250, 500, 750, 1000, undefined]);
    expect(told.at(-1)).toEqual({ message: 'all of it' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is no longer reported after the time-out, even if the tool keeps reporting', async () => {
    vi.useFakeTimers();
    const { told, watch } = listening();
    const execute = (_: unknown, { progress }: ToolContext) =>
      new Promise((resolve) => {
        progress({ progress: 1 });
        progress({ progress: 2 });
        setTimeout(() => resolve(progress({ progress: 3 })), 5000);
      });
    const outcome = runnerOf(execute, { timeoutMs: 100 }).run(call, watch);
    await vi.advanceTimersByTimeAsync(6000);
    expect(await outcome).toMatchObject({ code: 'timeout' });
    expect(told).toEqual([{ progress: 1 }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('may be reported without a listener', async () => {
    const runner = runnerOf((_, { progress }) => progress({ message: 'half' }));
    expect(await runner.run(call)).toMatchObject({ kind: 'finished' });
  });
});

describe('the context', () => {
  it('is what the program gave', async () => {
    const given = { user: 'ann' };
    let seen: unknown;
    const runner = runnerOf(
      (_, { context }) => {
        seen = context;
      },
      {},
      { context: given },
    );
    await runner.run(call);
    expect(seen).toBe(given);
  });
});

describe('a definition', () => {
  it.each([
    [{ approval: 'sometimes' }, /"approval" is "sometimes"/, /"never", "ask"/],
    [{ approval: true }, /"approval" is true/, /"never", "ask"/],
    [{ onTimeout: 'throw' }, /"onTimeout" is "throw"/, /"raise"/],
    [{ background: 'yes' }, /"background" is "yes"/, /Give true/],
    [{ cancelOnInterrupt: 1 }, /"cancelOnInterrupt" is 1/, /Give true/],
    [{ inputGuardrails: {} }, /"inputGuardrails" are an object/, /a list of/],
    [{ inputGuardrails: [1] }, /"inputGuardrails"\[0\] is a number/, /a list of/],
    [{ inputGuardrails: [{ name: 'a' }] }, /"inputGuardrails"\[0\] has no "check"/, /a list of/],
  ])('says what is wrong with %j', (wrong, message, hint) => {
    const make = () =>
      createToolRunner(
        [Object.assign({ name: 'a', description: 'A.', execute: () => 1 }, JSON.parse('{}'), wrong)],
        {
          env: {},
        },
      );
    expect(make).toThrow(
      expect.objectContaining({
        exitCode: 3,
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      }),
    );
  });

  it('may say that a call is cancelled when the user interrupts', () => {
    const [spec] = runnerOf(() => 1, { cancelOnInterrupt: true }).specs;
    expect(spec).toMatchObject({ cancelOnInterrupt: true });
    expect(runnerOf(() => 1, { cancelOnInterrupt: false }).specs[0]).not.toHaveProperty('cancelOnInterrupt');
  });
});
