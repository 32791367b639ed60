import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../bin/voxterm.js', import.meta.url));

/**
 * Runs `voxterm simulate` with a scenario, as a user would.
 * @param {object} scenario
 * @param {{ token?: string, tls?: { cert: string, key: string }, dialect?: string }} [options]
 * @returns {Promise<{ url: string, stop: () => Promise<number | null> }>} `stop` gives the exit code
 */
export async function startSimulator(scenario, { token, tls, dialect = 'openai' } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'voxterm-clients-'));
  const file = join(folder, 'scenario.json');
  await writeFile(file, JSON.stringify(scenario));
  const tlsFlags = tls === undefined ? [] : ['--tls-cert', tls.cert, '--tls-key', tls.key];
  const flags = ['--scenario', file, '--dialect', dialect, ...tlsFlags];
  const child = spawn(process.execPath, [program, 'simulate', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, XDG_CONFIG_HOME: folder, VOXTERM_SIMULATE_TOKEN: token ?? '' },
  });
  let complaints = '';
  child.stderr.on('data', (chunk) => {
    complaints += chunk;
  });
  const exited = once(child, 'exit');
  const [line] = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    exited.then(([code]) => {
      throw new Error(`voxterm simulate ended with ${code}: ${complaints}`);
    }),
  ]);
  return {
    url: JSON.parse(line).url,
    async stop() {
      child.kill('SIGTERM');
      const [code] = await exited;
      await rm(folder, { recursive: true, force: true });
      return code;
    },
  };
}
