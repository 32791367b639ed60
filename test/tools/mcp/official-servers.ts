import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, request as httpRequest } from 'node:http';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import type { McpServerOptions } from '../../../src/tools/mcp/mcp-server.js';
import { directoryWith } from '../../config/files.js';

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

/** A free port; the official server cannot choose one itself. */
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

/** The official server of everything, and all messages it has received. */
export interface OverheardServer {
  readonly server: McpServerOptions;
  heard(): string;
}

export async function overheard(transport: 'stdio' | 'http'): Promise<OverheardServer> {
  return transport === 'stdio' ? overheardProgram() : overheardNetwork();
}

function overheardProgram(): OverheardServer {
  const file = join(directoryWith({ heard: '' }), 'heard');
  const args = ['-c', 'tee "$0" | "$1" "$2"', file, process.execPath, everything];
  return { server: { name: 'all', command: 'sh', args }, heard: () => readFileSync(file, 'utf8') };
}

async function overheardNetwork(): Promise<OverheardServer> {
  const { url } = await everythingOnNetwork(await freePort());
  let heard = '';
  const between = createHttpServer((request, response) => {
    const options = { method: request.method, headers: { ...request.headers, host: new URL(url).host } };
    const onwards = httpRequest(url, options, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onwards.on('error', () => response.destroy());
    response.on('close', () => onwards.destroy());
    request.on('data', (chunk: Buffer) => {
      heard += chunk.toString();
    });
    request.pipe(onwards);
  }).listen(0, '127.0.0.1');
  await once(between, 'listening');
  onTestFinished(() => {
    between.closeAllConnections();
    between.close();
  });
  const address = between.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { server: { name: 'all', url: `http://127.0.0.1:${address.port}/mcp` }, heard: () => heard };
}
