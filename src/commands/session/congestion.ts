import type { Io } from '../../config/settings.js';

/** How far a slow reader of our output may fall behind before we stop reading from the server. */
const mostUnwrittenBytes = 4 * 2 ** 20;

/** True while standard output or standard error are read more slowly than we write. */
export function congestion({ stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>): () => boolean {
  return () => stdout.writableLength + stderr.writableLength > mostUnwrittenBytes;
}
