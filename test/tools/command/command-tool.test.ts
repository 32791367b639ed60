import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import {
  type CommandSurroundings,
  type CommandToolOptions,
  createCommandTool,
} from '../../../src/tools/command/command-tool.js';
import { loadTools } from '../../../src/tools/load-tools.js';
import { createToolRunner } from '../../../src/tools/tool-runner.js';
import { builtUrl } from '../../built.js';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'voxterm-command-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const node = process.execPath;
const env: Record<string, string | undefined> = { ...process.env, SHOP_API_KEY: 's3cr3t-value-1' };
const anything = { type: 'object', properties: { a: {}, b: {} } };

function make(options: Partial<CommandToolOptions>, surroundings: Partial<CommandSurroundings> = {}) {
  const whole = {
    type: 'command',
    name: 'try_it',
    description: 'Tries.',
    command: node,
    ...options,
  } as const;
  const programs = [node, 'printf', 'cat'];
  return createCommandTool(
    { parameters: anything, ...whole },
    { programs, env, directory: folder, ...surroundings },
  );
}

/** A program of a few words, which node runs. */
function script(source: string): string {
  const file = join(folder, `${Math.random().toString(36).slice(2)}.cjs`);
  writeFileSync(file, source);
  return file;
}

function runnerOf(options: Partial<CommandToolOptions>) {
  return createToolRunner([{ ...make(options), approval: 'never' }], { env });
}

function run(options: Partial<CommandToolOptions>, args: unknown = {}) {
  return runnerOf(options).run({ callId: 'c1', name: 'try_it', arguments: JSON.stringify(args) });
}

const printArguments = script('console.log(JSON.stringify(process.argv.slice(2)))');

/**
 * Source that leaves the process id in a file, which appears only when it is complete: then the process may be ended.
 */
function leavePid(file: string): string {
  const [part, whole] = [JSON.stringify(`${file}.part`), JSON.stringify(file)];
  return `require('fs').writeFileSync(${part}, String(process.pid)); require('fs').renameSync(${part}, ${whole});`;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function gone(pid: number): Promise<void> {
  await expect.poll(() => isAlive(pid), { timeout: 5000, interval: 20 }).toBe(false);
}

/** The process ids a script wrote into a file. */
async function pidsIn(file: string, count: number): Promise<number[]> {
  const read = () => {
    try {
      return readFileSync(file, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number);
    } catch {
      return [];
    }
  };
  await expect.poll(() => read().length, { timeout: 5000, interval: 20 }).toBe(count);
  return read();
}

describe('a command tool', () => {
  it('asks, unless configured otherwise', () => {
    expect(make({}).approval).toBe('ask');
    expect(make({ approval: 'never' }).approval).toBe('never');
  });

  it('returns what the program prints', async () => {
    const options = { command: 'printf', args: ['%s-%s', '{{a}}', '{{b}}'] };
    expect(await run(options, { a: 'x', b: 'y z' })).toMatchObject({ kind: 'finished', output: 'x-y z' });
    expect(await run({ args: [script('')] })).toMatchObject({ kind: 'finished', output: 'ok' });
  });

  it.each([
    '; rm -rf /',
    '$(id)',
    '`id`',
    'a\nb',
    '| cat',
    '> out',
    '"\'',
    '*',
    '~',
    '%PATH%',
    'a && b',
    '\\',
  ])('passes on unchanged: %j', async (value) => {
    const outcome = await run({ args: [printArguments, '{{a}}'], unsafe: true }, { a: value });
    expect(JSON.parse(outcome.output)).toEqual([value]);
  });

  it.each(['-exec', '--output=x', 'x\0y'])('rejects %j with a message', async (value) => {
    const outcome = await run({ args: [printArguments, '{{a}}'], unsafe: true }, { a: value });
    expect(outcome).toMatchObject({
      kind: 'failed',
      code: 'arguments.invalid',
      message: expect.stringMatching(/^a must not/),
    });
  });

  it('writes to the standard input', async () => {
    const options = { command: 'cat', stdin: 'to {{a}}:\n{{b}}', unsafe: true };
    expect(await run(options, { a: 'Ann', b: ['x', 'y'] })).toMatchObject({ output: 'to Ann:\nx\ny' });
    expect(await run(options, {})).toMatchObject({ output: 'to :' });
    expect(await run({ command: 'cat' })).toMatchObject({ output: 'ok' });
  });

  it('works when the program does not read its input', async () => {
    const outcome = await run(
      { args: [script('')], stdin: '{{a}}', unsafe: true },
      { a: 'x'.repeat(1_000_000) },
    );
    expect(outcome).toMatchObject({ kind: 'finished' });
  });

  it('hides our keys from the program', async () => {
    const args = [script('console.log(JSON.stringify(process.env))')];
    const seen = JSON.parse((await run({ args })).output);
    expect(seen).toMatchObject({ PATH: env.PATH });
    expect(seen).not.toHaveProperty('SHOP_API_KEY');
    expect(JSON.parse((await run({ args, env: ['SHOP_API_KEY', 'NOT_THERE'] })).output)).toMatchObject({
      SHOP_API_KEY: 's3cr3t-value-1',
    });
    expect(JSON.parse((await run({ args, env: { OWN: 'x' } })).output)).toMatchObject({ OWN: 'x' });
  });

  it('runs in the configured directory', async () => {
    mkdirSync(join(folder, 'below'), { recursive: true });
    const args = [script('console.log(process.cwd())')];
    expect(await run({ args })).toMatchObject({ output: folder });
    expect(await run({ args, cwd: 'below' })).toMatchObject({ output: join(folder, 'below') });
  });

  it('removes colours', async () => {
    const args = [script(String.raw`console.log('\x1b[31mred\x1b[0m')`)];
    expect(await run({ args })).toMatchObject({ output: 'red' });
  });

  it('reports how the program failed', async () => {
    const complain = script(
      `console.error('x'.repeat(5000) + ' the key s3cr3t-value-1 is wrong'); process.exitCode = 3`,
    );
    const outcome = await run({ args: [complain] });
    expect(outcome).toMatchObject({
      code: 'command.failed',
      message: expect.stringMatching(
        /^try_it ended with exit code 3\. It printed: x+ the key \[secret\] is wrong$/,
      ),
    });
    expect(await run({ args: [script(`console.log('no such place'); process.exit(1)`)] })).toMatchObject({
      message: 'try_it ended with exit code 1. It printed: no such place',
    });
    expect(await run({ args: [script(`process.kill(process.pid, 'SIGKILL')`)] })).toMatchObject({
      message: 'try_it ended with signal SIGKILL. It printed no message.',
    });
  });

  it.each([
    ['bytes that are no text', 'Buffer.concat([Buffer.alloc(60_000, 255), Buffer.from("end")])', 0],
    ['names without end', '"a.".repeat(30_000)', 1],
    ['addresses without end', '"http://".repeat(9_000)', 1],
  ])('is not blocked by %s', async (_, output, code) => {
    const before = process.cpuUsage().user;
    await run({ args: [script(`require('node:fs').writeSync(1, ${output}); process.exit(${code})`)] });
    expect((process.cpuUsage().user - before) / 1000).toBeLessThan(300);
  });

  it('reports that the program has disappeared since it was loaded', async () => {
    const program = join(folder, 'gone');
    writeFileSync(program, '#!/bin/sh\n');
    chmodSync(program, 0o755);
    const tool = make({ command: program, approval: 'never' }, { programs: [program] });
    rmSync(program);
    const outcome = await createToolRunner([tool], { env }).run({
      callId: 'c',
      name: 'try_it',
      arguments: '',
    });
    expect(outcome).toMatchObject({
      code: 'command.failed',
      message: 'try_it could not be started: ENOENT.',
    });
  });

  it('reports that an argument is too long for the system', async () => {
    const outcome = await run(
      { args: [printArguments, '{{a}}'], unsafe: true },
      { a: 'x'.repeat(4_000_000) },
    );
    expect(outcome).toMatchObject({
      code: 'command.failed',
      message: expect.stringMatching(/could not be started: E2BIG/),
    });
  });
});

describe('a program that does not end well', () => {
  it('is stopped when it writes too much', async () => {
    const pids = join(folder, 'flood');
    const flood = script(`
      ${leavePid(pids)}
      const more = () => { while (process.stdout.write('é'.repeat(1000))); process.stdout.once('drain', more); };
      more();`);
    const outcome = await run({ args: [flood] });
    expect(outcome).toMatchObject({
      kind: 'finished',
      output: expect.stringMatching(/^é+\n\[stopped: it wrote more than 65536 bytes\]$/),
    });
    expect(Buffer.byteLength(outcome.output)).toBeLessThanOrEqual(65_536);
    expect(Buffer.byteLength(outcome.output)).toBeGreaterThan(65_400);
    const [pid = 0] = await pidsIn(pids, 1);
    await gone(pid);
    expect((await run({ args: [flood], maxOutputBytes: 1000 })).output).toMatch(/more than 1000 bytes\]$/);
  });

  it('is stopped with everything it started at the time-out, even if they ignore SIGTERM', async () => {
    const pids = join(folder, 'stubborn');
    const wait = `process.on('SIGTERM', () => {}); require('fs').appendFileSync(${JSON.stringify(pids)}, process.pid + ' '); setInterval(() => {}, 1000);`;
    const child = script(wait);
    const parent = script(
      `require('child_process').spawn(process.execPath, [${JSON.stringify(child)}], { stdio: 'inherit' }); ${wait}`,
    );
    const runner = runnerOf({ args: [parent], timeoutMs: 3000 });
    const outcome = runner.run({ callId: 'c1', name: 'try_it', arguments: '' });
    const found = await pidsIn(pids, 2);
    for (const pid of found) expect(isAlive(pid)).toBe(true);
    expect(await outcome).toMatchObject({ code: 'timeout' });
    for (const pid of found) await gone(pid);
  });

  it('is stopped when the call is cancelled', async () => {
    const pids = join(folder, 'given-up');
    const wait = script(`${leavePid(pids)} setInterval(() => {}, 1000);`);
    const runner = runnerOf({ args: [wait] });
    const outcome = runner.run({ callId: 'c1', name: 'try_it', arguments: '' });
    const [pid = 0] = await pidsIn(pids, 1);
    runner.close();
    expect(await outcome).toMatchObject({ code: 'cancelled' });
    await gone(pid);
  });

  it('does not delay the call by what it leaves running, which is stopped', async () => {
    const pids = join(folder, 'left');
    const child = script(`${leavePid(pids)} setInterval(() => {}, 1000);`);
    const parent = script(`
      const { spawn } = require('child_process');
      spawn(process.execPath, [${JSON.stringify(child)}], { stdio: 'inherit' }).unref();
      const wait = setInterval(() => {
        if (!require('fs').existsSync(${JSON.stringify(pids)})) return;
        clearInterval(wait);
        console.log('done');
        process.exit();
      }, 10);`);
    const outcome = await run({ args: [parent] });
    expect(outcome).toMatchObject({ kind: 'finished', output: 'done' });
    const [pid = 0] = await pidsIn(pids, 1);
    await gone(pid);
  });
});

describe.runIf(process.platform === 'linux')('a process that left its group', () => {
  /** Starts the other one in a session of its own, twice removed, as daemons do, and ends when it runs. */
  const daemonise = (child: string, pids: string) =>
    script(`
      const { spawn } = require('child_process');
      spawn('setsid', ['setsid', process.execPath, ${JSON.stringify(child)}], { stdio: 'ignore', detached: true }).unref();
      const wait = setInterval(() => {
        if (!require('fs').existsSync(${JSON.stringify(pids)})) return;
        clearInterval(wait);
        process.exit();
      }, 10);`);

  it('ends with the call', async () => {
    const pids = join(folder, 'strayed');
    const child = script(`process.on('SIGTERM', () => {}); ${leavePid(pids)} setInterval(() => {}, 1000);`);
    expect(await run({ args: [daemonise(child, pids)] })).toMatchObject({ kind: 'finished' });
    const [pid = 0] = await pidsIn(pids, 1);
    await gone(pid);
  });

  it('does not outlive us', async () => {
    const pids = join(folder, 'strayed-orphan');
    const child = script(`process.on('SIGTERM', () => {}); ${leavePid(pids)} setInterval(() => {}, 1000);`);
    const parent = script(
      `require('child_process').spawn('setsid', [process.execPath, ${JSON.stringify(child)}], { stdio: 'ignore' }); setInterval(() => {}, 1000);`,
    );
    const starter = fileURLToPath(new URL('./leave-running.mjs', import.meta.url));
    expect(() => execFileSync(node, [starter, builtUrl('index.js'), parent, pids, 'SIGKILL'])).toThrow();
    const [pid = 0] = await pidsIn(pids, 1);
    await gone(pid);
  });
});

it('a program does not outlive us', async () => {
  const pids = join(folder, 'orphan');
  const wait = script(`process.on('SIGTERM', () => {}); ${leavePid(pids)} setInterval(() => {}, 1000);`);
  const starter = fileURLToPath(new URL('./leave-running.mjs', import.meta.url));
  execFileSync(node, [starter, builtUrl('index.js'), wait, pids]);
  const [pid = 0] = await pidsIn(pids, 1);
  await gone(pid);
});

describe('the list of programs', () => {
  const refusal = (options: Partial<CommandToolOptions>, surroundings: Partial<CommandSurroundings> = {}) => {
    try {
      make(options, surroundings);
    } catch (error) {
      return error;
    }
    return undefined;
  };

  it.each([
    ['its name', 'printf', ['printf'], true],
    ['its path for its name', 'printf', ['/usr/bin/printf'], true],
    ['its name for its path', '/usr/bin/printf', ['printf'], true],
    ['another program', 'printf', ['cat'], false],
    ['nothing', 'printf', [], false],
    ['a namesake elsewhere', './printf', ['printf'], false],
    ['a path that begins alike', '/usr/bin/printf', ['/usr/bin'], false],
  ])('with %s on it', (_, command, programs, allowed) => {
    writeFileSync(join(folder, 'printf'), '#!/bin/sh\n', { mode: 0o755 });
    const error = refusal({ command }, { programs, env: { PATH: '/usr/bin:/bin' } });
    rmSync(join(folder, 'printf'));
    if (allowed) expect(error).toBeUndefined();
    else {
      expect(error).toMatchObject({
        exitCode: 3,
        message: expect.stringContaining('not on the list of programs'),
        hint: expect.stringContaining(`"programs": ${JSON.stringify([...programs, command])}`),
      });
    }
  });

  it('ignores entries of PATH that are not folders', () => {
    const PATH = `/etc/passwd:${'x'.repeat(5000)}:/${'x'.repeat(5000)}:/usr/bin:/bin`;
    expect(refusal({ command: 'printf' }, { programs: ['printf'], env: { PATH } })).toBeUndefined();
  });

  it('does not search the current directory', () => {
    writeFileSync(join(folder, 'trap'), '#!/bin/sh\n', { mode: 0o755 });
    const error = refusal(
      { command: 'trap' },
      { programs: ['trap'], env: { PATH: `:${relative(process.cwd(), folder)}` } },
    );
    expect(error).toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('there is no program "trap"'),
    });
  });

  it.each<[string, Partial<CommandToolOptions>, RegExp, RegExp]>([
    ['a missing program', { command: 'no-such-program' }, /there is no program/, /PATH/],
    ['a missing file', { command: './no-such-file' }, /there is no program/, /starts at/],
    ['a missing folder', { cwd: 'nowhere' }, /"cwd" .*nowhere is not a folder/, /leave "cwd" out/],
    ['a folder in a file', { cwd: '/etc/passwd/x' }, /"cwd" .*x is not a folder/, /leave "cwd" out/],
    ['a folder too long', { cwd: 'x'.repeat(5000) }, /"cwd" .*x is not a folder/, /leave "cwd" out/],
    ['an unknown place', { args: ['{{c}}'] }, /"args"\[0\] has \{\{c\}\}/, /Described are: a, b/],
    [
      'an unknown place in the input',
      { stdin: '{{c}}', parameters: {} },
      /"stdin" has \{\{c\}\}/,
      /Describe it/,
    ],
    [
      'program text of the model',
      { command: 'sh', args: ['-c', 'ls {{a}}'] },
      /"args"\[1\] has \{\{a\}\}, and sh runs text as code/,
      /"unsafe": true/,
    ],
    ['a program of its choice', { command: './{{a}}' }, /"command" has a placeholder/, /give its name/],
  ])('and %s', (_, options, message, hint) => {
    const programs = [node, 'sh', 'no-such-program', './no-such-file', './{{a}}'];
    writeFileSync(join(folder, '{{a}}'), '#!/bin/sh\n', { mode: 0o755 });
    expect(refusal(options, { programs })).toMatchObject({
      code: 'tool.command',
      exitCode: 3,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });
});

describe('loadTools', () => {
  const say = {
    type: 'command',
    name: 'say',
    description: 'Says.',
    command: 'printf',
    args: ['hello'],
  } as const;

  it('takes programs as well as names', async () => {
    const tools = await loadTools(['get_time', say], { programs: ['printf'], env, directory: folder });
    expect(tools.map(({ name, approval }) => [name, approval])).toEqual([
      ['get_time', undefined],
      ['say', 'ask'],
    ]);
  });

  it('allows none by default', async () => {
    await expect(loadTools([say], { env })).rejects.toMatchObject({ exitCode: 3, code: 'tool.command' });
  });

  it('says where two tools of one name come from', async () => {
    const twice = [say, { ...say, name: 'get_time' }, 'get_time'];
    await expect(loadTools(twice, { programs: ['printf'], env })).rejects.toMatchObject({
      message: 'Two tools are named "get_time": one from the program printf, one from get_time.',
    });
  });

  it('checks the definition', async () => {
    const wrong = { ...say, name: 'two words' };
    await expect(loadTools([wrong], { programs: ['printf'], env })).rejects.toMatchObject({
      message: expect.stringContaining('its name is "two words"'),
    });
  });
});
