// Adds the native sound module to a checkout where npm could not build it. npm removes an optional package when its
// build fails, and the build fails where node-gyp may not download Node's headers, although most systems have them
// installed with Node. voxterm runs without the module, so nothing here is an error.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const addon = join(root, 'node_modules/naudiodon/build/Release/naudiodon.node');
const nodeDir = join(dirname(process.execPath), '..');

function has(program) {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}

/** npm as it was called, or the npm on the path; `npm_config_*` of an outer `npm ci` would change what it does. */
function npm(args) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
  const cli = process.env.npm_execpath;
  const [program, first] = cli === undefined ? ['npm', []] : [process.execPath, [cli]];
  const options = {
    cwd: root,
    stdio: 'pipe',
    env: { ...env, npm_config_nodedir: nodeDir },
    timeout: 180_000,
  };
  execFileSync(program, [...first, ...args], options);
}

function build() {
  if (!existsSync(join(nodeDir, 'include/node/node_api.h'))) return 'Node has no headers beside it';
  const missing = [['make'], ['python3', 'python'], ['c++', 'g++', 'clang++']].filter(
    (names) => !names.some(has),
  );
  if (missing.length > 0) return `there is no ${missing.map(([name]) => name).join(', ')}`;
  try {
    npm(['install', '--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund']);
    npm(['rebuild', 'naudiodon']);
  } catch (error) {
    return String(error.stderr ?? error.message)
      .trim()
      .split('\n')
      .at(-1);
  }
  return existsSync(addon) ? undefined : 'the build left no module';
}

if (!existsSync(addon) && process.platform !== 'win32' && process.env.VOXTERM_SKIP_NATIVE === undefined) {
  const reason = build();
  if (reason !== undefined) {
    console.error(
      `voxterm: built without the native sound module (${reason}); other players are used instead.`,
    );
  }
}
