import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Campaign } from '../campaign.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const hooks = fileURLToPath(new URL('../../test/typescript-hooks.mjs', import.meta.url));

/** Node comes from the package of that name; each version is what the newest npm of its time brings. */
const versions = ['20', '22', '24', '26'];

interface Run {
  readonly code: number;
  readonly output: string;
}

interface Place {
  readonly node: string;
  readonly env: NodeJS.ProcessEnv;
}

/** What a version of Node has to do as the others do. The text is the end of "FAILED Node 26: …". */
const checks: readonly (readonly [promise: string, check: (place: Place) => Promise<boolean>])[] = [
  [
    'the built-in provider answers a typed question',
    async (place) => {
      const { code, output } = await voxterm(place, ['ask', '--text', 'Hi']);
      return code === 0 && output.includes('built-in assistant');
    },
  ],
  [
    'a key with a blank behind it is read from a file in UTF-16',
    async (place) => {
      const folder = await mkdtemp(join(tmpdir(), 'voxterm-campaign-'));
      const file = join(folder, 'keys.env');
      await writeFile(file, Buffer.from('\ufeffset OPENAI_API_KEY=sk-0123456789 \r\n', 'utf16le'));
      const { code, output } = await voxterm(place, ['config', 'print', '--env-file', file]);
      await rm(folder, { recursive: true });
      return code === 0 && /OPENAI_API_KEY\W+set/.test(output);
    },
  ],
  [
    'a proxy is asked, and its refusal is told',
    async (place) => {
      const asked: string[] = [];
      const proxy = createServer().on('connect', (request, socket) => {
        asked.push(request.url ?? '');
        socket.end('HTTP/1.1 403 No\r\n\r\n');
      });
      await new Promise<void>((resolve) => {
        proxy.listen(0, '127.0.0.1', resolve);
      });
      const { port } = proxy.address() as AddressInfo;
      const env = { ...place.env, HTTPS_PROXY: `http://127.0.0.1:${port}`, OPENAI_API_KEY: 'sk-0123456789' };
      const args = ['ask', '--text', 'Hi', '--provider', 'openai', '--url', 'wss://voxterm.invalid/v1'];
      const { code, output } = await voxterm({ ...place, env }, args);
      proxy.close();
      return code === 6 && asked.length === 1 && output.includes('HTTP 403');
    },
  ],
  [
    'a SOCKS proxy is refused',
    async (place) => {
      const env = { ...place.env, ALL_PROXY: 'socks5://127.0.0.1:1', OPENAI_API_KEY: 'sk-0123456789' };
      const { code } = await voxterm({ ...place, env }, ['ask', '--text', 'Hi', '--provider', 'openai']);
      return code === 3;
    },
  ],
  [
    'arguments nested 100,000 levels are found',
    async ({ node, env }) => {
      const module = new URL('../../src/base/json-nesting.ts', import.meta.url).href;
      const code = `const { isNestedTooDeeply } = await import(${JSON.stringify(module)});
        process.exit(isNestedTooDeeply('['.repeat(1e5) + ']'.repeat(1e5)) && !isNestedTooDeeply('[1]') ? 0 : 1)`;
      const args = ['--import', hooks, '--input-type=module', '--eval', code];
      const { code: exit, output } = await run(node, args, env);
      // The hooks for TypeScript must not make Node print warnings: tests read standard error.
      return exit === 0 && output === '';
    },
  ],
];

/** The built program: `npm run build` first. */
function voxterm({ node, env }: Place, args: readonly string[]): Promise<Run> {
  return run(node, [join(root, 'bin/voxterm.js'), ...args], env);
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv, cwd = root): Promise<Run> {
  return new Promise((resolve) => {
    execFile(program, [...args], { env, cwd, timeout: 600_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, output: `${stdout}${stderr}` });
    });
  });
}

/** The program of this version, installed into the folder. */
async function install(version: string, folder: string): Promise<string> {
  const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', `node@${version}`];
  const { code, output } = await run('npm', args, process.env, folder);
  if (code !== 0) throw new Error(`npm cannot install node@${version}: ${output.slice(-300)}`);
  return join(folder, 'node_modules/node/bin/node');
}

/** The version that runs the campaign, and in the long form all that CI knows and the newest. */
export const campaign: Campaign = {
  about: 'every supported version of Node reads files, asks proxies and bounds arguments as the others do',
  async run({ short, log }) {
    const folder = await mkdtemp(join(tmpdir(), 'voxterm-campaign-'));
    const failures: string[] = [];
    let done = 0;
    try {
      const programs = [['this', process.execPath]];
      if (!short) {
        for (const version of versions) {
          const own = await mkdtemp(join(folder, `node-${version}-`));
          programs.push([version, await install(version, own)]);
        }
      }
      for (const [name = '', node = ''] of programs) {
        const env = { PATH: process.env.PATH, HOME: folder, LANG: 'C.UTF-8' };
        const { output } = await run(node, ['--version'], env);
        for (const [promise, check] of checks) {
          if (!(await check({ node, env })))
            failures.push(`Node ${output.trim()} (${name}): not so: ${promise}`);
          done++;
        }
        log(`Node ${output.trim()}: ${checks.length} checks`);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    return { figures: { checks: done, failed: failures.length }, failures };
  },
};
