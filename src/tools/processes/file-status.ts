import { type Stats, statSync } from 'node:fs';

/**
 * The status of a path; undefined when nothing is there, or it is not accessible: a folder in PATH may be unreadable,
 * or a file.
 */
export function fileStatus(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
