import { type CompletionTree, type FlagWords, flagsWithValue } from './tree.js';

/** Put into `~/.bashrc`: `eval "$(voxterm completion bash)"`. Bash 3.2 and later. */
export function bash(tree: CompletionTree): string {
  const values = flagsWithValue(tree);
  const after = values.map((flag) => `    ${flag.names.join('|')}) ${answer(flag)}; return ;;`);
  const skipped = values.flatMap(({ names }) => names).join('|');
  const names = tree.commands.filter(({ path }) => path.length > 0).map(({ path }) => `"${path.join(' ')}"`);
  const words = tree.commands.map(({ path, words, flags, takesFiles }) => {
    const all = [...words.map(({ name }) => name), ...flags.flatMap((flag) => flag.names)].join(' ');
    const files = takesFiles ? ' COMPREPLY+=($(compgen -f -- "$cur"))' : '';
    return `    "${path.join(' ')}") COMPREPLY=($(compgen -W "${all}" -- "$cur"));${files} ;;`;
  });
  return `# bash completion for voxterm: eval "$(voxterm completion bash)"
_voxterm() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" path="" word i
  COMPREPLY=()
  case "$prev" in
${after.join('\n')}
  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$word" in
    ${skipped}) ((i++)); continue ;;
    esac
    case "\${path:+$path }$word" in
    ${names.join('|')}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${words.join('\n')}
  esac
}
complete -o filenames -F _voxterm voxterm
`;
}

function answer({ choices, value }: FlagWords): string {
  if (choices.length > 0) return `COMPREPLY=($(compgen -W "${choices.join(' ')}" -- "$cur"))`;
  if (value === 'text') return ':';
  return `COMPREPLY=($(compgen ${value === 'directory' ? '-d' : '-f'} -- "$cur"))`;
}
