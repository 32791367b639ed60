import type { CommandWords, CompletionTree, FlagWords } from './tree.js';

/** Put into `~/.zshrc` after `compinit`: `eval "$(voxterm completion zsh)"`. */
export function zsh({ commands }: CompletionTree): string {
  return `#compdef voxterm
# zsh completion for voxterm: eval "$(voxterm completion zsh)"
${commands.map((command) => functionOf(command, commands)).join('\n')}
compdef _voxterm voxterm
`;
}

function functionOf(command: CommandWords, commands: readonly CommandWords[]): string {
  const { path, words, flags, takesFiles } = command;
  const children = commands.filter(
    (other) =>
      other.path.length === path.length + 1 && path.every((step, index) => step === other.path[index]),
  );
  const specs = flags.map((flag) => `    ${flagSpec(flag)}`);
  if (words.length > 0) specs.push(`    '1: :((${words.map(wordSpec).join(' ')}))'`);
  if (takesFiles) specs.push("    '*:recording:_files'");
  if (children.length > 0) specs.push("    '*:: :->command'");
  const dispatch = children.map(({ path: child }) => `    ${child.at(-1)}) ${nameOf(child)} ;;`);
  return `${nameOf(path)}() {
  local line state
  _arguments -C \\
${specs.join(' \\\n')}
${dispatch.length > 0 ? `  [[ $state == command ]] && case $line[1] in\n${dispatch.join('\n')}\n  esac\n` : ''}}`;
}

function nameOf(path: readonly string[]): string {
  return ['_voxterm', ...path].join('_');
}

function flagSpec({ names, meaning, choices, value }: FlagWords): string {
  const about = quoted(meaning.replace(/[[\]:]/g, '\\$&'));
  const wanted =
    choices.length > 0
      ? `:value:(${choices.join(' ')})`
      : { none: '', text: ':value: ', file: ':file:_files', directory: ':directory:_files -/' }[value];
  const list = names.length > 1 ? `{${names.join(',')}}` : names.join('');
  return `'*'${list}'[${about}]${wanted}'`;
}

function wordSpec({ name, meaning }: { readonly name: string; readonly meaning: string }): string {
  return meaning === '' ? name : `${name}\\:"${quoted(meaning.replace(/["\\:]/g, ''))}"`;
}

function quoted(text: string): string {
  return text.replaceAll("'", "'\\''");
}
