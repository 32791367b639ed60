import { type Command, CommanderError, Help, type Option } from 'commander';
import { version } from '../commands/version.js';
import type { Io } from '../config/settings.js';
import { ExitCode } from '../contract/exit.js';
import { addCommands } from './commands.js';
import { addCommonFlags, relevantFlags } from './flags.js';
import { UsageCommand } from './usage-command.js';

/** Parses the command line, then loads and runs the command it names. */
export async function runProgram(argv: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = ExitCode.ok;
  const program = createProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help or version has been printed: because it was asked for, or because a command is missing.
    return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
  }
  return exitCode;
}

/** The tree of commands and flags; help and completion are made from it. `done` is called when a command ends. */
export function createProgram(io: Io, done: (exitCode: ExitCode) => void): UsageCommand {
  const program = new UsageCommand('voxterm');
  program
    .description('A voice assistant for the terminal. Without a command it begins to talk.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help; also "voxterm COMMAND --help"')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? 100,
    })
    .configureHelp({ visibleOptions });
  addCommonFlags(program);
  addCommands(program, io, done);
  return program;
}

/** A command's own flags, and the common flags that matter to it. */
function visibleOptions(command: Command): Option[] {
  const own = Help.prototype.visibleOptions.call(new Help(), command);
  let root = command;
  while (root.parent !== null) root = root.parent;
  return root === command ? own : [...own, ...relevantFlags(command.name(), root)];
}
