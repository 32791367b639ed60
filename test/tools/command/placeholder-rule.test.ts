import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { closedValues } from '../../../src/tools/command/closed-values.js';
import { createCommandTool } from '../../../src/tools/command/command-tool.js';
import { placeholderDanger } from '../../../src/tools/command/placeholder-rule.js';
import { kindByName } from '../../../src/tools/command/program-names.js';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'voxterm-rule-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = { type: 'string' };
const parameters = {
  type: 'object',
  properties: { x: text, y: text, n: { type: 'integer' }, mode: { enum: ['a', '-b'] } },
};

/** A file of machine code, or what is meant to look like it. */
function program(name: string, content: string | Buffer = Buffer.from('7f454c460201', 'hex')): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, 0o755);
  return path;
}

const harmless = program('cat');

function danger(path: string, args: readonly string[], stdin?: string): string | undefined {
  return placeholderDanger(path, { args, stdin, parameters });
}

describe('the text of the model in a command', () => {
  it.each([
    ['a whole argument', ['{{x}}', '{{y}}']],
    ['a whole argument after a word', ['show', '{{x}}']],
    ['a whole argument after "--"', ['--flag', '--', '{{x}}']],
    ['a number anywhere', ['--count={{n}}', '-n', '{{n}}']],
    ['a value of the configuration anywhere', ['--mode={{mode}}', '-m', '{{mode}}']],
  ])('may be %s', (_, args) => {
    expect(danger(harmless, args)).toBeUndefined();
  });

  it.each([
    ['a part of an argument', ['--to-command={{x}}'], /"args"\[0\] has \{\{x\}\} as a part/],
    ['a part beside a number', ['{{n}}{{x}}'], /as a part/],
    ['two in one argument', ['{{x}}{{y}}'], /as a part/],
    ['directly after an option', ['x', '--to-command', '{{x}}'], /after the option "--to-command"/],
    ['after an option whose value may be left out', ['-c', '{{n}}', '{{x}}'], /after the option "-c"/],
    ['in the middle of options', ['-c', 'core.pager={{x}}', 'log'], /as a part/],
  ])('may not be %s', (_, args, why) => {
    expect(danger(harmless, args)).toMatch(why);
  });

  it('may not be what a program reads, except for numbers', () => {
    expect(danger(harmless, [], 'a {{x}}')).toMatch(/"stdin" has \{\{x\}\}/);
    expect(danger(harmless, [], '{{n}} {{mode}}')).toBeUndefined();
  });

  it.each([
    ...[
      ['sh', '-c', 'ls {{x}}'],
      ['bash', '-c', 'ls -- "$1"', 'sh', '{{x}}'],
      ['python3.12', '-c', 'print({{x}})'],
    ],
    ...[
      ['perl', '{{x}}'],
      ['perl5.36-x86_64-linux-gnu', '{{x}}'],
      ['nodejs', '{{x}}'],
      ['awk', '{{x}}'],
    ],
    ...[
      ['mawk', '{{x}}'],
      ['sed', '{{x}}'],
      ['vim.basic', '{{x}}'],
      ['Python3.12.EXE', '{{x}}'],
      ['bash-5.2', '{{x}}'],
    ],
    ...[
      ['sqlite3', 'a.db', '{{x}}'],
      ['dc', '{{x}}'],
      ['gnuplot', '{{x}}'],
      ['sox', '{{x}}'],
      ['convert', '{{x}}'],
    ],
    ...[
      ['zsh-static', '{{x}}'],
      ['pwsh-preview', '{{x}}'],
      ['R', '{{x}}'],
      ['lua5.4', '{{x}}'],
      ['php8.2', '{{x}}'],
    ],
  ])('may not reach an interpreter: %s', (name, ...args) => {
    expect(danger(program(name), args)).toBe(
      `its "args"[${args.length - 1}] has {{x}}, and ${name} runs text as code`,
    );
  });

  it.each([
    ...[
      ['env', 'sh', '-c', '{{x}}'],
      ['timeout', '5', 'bash', '-c', '{{x}}'],
      ['nice', '{{x}}'],
      ['nohup', '{{x}}'],
    ],
    ...[
      ['stdbuf', '-o0', 'cat', '{{x}}'],
      ['xargs', '{{x}}'],
      ['find', '.', '-exec', 'echo', '{{x}}', ';'],
    ],
    ...[
      ['ssh', 'host', '{{x}}'],
      ['setsid', '{{x}}'],
      ['busybox', 'sh', '{{x}}'],
      ['tar', 'xf', '{{x}}'],
    ],
    ...[
      ['npx', '{{x}}'],
      ['make', '{{x}}'],
      ['docker', 'run', '{{x}}'],
      ['sudo', '{{x}}'],
      ['rsync', '{{x}}'],
    ],
    ...[
      ['i386', '{{x}}'],
      ['x86_64', '{{x}}'],
      ['ld-linux-x86-64.so.2', '{{x}}'],
      ['gcc-12', '{{x}}'],
    ],
    ...[
      ['parallel', '{{x}}'],
      ['flock', 'f', '{{x}}'],
      ['watch', '{{x}}'],
      ['tmux', '{{x}}'],
      ['npm-cli.js', '{{x}}'],
    ],
    ...[
      ['git', '{{x}}'],
      ['git', '-c', '{{x}}', 'log'],
      ['git', 'bisect', 'run', '{{x}}'],
      ['git', 'clone', '{{x}}'],
    ],
  ])('may not reach a program that starts others: %s %s', (name, ...args) => {
    expect(danger(program(name), args)).toMatch(/ starts other programs$/);
  });

  it('may reach the commands with which git reads', () => {
    for (const command of ['log', 'show', 'diff', 'blame']) {
      expect(danger(program('git'), [command, '--', '{{x}}'])).toBeUndefined();
      expect(danger(program('git'), [command, '--output', '{{x}}'])).toMatch(/after the option/);
    }
  });

  it.each([
    ...[
      ['proxychains4', '{{x}}'],
      ['proxychains', '-q', '-f', 'c.conf', '{{x}}'],
      ['torsocks', '{{x}}'],
    ],
    ...[
      ['torify', '{{x}}'],
      ['cpulimit', '-l', '50', '--', '{{x}}'],
      ['runcon', 'system_u', '{{x}}'],
    ],
    ...[
      ['schroot', '-c', 'sid', '--', '{{x}}'],
      ['execlineb', '{{x}}'],
      ['ccache', '{{x}}'],
      ['distcc', '{{x}}'],
    ],
    ...[
      ['direnv', 'exec', '.', '{{x}}'],
      ['qemu-x86_64-static', '{{x}}'],
      ['run0', '{{x}}'],
      ['sudo-rs', '{{x}}'],
    ],
    ...[
      ['s6-sudo', '{{x}}'],
      ['nsjail', '--', '{{x}}'],
      ['aws-vault', 'exec', 'work', '--', '{{x}}'],
    ],
    ...[
      ['uclampset', '{{x}}'],
      ['usql', 'db', '{{x}}'],
      ['sqlcmd', '{{x}}'],
      ['cross-env', 'A=b', '{{x}}'],
    ],
  ])('may not reach a launcher that is rarely met: %s %s', (name, ...args) => {
    expect(danger(program(name), args)).toMatch(/ starts other programs$/);
  });

  it.each([
    ...[
      ['a-launcher-of-tomorrow', '{{x}}'],
      ['own', 'run', 'fixed', '--', '{{x}}'],
      ['cat2', '{{x}}'],
    ],
    ...[
      ['CAT', '{{x}}'],
      ['tee', '{{x}}'],
      ['uniq', '{{x}}'],
      ['curl', '{{x}}'],
      ['jq', '{{x}}'],
      ['ffmpeg', '{{x}}'],
    ],
  ])('may not reach a program that is not known to only read: %s %s', (name, ...args) => {
    expect(danger(program(name), args)).toMatch(
      `${name} is not one of the programs that are known to only read`,
    );
    expect(danger(program(name), ['--count={{n}}', '{{mode}}'])).toBeUndefined();
  });

  it('may not reach an unknown program under the name of a known one', () => {
    program('launch-it');
    symlinkSync('launch-it', join(folder, 'head'));
    expect(danger(join(folder, 'head'), ['{{x}}'])).toMatch(/launch-it is not one of the programs/);
  });

  it('may not reach several arguments of an unknown program by a list', () => {
    const list = { type: 'object', properties: { x: { type: 'array', items: text } } };
    const placed = { args: ['run', '{{x}}'], stdin: undefined, parameters: list };
    expect(placeholderDanger(program('own-program'), placed)).toMatch(/not one of the programs/);
    expect(placeholderDanger(harmless, placed)).toBeUndefined();
  });

  it('may not reach what a link leads to, whatever the link is called', () => {
    symlinkSync('/bin/sh', join(folder, 'reader2x'));
    symlinkSync('reader2x', join(folder, 'reader3x'));
    expect(danger(join(folder, 'reader3x'), ['{{x}}'])).toMatch(/and sh runs text as code/);
    symlinkSync(harmless, join(folder, 'zsh'));
    expect(danger(join(folder, 'zsh'), ['{{x}}'])).toMatch(/and zsh runs text as code/);
  });

  it('may reach a program that is one of many in one file', () => {
    program('busybox-static');
    symlinkSync('busybox-static', join(folder, 'wc'));
    symlinkSync('busybox-static', join(folder, 'ash'));
    expect(danger(join(folder, 'wc'), ['{{x}}'])).toBeUndefined();
    expect(danger(join(folder, 'ash'), ['{{x}}'])).toMatch(/ash runs/);
    expect(danger(join(folder, 'busybox-static'), ['wc', '{{x}}'])).toMatch(/starts other programs/);
  });

  it.each([
    ['#!/bin/sh\nexec "$@"\n', 'sh'],
    ['#! /bin/bash -e\n', 'bash'],
    ['#!/usr/bin/env -S perl -w\n', 'perl'],
    ['#!/usr/bin/make -f\n', 'make'],
    ['#!/usr/bin/awk -f\n', 'awk'],
    ['echo a text without a first line\n', 'sh'],
    ['#!\n', 'an unknown program'],
    ['', 'sh'],
  ])('may not reach a script that could run it: %j', (content, name) => {
    expect(danger(program('own-tool', content), ['{{x}}'])).toMatch(
      `the program is a script of ${name}, which may run`,
    );
  });

  it.each(['#!/usr/bin/env node\n', '#!/usr/bin/python3.12 -u\n', '#!/usr/bin/env -S deno run\n'])(
    'may reach a script that gets arguments as data only if it is known to only read: %j',
    (content) => {
      expect(danger(program('stat', content), ['{{x}}'])).toBeUndefined();
      expect(danger(program('stat', content), ['--run', '{{x}}'])).toMatch(/after the option/);
      expect(danger(program('own-tool', content), ['{{x}}'])).toMatch(/own-tool is not one of the programs/);
    },
  );

  it('may not reach a file that cannot be read', () => {
    expect(danger(join(folder, 'nothing'), ['{{x}}'])).toMatch(/cannot be read/);
  });

  it('is not there in a fixed command, which may do anything', () => {
    expect(danger(program('sh'), ['-c', 'ls | head -n {{n}}'], 'fixed')).toBeUndefined();
  });
});

describe('names of programs', () => {
  it.each([
    'cat',
    'grep',
    'wc',
    'base64',
    'sha256sum',
    'date',
    'ffmpeg',
    'espeak-ng',
    'notify-send',
    'b2sum',
    'ls',
  ])('that are neither: %s', (name) => {
    expect(kindByName(name)).toBe('other');
  });
});

describe('values that cannot be text of the model', () => {
  it.each([
    [{ type: 'integer' }, [1, -5, true], ['1', {}, 1 / 0]],
    [{ type: ['number', 'null'] }, [0.5, null], ['x']],
    [{ enum: ['a', 'b', 3] }, ['a', 3], ['c', '3']],
    [{ const: 'a' }, ['a'], ['b']],
    [{ type: 'array', items: { enum: ['a'] } }, [['a', 'a'], []], [['a', 'b'], 'a']],
  ])('%j', (schema, allowed, refused) => {
    const allows = closedValues(schema);
    for (const value of allowed) expect([value, allows?.(value)]).toEqual([value, true]);
    for (const value of refused) expect([value, allows?.(value)]).toEqual([value, false]);
  });

  it.each([
    [{ type: 'string' }],
    [{ type: 'string', pattern: '^[a-z]+$' }],
    [{ type: ['integer', 'string'] }],
    [{ type: 'array' }],
    [{ type: 'array', items: { type: 'string' } }],
    [{ enum: ['a', { b: 1 }] }],
    [{ $ref: '#/$defs/n' }],
    [{ anyOf: [{ type: 'integer' }] }],
    [{}],
    [true],
  ])('are not %j', (schema) => {
    expect(closedValues(schema)).toBeUndefined();
  });
});

describe('a command tool', () => {
  const reader = join(folder, 'printf');
  copyFileSync('/usr/bin/printf', reader);
  const make = (options: object) =>
    createCommandTool(
      { type: 'command', name: 'try_it', description: 'Tries.', command: 'sh', parameters, ...options },
      { programs: ['sh', reader], env: { PATH: '/usr/bin:/bin' }, directory: folder },
    );
  const context = {
    signal: new AbortController().signal,
    callId: 'c',
    env: {},
    context: undefined,
    progress: () => {},
  };

  it('needs "unsafe" for what could become a command', async () => {
    const args = ['-c', 'echo "{{x}}"'];
    expect(() => make({ args })).toThrow(
      expect.objectContaining({
        code: 'tool.command',
        exitCode: 3,
        message:
          'The command tool "try_it" cannot be used: the model could write a command: its "args"[1] has {{x}}, and sh runs text as code.',
        hint: expect.stringContaining('"unsafe": true'),
      }),
    );
    expect(await make({ args, unsafe: true }).execute({ x: '$(echo run)' }, context)).toBe('run');
  });

  it('refuses a value outside of its list, though no schema was checked', async () => {
    const tool = make({ command: reader, args: ['%s', '{{x}}', '--n={{n}}'] });
    expect(await tool.execute({ x: 'a', n: 3 }, context)).toBe('a--n=3');
    await expect(tool.execute({ x: 'a', n: '$(id)' }, context)).rejects.toThrow(/n must be a value/);
  });
});
