import type { ExitCode } from '../contract/exit.js';
import type { Config } from './schema.js';

export type Path = readonly (string | number)[];

export type Source = 'flag' | 'environment' | 'config' | 'default';

/** Where values come from, and how a message names the place of one of them. */
export interface Origin {
  readonly source: Source;
  /** Exit code of any error in these values. */
  readonly exitCode: ExitCode;
  /**
   * `--echo`, `VOXTERM_ECHO`, or `/home/me/config.json:3:12: audio.echo`. `key`: the place of the key, not of its
   * value.
   */
  nameOf(path: Path, place?: 'key' | 'value'): string;
  /** What `config print` shows: `--echo`, `VOXTERM_ECHO`, or `/home/me/config.json:3:12`. */
  label(path: Path): string;
  /** The directory that relative paths are resolved against. */
  readonly directory: string;
}

/** All values given in one place: checked, paths absolute, instructions read. */
export interface Layer extends Origin {
  readonly config: Config;
}
