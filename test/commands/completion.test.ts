import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.js';
import { type Shell, shells } from '../../src/commands/completion/shells.js';
import { completion } from '../../src/commands/completion.js';
import { directoryWith } from '../config/files.js';
import { memoryIo } from './session/memory-io.js';

function scriptFor(shell: Shell): string {
  const { io, written } = memoryIo();
  completion(
    shell,
    createProgram(io, () => {}),
    io,
  );
  return written.stdout;
}

/** What bash offers for the last of these words. */
function offered(words: readonly string[], directory: string): string[] {
  const script = `${scriptFor('bash')}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
_voxterm; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const output = execFileSync('bash', ['-c', script], { encoding: 'utf8', cwd: directory });
  return output.split('\n').filter((line) => line !== '');
}

describe.runIf(process.platform !== 'win32')('bash', () => {
  it.each([
    [
      ['voxterm', 'co'],
      ['config', 'completion'],
    ],
    [
      ['voxterm', 'config', 'p'],
      ['path', 'print'],
    ],
    [['voxterm', 'completion', ''], expect.arrayContaining(['bash', 'zsh', 'fish', 'powershell'])],
    [['voxterm', '--provider', 'o'], ['openai']],
    [
      ['voxterm', 'ask', '--pace', ''],
      ['realtime', 'fast'],
    ],
    [['voxterm', 'ask', '--expect-t'], ['--expect-tool']],
    [['voxterm', '--voice', 'ask', 'config', 'i'], ['init']],
    [['voxterm', 'ask', 'q'], ['question.wav']],
    [['voxterm', 'ask', '-o', 'q'], ['question.wav']],
    [['voxterm', '--record', ''], ['folder']],
    [['voxterm', '--voice', ''], []],
    [['voxterm', 'talk', '--expect-t'], []],
  ])('%j', (words, wanted) => {
    const directory = directoryWith({ 'question.wav': '', 'folder/x': '' });
    expect(offered(words, directory)).toEqual(wanted);
  });
});

describe.each(shells)('%s', (shell) => {
  it('knows every command and flag', () => {
    const script = scriptFor(shell);
    const tree = createProgram(memoryIo().io, () => {});
    const all = [tree, ...tree.commands, ...tree.commands.flatMap((command) => command.commands)];
    for (const command of all.slice(1)) expect(script).toContain(command.name());
    for (const { long } of all.flatMap((command) => command.options)) {
      expect(script).toContain(shell === 'fish' ? `-l ${long?.slice(2)}` : long);
    }
  });
});

/** Shells of this machine that can look at a script without running it. */
const lookers = [
  ['bash', '-n'],
  ['zsh', '-n'],
  ['fish', '--no-execute'],
] as const;
const installed = lookers.filter(([shell]) => spawnSync(shell, ['--version']).error === undefined);

it.each(installed)('%s accepts its script', (shell, flag) => {
  const file = join(directoryWith({ script: scriptFor(shell) }), 'script');
  expect(spawnSync(shell, [flag, file], { encoding: 'utf8' }).stderr).toBe('');
});
