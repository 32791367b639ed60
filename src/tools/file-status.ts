import { type Stats, statSync } from 'node:fs';

/** What is at a path; undefined where nothing is, or nothing that we may see: a folder of PATH may be closed, or be a file. */
export function fileStatus(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
