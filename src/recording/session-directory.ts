import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../audio/files/audio-failure.js';
import { writeFailure } from '../audio/files/write-failure.js';

/**
 * Creates `DIR/2026-03-01T12-34-56Z`, or the same with `-2`, `-3` when two sessions start in one second. Readable by
 * its owner only: what people say at home is private.
 * @throws VoxtermError exit 2 when it cannot be created.
 */
export function createSessionDirectory(directory: string, startedAt: Date): string {
  const stamp = startedAt.toISOString().replace(/\.\d+/, '').replaceAll(':', '-');
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    for (let attempt = 1; ; attempt++) {
      const path = join(directory, attempt === 1 ? stamp : `${stamp}-${attempt}`);
      if (created(path)) return path;
    }
  } catch (error) {
    throw writeFailure(error, directory);
  }
}

function created(path: string): boolean {
  try {
    mkdirSync(path, { mode: 0o700 });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}
