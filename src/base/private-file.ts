import { fchmodSync, fstatSync, openSync } from 'node:fs';

/**
 * Opens a file for writing that only its owner may read, because it holds what was said. One that was there before and
 * that others could read becomes private, too. Devices and pipes keep their permissions.
 * @throws the system's error.
 */
export function openPrivateFile(path: string, flags: 'w' | 'a'): number {
  const descriptor = openSync(path, flags, 0o600);
  if (process.platform === 'win32') return descriptor;
  const stats = fstatSync(descriptor);
  if (!stats.isFile() || (stats.mode & 0o077) === 0) return descriptor;
  try {
    fchmodSync(descriptor, 0o600);
  } catch {
    // It belongs to somebody else, who lets us write: the permissions are theirs. Some file systems have none.
  }
  return descriptor;
}
