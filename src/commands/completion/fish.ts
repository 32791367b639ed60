import type { CommandWords, CompletionTree, FlagWords } from './tree.js';

/** Put into `~/.config/fish/config.fish`: `voxterm completion fish | source`. */
export function fish({ commands }: CompletionTree): string {
  const root = commands[0]?.flags ?? [];
  const lines = commands.flatMap((command) => [
    ...command.words.map(
      ({ name, meaning }) =>
        `complete -c voxterm -n ${quoted(conditionOf(command))} -f -a ${name} -d ${quoted(meaning)}`,
    ),
    ...command.flags
      .filter((flag) => command.path.length === 0 || !root.includes(flag))
      .map((flag) => flagLine(flag, command)),
    ...(command.takesFiles ? [`complete -c voxterm -n ${quoted(conditionOf(command))} -F`] : []),
  ]);
  return `# fish completion for voxterm: voxterm completion fish | source\ncomplete -c voxterm -f\n${lines.join('\n')}\n`;
}

function conditionOf({ path, words }: CommandWords): string {
  if (path.length === 0) return '__fish_use_subcommand';
  const seen = path.map((step) => `__fish_seen_subcommand_from ${step}`);
  const open =
    words.length > 0 ? [`not __fish_seen_subcommand_from ${words.map(({ name }) => name).join(' ')}`] : [];
  return [...seen, ...open].join('; and ');
}

function flagLine({ names, meaning, choices, value }: FlagWords, command: CommandWords): string {
  const spelled = names.map((name) =>
    name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
  );
  const where = command.path.length === 0 ? '' : ` -n ${quoted(conditionOf(command))}`;
  const wanted = {
    none: '',
    text: ' -x',
    file: ' -r -F',
    directory: " -x -a '(__fish_complete_directories)'",
  };
  const values = choices.length > 0 ? ` -x -a ${quoted(choices.join(' '))}` : wanted[value];
  return `complete -c voxterm${where} ${spelled.join(' ')}${values} -d ${quoted(meaning)}`;
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}
