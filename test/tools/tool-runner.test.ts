import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { VoxtermError } from '../../src/contract/failure.js';
import { defineTool } from '../../src/tools/definition/define-tool.js';
import type { Tool, ToolContext } from '../../src/tools/definition/tool.js';
import { ToolError } from '../../src/tools/definition/tool-error.js';
import { createToolRunner, type ToolRunnerOptions } from '../../src/tools/tool-runner.js';

afterEach(() => vi.useRealTimers());

function tool(execute: (args: Readonly<Record<string, unknown>>, context: ToolContext) => unknown): Tool {
  return defineTool({ name: 'try_it', description: 'Does what the test wants.', execute });
}

function runnerOf(execute: Parameters<typeof tool>[0], options: Partial<ToolRunnerOptions> = {}) {
  return createToolRunner([tool(execute)], { env: {}, ...options });
}

const call = { callId: 'c1', name: 'try_it', arguments: '{}' };

function failure(code: string, message: string | RegExp) {
  return {
    kind: 'failed',
    code,
    message: expect.stringMatching(message),
    output: expect.stringMatching(/^\{"error":\{"code":".*","message":".*"\}\}$/),
    durationMs: expect.any(Number),
  };
}

describe('createToolRunner', () => {
  it('describes its tools once, as JSON Schema', () => {
    const greet = defineTool({
      name: 'greet',
      description: 'Greets.',
      parameters: z.object({ who: z.string() }),
      execute: ({ who }) => `Hello ${who.toUpperCase()}`,
    });
    const runner = createToolRunner([greet], { env: {} });
    expect(runner.specs).toEqual([
      {
        name: 'greet',
        description: 'Greets.',
        parameters: { type: 'object', properties: { who: { type: 'string' } }, required: ['who'] },
      },
    ]);
    expect(runner.specs).toBe(runner.specs);
    const [beside] = createToolRunner([{ ...greet, blocking: false }], { env: {} }).specs;
    expect(beside).toMatchObject({ name: 'greet', blocking: false });
  });

  it.each([
    ['a name with a space', { name: 'my tool' }, /its name is "my tool"/],
    ['a name too long', { name: 'x'.repeat(65) }, /its name is/],
    ['no description', { description: ' ' }, /has no "description"/],
    ['a time-out of no time', { timeoutMs: 0 }, /"timeoutMs" is 0/],
    ['parameters JSON cannot describe', { parameters: z.object({ a: z.date() }) }, /Date/],
  ])('refuses %s with exit code 3', (_, wrong, message) => {
    const made = { ...tool(() => 1), ...wrong };
    const create = () => createToolRunner([made], { env: {} });
    expect(create).toThrow(VoxtermError);
    expect(create).toThrow(expect.objectContaining({ exitCode: 3, message: expect.stringMatching(message) }));
  });

  it('refuses two tools of one name with exit code 3', () => {
    const twice = () => createToolRunner([tool(() => 1), tool(() => 2)], { env: {} });
    expect(twice).toThrow(expect.objectContaining({ exitCode: 3, code: 'tool.duplicate' }));
  });
});

describe('run', () => {
  it('gives the tool its arguments and context, and the model its result', async () => {
    const seen: unknown[] = [];
    const runner = runnerOf(
      (args, { callId, language, env }) => {
        seen.push(args, callId, language, env);
        return { ok: 1 };
      },
      { language: 'de', env: { A: 'b' } },
    );
    expect(await runner.run({ ...call, arguments: '{"a":1}' })).toEqual({
      kind: 'finished',
      output: '{"ok":1}',
      durationMs: expect.any(Number),
    });
    expect(seen).toEqual([{ a: 1 }, 'c1', 'de', { A: 'b' }]);
  });

  it('hides keys from the tool, whatever variable holds them, and still removes them from its errors', async () => {
    const seen: unknown[] = [];
    const env = {
      OPENAI_API_KEY: 'sk-of-the-provider',
      AZURE_OPENAI_AD_TOKEN: 'token-of-azure',
      GOOGLE_ACCESS_TOKEN: 'token-of-google',
      ENGINE_KEY: 'key-of-an-engine',
      BACKUP: 'sk-of-the-provider',
      SHOP_API_KEY: 'key-of-the-tool',
      XAI_API_KEY: 'none',
      PLAIN: 'none',
    };
    const runner = runnerOf(
      (_args, context) => {
        seen.push(context.env);
        throw new Error(`refused sk-of-the-provider and key-of-an-engine`);
      },
      { env, secretVariables: ['ENGINE_KEY'] },
    );
    expect(await runner.run(call)).toMatchObject({ message: 'refused [secret] and [secret]' });
    expect(seen).toEqual([{ SHOP_API_KEY: 'key-of-the-tool', PLAIN: 'none' }]);
  });

  it('measures with the clock it was given', async () => {
    const times = [1000, 1250.4];
    const runner = runnerOf(() => 'x', { now: () => times.shift() ?? 0 });
    expect(await runner.run(call)).toMatchObject({ durationMs: 250 });
  });

  it('treats an empty text as an empty object', async () => {
    const runner = runnerOf((args) => args);
    expect(await runner.run({ ...call, arguments: ' ' })).toMatchObject({ output: '{}' });
  });

  it.each([
    ['{"a":', 'arguments.malformed', /not valid JSON/],
    ['[1]', 'arguments.malformed', /are an array/],
    ['null', 'arguments.malformed', /are null/],
    ['"x"', 'arguments.malformed', /are a string/],
  ])('tells the model what is wrong with %s', async (text, code, message) => {
    const execute = vi.fn();
    const runner = runnerOf(execute);
    expect(await runner.run({ ...call, arguments: text })).toEqual(failure(code, message));
    expect(execute).not.toHaveBeenCalled();
  });

  it('tells the model that its arguments are nested too deeply', async () => {
    const execute = vi.fn();
    const nested = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    const outcome = await runnerOf(execute).run({ ...call, arguments: nested });
    expect(outcome).toEqual(failure('arguments.malformed', /nested too deeply/));
    expect(execute).not.toHaveBeenCalled();
  });

  it('never runs a tool with invalid arguments', async () => {
    const execute = vi.fn();
    const strict = defineTool({
      name: 'try_it',
      description: 'x',
      parameters: z.object({ n: z.int().max(3) }),
      execute,
    });
    const runner = createToolRunner([strict], { env: {} });
    expect(await runner.run({ ...call, arguments: '{"n":4}' })).toEqual(
      failure('arguments.invalid', /arguments of try_it are invalid. n: .*3.*call it again/),
    );
    expect(execute).not.toHaveBeenCalled();
  });

  it('keeps a key named __proto__ from the tool', async () => {
    const runner = runnerOf((args) => Object.getOwnPropertyNames(args));
    const outcome = await runner.run({ ...call, arguments: '{"__proto__":{"x":1},"a":1}' });
    expect(outcome).toMatchObject({ output: '["a"]' });
  });

  it('reports a schema that cannot be used', async () => {
    const broken = { type: 'object', properties: { a: { type: 'string', pattern: '(' } } };
    const runner = createToolRunner([{ ...tool(() => 1), parameters: broken }], { env: {} });
    const outcome = await runner.run({ ...call, arguments: '{"a":"x"}' });
    expect(outcome).toEqual(failure('parameters.broken', /schema of its parameters is broken/));
  });

  it('is not blocked by a pattern that takes forever', async () => {
    const endless = { type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' } } };
    const runner = createToolRunner([{ ...tool(() => 1), parameters: endless }], { env: {} });
    const before = performance.now();
    const outcome = await runner.run({ ...call, arguments: JSON.stringify({ a: `${'a'.repeat(40)}!` }) });
    expect(performance.now() - before).toBeLessThan(5000);
    expect(outcome).toEqual(failure('parameters.broken', /takes too long/));
    expect(await runner.run({ ...call, callId: 'next', arguments: '{"a":"aa"}' })).toMatchObject({
      kind: 'finished',
    });
  });

  it('lists the available tools when the model invents one', async () => {
    const runner = runnerOf(() => 1);
    expect(await runner.run({ ...call, name: 'nope' })).toEqual(
      failure('tool.unknown', /no tool named "nope"\. Available tools: try_it\./),
    );
    const none = createToolRunner([], { env: {} });
    expect(await none.run(call)).toEqual(failure('tool.unknown', /There are no tools\./));
  });

  it('runs one callId once, even when it is repeated later', async () => {
    const execute = vi.fn(() => 'x');
    const runner = runnerOf(execute);
    const [first, second] = await Promise.all([runner.run(call), runner.run(call)]);
    const third = await runner.run(call);
    expect(execute).toHaveBeenCalledTimes(1);
    expect(second).toBe(first);
    expect(third).toBe(first);
  });

  it('rejects a result that JSON cannot represent, with a message', async () => {
    const runner = runnerOf(() => new Uint8Array(8));
    expect(await runner.run(call)).toEqual(failure('result.invalid', /ran, but .* it contains bytes/));
  });

  it('truncates a result that is too long', async () => {
    const runner = runnerOf(() => 'x'.repeat(1000), { maxOutputBytes: 200 });
    const outcome = await runner.run(call);
    expect(Buffer.byteLength(outcome.output)).toBe(200);
    expect(outcome.output).toContain('[truncated: the result has 1000 bytes, the limit is 200]');
  });
});

describe('a tool that fails', () => {
  it.each([
    [
      'throws',
      () => {
        throw new Error('no such table');
      },
      /^no such table$/,
    ],
    ['rejects', () => Promise.reject(new Error('no such table')), /^no such table$/],
    ['returns an error', () => new Error('no such table'), /^no such table$/],
    ['throws a string', () => Promise.reject('no such table'), /^no such table$/],
    ['throws nothing', () => Promise.reject(undefined), /^The tool failed\.$/],
  ])('%s: the model is told', async (_, execute, message) => {
    expect(await runnerOf(execute).run(call)).toEqual(failure('tool.failed', message));
  });

  it('chooses its message with a ToolError', async () => {
    const runner = runnerOf(() => {
      throw new ToolError('shop.closed', 'The shop is closed until Monday.');
    });
    expect(await runner.run(call)).toEqual(failure('shop.closed', /^The shop is closed until Monday\.$/));
  });

  it.each([
    ["ENOENT: no such file, open '/home/ann/notes/x.txt'", "ENOENT: no such file, open '[path]'"],
    ['cannot read C:\\Users\\ann\\x.txt now', 'cannot read [path] now'],
    ['GET https://api.example/v1?key=abc failed', 'GET https://api.example/v1 failed'],
    ['postgres://ann:pw@db/x is down', 'postgres://db/x is down'],
    ['refused: Bearer abc.def', 'refused: Bearer [secret]'],
    ['the key s3cr3t-value-1 is wrong', 'the key [secret] is wrong'],
    ['bad\n    at Object.<anonymous> (/home/ann/t.js:1:1)', 'bad'],
    ['10 km/h or 1/2 a cup', '10 km/h or 1/2 a cup'],
  ])('keeps stacks, paths and keys to itself: %s', async (thrown, told) => {
    const runner = runnerOf(() => Promise.reject(new Error(thrown)), {
      env: { SHOP_API_KEY: 's3cr3t-value-1', SHORT_KEY: 'bad', HOME: '/home/ann' },
    });
    expect(await runner.run(call)).toMatchObject({ message: told });
  });
});

describe('a tool that does not end', () => {
  it('is stopped at its time-out; what it returns later is dropped', async () => {
    vi.useFakeTimers();
    let stopped: unknown;
    let finish = (_: string) => {};
    const runner = runnerOf(
      (_, { signal }) => {
        signal.addEventListener('abort', () => {
          stopped = signal.reason;
        });
        return new Promise((resolve) => {
          finish = resolve;
        });
      },
      { now: () => Date.now() },
    );
    const outcome = runner.run(call);
    await vi.advanceTimersByTimeAsync(9999);
    expect(stopped).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toEqual({
      ...failure('timeout', /try_it did not answer within 10 s/),
      durationMs: 10_000,
    });
    expect(stopped).toMatchObject({ name: 'AbortError' });
    finish('too late');
    expect(await runner.run(call)).toMatchObject({ code: 'timeout' });
  });

  it('may have a time-out of its own', async () => {
    vi.useFakeTimers();
    const slow = { ...tool(() => new Promise(() => {})), timeoutMs: 50 };
    const outcome = createToolRunner([slow], { env: {} }).run(call);
    await vi.advanceTimersByTimeAsync(50);
    expect(await outcome).toMatchObject({ code: 'timeout' });
  });

  it('is abandoned when it ignores its cancellation', async () => {
    const signals: AbortSignal[] = [];
    const runner = runnerOf((_, { signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    });
    const outcome = runner.run(call);
    await vi.waitFor(() => expect(signals).toHaveLength(1));
    runner.cancel('c1', 'the user spoke');
    expect(await outcome).toEqual(failure('cancelled', /cancelled: the user spoke/));
    expect(signals[0]?.aborted).toBe(true);
    runner.cancel('c1', 'again');
    runner.cancel('unknown', 'x');
  });

  it('is not even started when it is cancelled at once', async () => {
    const execute = vi.fn();
    const runner = runnerOf(execute);
    const outcome = runner.run(call);
    runner.cancel('c1', 'changed my mind');
    expect(await outcome).toMatchObject({ code: 'cancelled' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(execute).not.toHaveBeenCalled();
  });

  it('ends with the session, and nothing starts after it', async () => {
    const runner = runnerOf(() => new Promise(() => {}));
    const outcome = runner.run(call);
    runner.close();
    runner.close();
    expect(await outcome).toMatchObject({ code: 'cancelled' });
    expect(await runner.run({ ...call, callId: 'c2' })).toEqual(failure('cancelled', /was not run/));
  });
});
