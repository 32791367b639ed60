import type { Command, Option } from 'commander';
import type { Io } from '../config/settings.js';
import { ExitCode } from '../contract/exit.js';
import { bash } from './completion/bash.js';
import { fish } from './completion/fish.js';
import { powershell } from './completion/powershell.js';
import type { Shell } from './completion/shells.js';
import type { CompletionTree, FlagWords } from './completion/tree.js';
import { zsh } from './completion/zsh.js';

const scripts: Readonly<Record<Shell, (tree: CompletionTree) => string>> = { bash, zsh, fish, powershell };

/**
 * Prints a completion script. It contains all words, made from the same tree that parses the command line:
 * pressing Tab starts no process and needs no package.
 */
export function completion(shell: Shell, program: Command, io: Io): ExitCode {
  io.stdout.write(scripts[shell](treeOf(program)));
  return ExitCode.ok;
}

/** Every command line that can be completed: the program, each command, and each subcommand. */
function treeOf(program: Command): CompletionTree {
  const common = program.options.map(flagOf);
  const below = (command: Command, path: readonly string[]): CompletionTree['commands'] => [
    {
      path,
      words: [
        ...command.commands.map((child) => ({ name: child.name(), meaning: child.description() })),
        ...command.registeredArguments
          .flatMap(({ argChoices }) => argChoices ?? [])
          .map((name) => ({ name, meaning: '' })),
      ],
      flags: path.length === 0 ? common : [...command.options.map(flagOf), ...common],
      takesFiles: command.name() === 'ask',
    },
    ...command.commands.flatMap((child) => below(child, [...path, child.name()])),
  ];
  return { commands: below(program, []) };
}

function flagOf({ flags, short, long, description, argChoices, required }: Option): FlagWords {
  const metavar = /[<[](.+?)[>\]]/.exec(flags)?.[1] ?? '';
  return {
    names: [long, short].filter((name) => name !== undefined),
    meaning: description,
    choices: argChoices ?? [],
    value: !required
      ? 'none'
      : metavar === 'dir'
        ? 'directory'
        : /file|module/.test(metavar)
          ? 'file'
          : 'text',
  };
}
