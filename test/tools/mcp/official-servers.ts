import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

const require = createRequire(import.meta.url);

function program(packageFile: string): string {
  return join(dirname(packageFile), 'dist/index.js');
}

export const everything = program(require.resolve('@modelcontextprotocol/server-everything/package.json'));
export const filesystem = program(require.resolve('@modelcontextprotocol/server-filesystem/package.json'));
export const memory = program(require.resolve('@modelcontextprotocol/server-memory/package.json'));

export interface NetworkServer {
  readonly url: string;
  readonly process: ChildProcess;
}

/** A port nobody uses; the official server takes none of its own choice. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** The official server of everything over Streamable HTTP, when it listens. */
export async function everythingOnNetwork(port: number): Promise<NetworkServer> {
  const child = spawn(process.execPath, [everything, 'streamableHttp'], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  for await (const line of createInterface(child.stderr)) if (line.includes('listening on port')) break;
  return { url: `http://127.0.0.1:${port}/mcp`, process: child };
}
