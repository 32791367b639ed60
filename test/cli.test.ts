import { spawn, spawnSync } from 'node:child_process';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../src/cli/program.js';
import { program } from './built.js';
import { directoryWith, environmentIn } from './config/files.js';

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function dataUrl(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`;
}

/** Runs the built program in an empty home. */
function voxterm(args: readonly string[], env: Record<string, string> = {}): Run {
  const home = directoryWith();
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    cwd: home,
    input: '',
    env: { PATH: process.env.PATH, ...environmentIn(home), ...env },
  });
  return { code: status, stdout, stderr };
}

describe('help and version', () => {
  it('prints the version of the package', () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    expect(voxterm(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each([['--help'], ['help'], ['ask', '--help'], ['help', 'ask'], ['config', 'print', '--help']])(
    'prints help on standard output for %s %s',
    (...args) => {
      const { code, stdout, stderr } = voxterm(args);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^Usage: voxterm/);
    },
  );

  it('shows with a command the flags that matter to it, in groups', () => {
    const { stdout } = voxterm(['providers', '--help']);
    expect(stdout).toContain('Output:\n');
    expect(stdout).not.toContain('--voice');
    for (const command of ['talk', 'ask', 'attach'])
      for (const flag of ['--voice', '--agent', '--allow-tool', '--max-cost', '--trace'])
        expect(voxterm([command, '--help']).stdout, command).toContain(flag);
    const simulate = voxterm(['simulate', '--help']).stdout;
    expect(simulate).toContain('--scenario');
    expect(simulate).toContain('--language');
    expect(simulate).not.toMatch(/--(record|json|model) /);
  });

  it('loads nothing but the command tree', () => {
    const hook = `import { writeSync } from 'node:fs';
      export function load(url, context, next) { writeSync(2, url + '\\n'); return next(url, context); }`;
    const watch = `import { register } from 'node:module'; register(${JSON.stringify(dataUrl(hook))});`;
    const { stderr } = spawnSync(process.execPath, ['--import', dataUrl(watch), program, '--help'], {
      encoding: 'utf8',
    });
    const loaded = [...stderr.matchAll(/node_modules\/([^/]+)\//g)].map(([, name]) => name);
    expect(new Set(loaded)).toEqual(new Set(['commander']));
  });
});

describe('usage errors', () => {
  it.each([
    [['tlak'], '"tlak" is not a command', 'Did you mean talk?'],
    [['question.wav'], '"question.wav" is not a command', 'voxterm ask "question.wav"'],
    [['--provder', 'x'], "Unknown option '--provder'", 'Did you mean --provider?'],
    [['ask', '--tex', 'hi'], "Unknown option '--tex'", 'Did you mean --text?'],
    [['-o', 'r.wav', 'ask', 'q.wav'], "Unknown option '-o'", 'belongs to "voxterm ask"'],
    [['ask', 'a.wav', 'b.wav'], 'Too many arguments', 'voxterm ask --help'],
    [['ask', '--timeout', 'soon', 'a.wav'], "'soon' is invalid", 'ask --help'],
    [['ask', '--timeout', '0', 'a.wav'], "'0' is invalid", 'ask --help'],
    [
      ['ask', '--pace', 'slow', 'a.wav'],
      "'slow' is invalid. Allowed choices are realtime, fast",
      'ask --help',
    ],
    [['ask', '--output'], 'argument missing', 'ask --help'],
    [['config', 'prnt'], "Unknown command 'prnt'", 'Did you mean print?'],
    [['completion', 'tcsh'], 'Allowed choices are bash, zsh, fish, powershell', 'completion --help'],
    [['simulate', '--port', '70000'], 'Allowed: 0 (any free port) to 65535', 'simulate --help'],
    [['--room', 'kitchen'], "Unknown option '--room'", 'help'],
    [['config', 'print', '--echo', 'aec'], '--echo is "aec"', 'no echo cancellation'],
    [['serve'], '"serve" is not a command', 'Commands: '],
  ])('%j', (args, problem, hint) => {
    const { code, stdout, stderr } = voxterm(args);
    expect([code, stdout]).toEqual([2, '']);
    const [error, advice, ...rest] = stderr.trimEnd().split('\n');
    expect(error).toMatch(/^error: .*[.?]/);
    expect(error).toContain(problem);
    expect(advice).toContain('hint: ');
    expect(advice).toContain(hint);
    expect(rest).toEqual([]);
  });

  it('shows the subcommands where one is missing', () => {
    const { code, stdout, stderr } = voxterm(['config']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('print every value in effect');
  });

  it.each([
    [{ VOXTERM_ECHO: 'loud' }, ['config', 'print'], 'VOXTERM_ECHO is "loud"'],
    [{}, ['config', 'print', '--config', 'missing.json'], 'missing.json'],
  ])('exits with 3 for a wrong configuration: %j %j', (env, args, problem) => {
    const { code, stdout, stderr } = voxterm(args, env);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain(problem);
  });
});

describe('flags', () => {
  it('are taken before the command, after it, and with =', () => {
    for (const args of [
      ['--voice', 'cedar', 'config', 'print', '--json'],
      ['config', '--voice', 'cedar', 'print', '--json'],
      ['config', 'print', '--json', '--voice=cedar'],
    ]) {
      expect(JSON.parse(voxterm(args).stdout).settings.voice).toEqual({ value: 'cedar', from: '--voice' });
    }
  });

  it('are all in the documentation', () => {
    const page = readFileSync(new URL('../docs/command-line.md', import.meta.url), 'utf8');
    const tree = createProgram(process, () => {});
    const commands = [tree, ...tree.commands, ...tree.commands.flatMap((command) => command.commands)];
    const flags = commands.flatMap((command) => command.options.map(({ long }) => long ?? ''));
    expect(flags.filter((flag) => !page.includes(`\`${flag}`))).toEqual([]);
    expect(tree.commands.filter((command) => !page.includes(`\`${command.name()}`))).toEqual([]);
  });
});

describe('standard output', () => {
  it('may be closed early without a failure', async () => {
    const home = directoryWith();
    const child = spawn(process.execPath, [program, 'providers', '--json'], {
      env: { PATH: process.env.PATH, ...environmentIn(home) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => {
      stderr += text.toString();
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect([code, stderr]).toEqual([0, '']);
  });

  it.runIf(existsSync('/dev/full'))('that cannot be written is a failure', () => {
    const home = directoryWith();
    const { status, stderr } = spawnSync(process.execPath, [program, 'providers', '--json'], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, ...environmentIn(home) },
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    });
    expect(status).toBe(2);
    expect(stderr).toContain('error: Standard output cannot be written: ENOSPC');
  });
});
