/** The words that can be completed, in the form that the scripts of all shells need. */
export interface CompletionTree {
  /** The program itself has an empty path and comes first. */
  readonly commands: readonly CommandWords[];
}

export interface CommandWords {
  readonly path: readonly string[];
  /** Subcommands, or the values of its argument. */
  readonly words: readonly { readonly name: string; readonly meaning: string }[];
  readonly flags: readonly FlagWords[];
  readonly takesFiles: boolean;
}

export interface FlagWords {
  readonly names: readonly string[];
  readonly meaning: string;
  readonly choices: readonly string[];
  readonly value: 'none' | 'text' | 'file' | 'directory';
}

/** Flags that take a value, once each: the same name means the same everywhere. */
export function flagsWithValue({ commands }: CompletionTree): FlagWords[] {
  const flags = commands.flatMap((command) => command.flags).filter(({ value }) => value !== 'none');
  return flags.filter(({ names }, index) => flags.findIndex((flag) => flag.names[0] === names[0]) === index);
}
