// How rolldown reads src.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The oldest Node.js that package.json allows. */
const target = 'node20.19';

/** Packages stay imports; modules of ours are those imported by a path. */
function isPackage(id) {
  return !id.startsWith('.') && !id.startsWith('/') && !/^[a-z]:[\\/]/i.test(id);
}

export const inputOptions = {
  cwd: join(dirname(fileURLToPath(import.meta.url)), '..'),
  platform: 'node',
  external: isPackage,
  resolve: { extensionAlias: { '.js': ['.ts'] } },
  transform: { target },
};
