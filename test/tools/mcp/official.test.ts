import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { ToolProgress } from '../../../src/tools/definition/tool.js';
import type { McpServerOptions } from '../../../src/tools/mcp/mcp-server.js';
import { createToolRunner } from '../../../src/tools/tool-runner.js';
import { directoryWith } from '../../config/files.js';
import {
  everything,
  everythingOnNetwork,
  filesystem,
  freePort,
  memory,
  overheard,
} from './official-servers.js';
import { answer, contextOf, watched } from './watched-servers.js';

const node = process.execPath;

async function started(transport: 'stdio' | 'http'): Promise<McpServerOptions> {
  if (transport === 'stdio') return { name: 'all', command: node, args: [everything] };
  return { name: 'all', url: (await everythingOnNetwork(await freePort())).url };
}

describe.each(['stdio', 'http'] as const)('the official server of everything over %s', (transport) => {
  it('lists its tools and answers calls', async () => {
    const all = watched([await started(transport)]);
    const tools = await all.servers.tools(['all']);
    expect(tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['all__echo', 'all__get-sum', 'all__get-tiny-image']),
    );
    expect(all.events).toMatchObject([{ server: 'all', state: 'connected', message: undefined }]);
    expect(all.events[0]?.tools).toEqual(tools.map(({ name }) => name));
    for (const tool of tools) expect(tool).toMatchObject({ approval: 'ask', timeoutMs: 30_000 });
    expect(await answer(await all.tool('all__echo'), { message: 'hello' })).toBe('Echo: hello');
    expect(await answer(await all.tool('all__get-sum'), { a: 2, b: 3 })).toContain('5');
    expect(await answer(await all.tool('all__get-tiny-image'), {})).toMatch(
      /\[an image .* image\/png, \d+ bytes\]/,
    );
    const data = await answer(await all.tool('all__get-structured-content'), { location: 'Chicago' });
    expect(data).toContain('"humidity":82');
    // All its schemas can be given to a model.
    expect(createToolRunner(tools, { env: {} }).specs).toHaveLength(tools.length);
  });

  it('reports progress', async () => {
    const all = watched([await started(transport)]);
    const updates: ToolProgress[] = [];
    const context = contextOf({ progress: (update) => updates.push(update) });
    const slow = await all.tool('all__trigger-long-running-operation');
    expect(await answer(slow, { duration: 0.2, steps: 2 }, context)).toContain('completed');
    expect(updates).toEqual([
      { progress: 1, total: 2, message: undefined },
      { progress: 2, total: 2, message: undefined },
    ]);
  });

  it('drops a call that is cancelled or takes too long, and keeps working', async () => {
    const all = watched([{ ...(await started(transport)), approval: 'never', timeoutMs: 1000 }]);
    const tools = await all.servers.tools(['all']);
    const runner = createToolRunner(tools, { env: {} });
    const call = (callId: string, name: string, args: unknown) =>
      runner.run({ callId, name, arguments: JSON.stringify(args) });
    const slow = 'all__trigger-long-running-operation';
    expect(await call('1', slow, { duration: 30, steps: 1 })).toMatchObject({
      kind: 'failed',
      code: 'timeout',
    });
    const cancelled = call('2', slow, { duration: 30, steps: 1 });
    runner.cancel('2', 'the user interrupted');
    expect(await cancelled).toMatchObject({ kind: 'failed', code: 'cancelled' });
    expect(await call('3', 'all__echo', { message: 'still here' })).toMatchObject({
      output: 'Echo: still here',
    });
  });

  it('is notified of calls that are cancelled', async () => {
    const { server, heard } = await overheard(transport);
    const all = watched([{ ...server, approval: 'never', timeoutMs: 1000 }]);
    const runner = createToolRunner(await all.servers.tools(['all']), { env: {} });
    const slow = (callId: string) =>
      runner.run({
        callId,
        name: 'all__trigger-long-running-operation',
        arguments: '{"duration":30,"steps":60}',
      });
    const cancelled = slow('1');
    const ids = (pattern: RegExp) => [...heard().matchAll(pattern)].map(([, id]) => id);
    const called = () => ids(/"method":"tools\/call"[^\n]*?"id":(\d+)/g);
    await expect.poll(called).toHaveLength(1);
    runner.cancel('1', 'the user interrupted');
    expect(await cancelled).toMatchObject({ code: 'cancelled' });
    expect(await slow('2')).toMatchObject({ code: 'timeout' });
    const givenUp = () => ids(/"method":"notifications\/cancelled"[^\n]*?"requestId":(\d+)/g);
    await expect.poll(givenUp).toHaveLength(2);
    expect(givenUp()).toEqual(called());
  });

  it('offers what the lists leave', async () => {
    const server = await started(transport);
    const all = watched([{ ...server, allow: ['get-*', 'echo', 'nothing'], deny: ['*image', 'get-env'] }]);
    const names = (await all.servers.tools(['all'])).map(({ name }) => name);
    expect(names).toContain('all__get-sum');
    expect(names).toContain('all__echo');
    expect(names).not.toContain('all__get-tiny-image');
    expect(names).not.toContain('all__get-env');
    expect(names).not.toContain('all__trigger-long-running-operation');
    expect(all.events[0]?.message).toBe('It has no tool named "nothing", which "allow" names.');
  });
});

describe('official servers that crash', () => {
  it('come back as programs; calls on the way are answered', async () => {
    const all = watched([{ name: 'all', command: node, args: [everything], env: { MARK: 'mine' } }]);
    const slow = await all.tool('all__trigger-long-running-operation');
    const pid = await programOf(everything);
    const onItsWay = answer(slow, { duration: 30, steps: 30 });
    process.kill(pid, 'SIGKILL');
    expect(await onItsWay).toMatch(/connection to the server all was lost during the call/);
    const lost = await all.event('lost');
    expect(lost.message).toMatch(/^The MCP server all ended \(signal SIGKILL\).* Trying to reconnect\.$/);
    expect(await answer(slow, {})).toMatch(/failed: .*cannot be reached at the moment/);
    expect((await all.event('restored')).tools).toContain('all__echo');
    expect(await answer(await all.tool('all__echo'), { message: 'back' })).toBe('Echo: back');
    expect(all.changes).toEqual([]);
  });

  it('come back on the network; calls on the way are answered', async () => {
    const port = await freePort();
    const first = await everythingOnNetwork(port);
    const all = watched([{ name: 'all', url: first.url }]);
    const slow = await all.tool('all__trigger-long-running-operation');
    const echo = await all.tool('all__echo');
    let onItsWay = Promise.resolve('');
    await new Promise<void>((progressed) => {
      onItsWay = answer(slow, { duration: 3, steps: 30 }, contextOf({ progress: () => progressed() }));
    });
    first.process.kill('SIGKILL');
    await once(first.process, 'exit');
    expect(await onItsWay).toMatch(/was lost during the call/);
    expect((await all.event('lost')).message).toMatch(
      /^The MCP server all cannot be reached: (nothing listens|it closed)/,
    );
    await everythingOnNetwork(port);
    await all.event('restored');
    expect(await answer(echo, { message: 'back' })).toBe('Echo: back');
  });

  it('reconnect to a server that has forgotten the session', async () => {
    const port = await freePort();
    const first = await everythingOnNetwork(port);
    const all = watched([{ name: 'all', url: first.url }]);
    const echo = await all.tool('all__echo');
    first.process.kill('SIGKILL');
    await once(first.process, 'exit');
    await everythingOnNetwork(port);
    await all.event('restored');
    expect(await answer(echo, { message: 'again' })).toBe('Echo: again');
  });
});

describe('the official servers of files and memory', () => {
  it('read what they are allowed to, and refuse the rest with a message', async () => {
    const directory = directoryWith({ 'inside/note.txt': 'milk and bread', 'outside.txt': 'no' });
    const inside = join(directory, 'inside');
    const files = watched([{ name: 'files', command: node, args: [filesystem, inside] }]);
    const read = await files.tool('files__read_text_file');
    expect(await answer(read, { path: join(inside, 'note.txt') })).toBe('milk and bread');
    expect(await answer(read, { path: join(directory, 'outside.txt') })).toMatch(/^failed: Access denied/);
  });

  it('remember what they are told', async () => {
    const directory = directoryWith();
    const file = join(directory, 'memory.jsonl');
    const options = { name: 'memory', command: node, args: [memory], env: { MEMORY_FILE_PATH: file } };
    const first = watched([options]);
    const create = await first.tool('memory__create_entities');
    await answer(create, { entities: [{ name: 'Ada', entityType: 'person', observations: ['likes tea'] }] });
    await first.servers.close();
    const second = watched([options]);
    expect(await answer(await second.tool('memory__read_graph'), {})).toContain('likes tea');
  });
});

/** The child of this process that runs a program. */
async function programOf(path: string): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args=']);
  const children = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  const found = children.find(([, parent, ...args]) => parent === String(process.pid) && args.includes(path));
  return Number(found?.[0]);
}
