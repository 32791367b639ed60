import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Writes a file as a whole or not at all: a crash leaves the old one or the new one. Only its owner may read it. The
 * draft beside it has a name that cannot be guessed and must not exist: in a directory that others write to, such as
 * `/tmp`, a link with that name would lead to a file of ours.
 */
export function replaceFile(path: string, content: string): void {
  const draft = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  try {
    writeFileSync(draft, content, { mode: 0o600, flag: 'wx' });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
