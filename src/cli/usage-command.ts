import { Command, type ErrorOptions } from 'commander';
import { nearestName } from '../base/nearest-name.js';
import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';

/** A command whose usage errors are ours: one sentence, what is allowed, exit code 2. */
export class UsageCommand extends Command {
  override createCommand(name?: string): UsageCommand {
    return new UsageCommand(name);
  }

  override error(message: string, options?: ErrorOptions): never {
    throw this.explain(message, options?.code);
  }

  private explain(message: string, code: string | undefined): VoxtermError {
    const [sentence = message, suggestion] = message
      .replace(/^error: /, '')
      .replace(/\(Did you mean (.*?)\?\)/, 'Did you mean $1?')
      .split('\n');
    switch (code) {
      case 'commander.excessArguments':
        return this.excess(sentence);
      case 'commander.unknownOption':
        return usage(sentence, this.whereOptionBelongs(sentence) ?? this.withHelp(suggestion));
      default:
        return usage(sentence, this.withHelp(suggestion));
    }
  }

  /** A word that is not a command arrives as an argument of the default command. */
  private excess(sentence: string): VoxtermError {
    const [given] = this.args;
    const { parent } = this;
    if (given === undefined || parent === null || this.registeredArguments.length > 0) {
      return usage(sentence, `Quote names that hold spaces. ${this.seeHelp()}`);
    }
    const commands = parent.commands.map((command) => command.name());
    if (!isDefault(this)) return usage(sentence, this.seeHelp());
    const nearest = nearestName(given, commands);
    const meant = nearest === undefined ? '' : `Did you mean ${nearest}? `;
    const ask = /\.\w{2,4}$/.test(given)
      ? ` To ask with a recording: voxterm ask ${JSON.stringify(given)}.`
      : '';
    return usage(`"${given}" is not a command.`, `${meant}Commands: ${commands.join(', ')}.${ask}`);
  }

  private whereOptionBelongs(sentence: string): string | undefined {
    const flag = /'(-[^']*)'/.exec(sentence)?.[1]?.replace(/=.*/, '');
    const owner = this.parent?.commands.find(
      (command) =>
        command !== this &&
        command.options.some((option) => [option.short, option.long].includes(flag ?? '')),
    );
    if (owner === undefined) return undefined;
    return `${flag} belongs to "voxterm ${owner.name()}"; write it after that command.`;
  }

  private withHelp(suggestion: string | undefined): string {
    return suggestion === undefined ? this.seeHelp() : `${suggestion} ${this.seeHelp()}`;
  }

  private seeHelp(): string {
    const names: string[] = [];
    for (let command: Command | null = this; command !== null; command = command.parent) {
      names.unshift(command.name());
    }
    return `See ${names.join(' ')} --help.`;
  }
}

function isDefault(command: Command): boolean {
  return command.name() === defaultCommand;
}

/** The command that `voxterm` runs without arguments. */
export const defaultCommand = 'talk';

function usage(message: string, hint: string): VoxtermError {
  const sentence = message.charAt(0).toUpperCase() + message.slice(1);
  return new VoxtermError(/[.?!]$/.test(sentence) ? sentence : `${sentence}.`, {
    code: 'usage',
    exitCode: ExitCode.usage,
    hint: hint.charAt(0).toUpperCase() + hint.slice(1),
  });
}
