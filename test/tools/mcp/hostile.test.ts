import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { StdioServerOptions } from '../../../src/tools/mcp/mcp-server.js';
import { createToolRunner } from '../../../src/tools/tool-runner.js';
import { directoryWith } from '../../config/files.js';
import { freePort } from './official-servers.js';
import { answer, contextOf, watched } from './watched-servers.js';

const fixture = fileURLToPath(new URL('../../fixtures/mcp-server.mjs', import.meta.url));

function own(mode: string, more: Partial<StdioServerOptions> = {}, ...args: string[]): StdioServerOptions {
  return { name: 'own', command: process.execPath, args: [fixture, mode, ...args], ...more };
}

const sane: StdioServerOptions = { ...own('plain'), name: 'sane' };

describe('a server that cannot be used', () => {
  it.each([
    [
      'dies at once',
      own('dies'),
      /ended before it was ready \(exit code 7\); its last error output: "cannot open the vault"\.$/,
    ],
    ['says nothing', own('silent'), /did not answer in time; its last error output: "silent \d+"\.$/],
    ['writes something else', own('garbage'), /writes something other than MCP.*"Listening on port 80!"\.$/],
    ['dies when it is asked for its tools', own('list-dies'), /ended \(exit code 4\)\.$/],
    [
      'is not there',
      own('x', { command: 'no-such-program' }),
      /there is no program "no-such-program". Check "command"/,
    ],
    ['may not be run', own('x', { command: fixture }), /no permission to run/],
    ['has no directory', own('x', { cwd: '/no/such/place' }), /its "cwd" is not a directory\.$/],
    ['knows no way to begin', own('strange'), /refused to initialize|cannot be used/],
  ])('because it %s costs nothing but its tools', async (how, server, message) => {
    const connectMs = how === 'says nothing' ? 3000 : 10_000;
    const all = watched([server, sane], { timing: { connectMs, startMs: connectMs } });
    expect((await all.servers.tools(['own', 'sane'])).map(({ name }) => name)).toEqual(['sane__echo']);
    const failed = await all.event('failed');
    expect(failed).toMatchObject({ server: 'own', tools: [] });
    expect(failed.message).toMatch(/^The MCP server own /);
    expect(failed.message).toMatch(message);
    // It is not tried again at once.
    expect(await all.servers.tools(['own'])).toEqual([]);
    expect(all.events.filter(({ state }) => state === 'failed')).toHaveLength(1);
  });

  it('because it is only slow is not waited for, but used when it is ready', async () => {
    const all = watched([own('slow'), sane], { timing: { connectMs: 500 } });
    expect((await all.servers.tools(['own', 'sane'])).map(({ name }) => name)).toEqual(['sane__echo']);
    expect((await all.event('failed')).message).toBe(
      'The MCP server own is not ready after 0.5 s; its tools will be available as soon as it is.',
    );
    // A second request does not wait again.
    expect(await all.servers.tools(['own'])).toEqual([]);
    while ((await all.event('connected')).server !== 'own');
    await expect.poll(() => all.changes).toEqual(['own']);
    expect(await answer(await all.tool('own__echo'), {})).toBe('echo');
  });

  it('is tried again later', async () => {
    const mark = join(directoryWith(), 'mark');
    const all = watched([own('dies-every-second-time', {}, mark)], { timing: { retryFailedMs: 0 } });
    expect(await all.servers.tools(['own'])).toHaveLength(1);
    const other = watched([own('dies-every-second-time', {}, mark)], { timing: { retryFailedMs: 0 } });
    expect(await other.servers.tools(['own'])).toEqual([]);
    expect(await other.servers.tools(['own'])).toEqual([]);
    expect(other.events.map(({ state }) => state)).toEqual(['failed', 'failed']);
  });

  it('is not one that supports only the newest handshake', async () => {
    const all = watched([own('modern')]);
    expect(await answer(await all.tool('own__echo'), {})).toBe('echo');
  });

  it('may print a greeting first, and may have no tools', async () => {
    const all = watched([own('greeting'), { ...own('no-tools'), name: 'empty' }]);
    expect((await all.servers.tools(['own', 'empty'])).map(({ name }) => name)).toEqual(['own__echo']);
    expect(all.events.map(({ state }) => state)).toEqual(['connected', 'connected']);
  });
});

describe('a server on the network that cannot be used', () => {
  async function http(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return `http://127.0.0.1:${address.port}/mcp`;
  }

  it.each<[string, RequestListener, RegExp]>([
    [
      'refuses',
      (_, response) => response.writeHead(401).end('who are you'),
      /refused us \(HTTP 401\); check "headers"\.$/,
    ],
    [
      'is elsewhere',
      (_, response) => response.writeHead(404).end(),
      /does not offer MCP at this address \(HTTP 404\); check "url"\.$/,
    ],
    ['is broken', (_, response) => response.writeHead(500).end('oops'), /answered with HTTP 500: oops\.$/],
    [
      'is a web page',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
      /is not an MCP server: it answers with something other/,
    ],
    ['never answers', () => {}, /did not answer in time\.$/],
    [
      'never stops',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const more = () => {
          while (!response.destroyed && response.write('x'.repeat(1024 * 1024)));
        };
        response.on('drain', more);
        more();
      },
      /more than 16 MB/,
    ],
  ])('because it %s says so, without its secrets', async (how, listener, message) => {
    const url = await http(listener);
    const connectMs = how === 'never answers' ? 1000 : 10_000;
    const headers = { Authorization: 'Bearer abcdef-123456' };
    const all = watched([{ name: 'web', url: `${url}?key=hidden-value`, headers }], {
      timing: { connectMs },
    });
    expect(await all.servers.tools(['web'])).toEqual([]);
    const { message: said } = await all.event('failed');
    expect(said).toMatch(message);
    expect(`${said} ${all.lines.join(' ')}`).not.toMatch(/abcdef|hidden-value/);
  });

  it('because it redirects does not get our headers elsewhere', async () => {
    const asked: string[] = [];
    const other = await http((request, response) => {
      asked.push(String(request.headers.authorization));
      response.writeHead(200).end();
    });
    const url = await http((_, response) => response.writeHead(307, { location: other }).end());
    const all = watched([{ name: 'web', url, headers: { Authorization: 'Bearer abcdef-123456' } }]);
    expect(await all.servers.tools(['web'])).toEqual([]);
    expect((await all.event('failed')).message).toMatch(
      /is at another address \(HTTP 307\), where its headers are not sent; check "url"\.$/,
    );
    expect(asked).toEqual([]);
  });

  it('because nothing listens is reported so', async () => {
    const all = watched([{ name: 'web', url: `http://127.0.0.1:${await freePort()}/mcp` }]);
    expect(await all.servers.tools(['web'])).toEqual([]);
    expect((await all.event('failed')).message).toMatch(/nothing listens at this address\.$/);
  });
});

describe('tools of a server', () => {
  it('whose schema is broken are left out, with a reason', async () => {
    const all = watched([own('schemas', { approval: undefined })]);
    const tools = await all.servers.tools(['own']);
    expect(tools.map(({ name }) => name)).toEqual(['own__good', 'own__no-schema']);
    expect(all.events[0]?.message).toMatch(
      /lost-reference is left out: its schema refers to "#\/\$defs\/B", which does not exist\. no-object is left out: .*"string".* a tool is left out: its definition is invalid\./,
    );
    // Calls of a server that claims to be read-only need permission all the same.
    expect(tools[1]).toMatchObject({ approval: 'ask', description: 'no-schema' });
    const runner = createToolRunner(tools, { env: {} });
    expect(runner.specs[0]?.parameters).toEqual({
      type: 'object',
      properties: { a: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
      required: ['a'],
    });
  });

  it('have names every provider accepts, each its own', async () => {
    const all = watched([own('names')]);
    const names = (await all.servers.tools(['own'])).map(({ name }) => name);
    expect(new Set(names).size).toBe(4);
    for (const name of names) expect(name).toMatch(/^own__[A-Za-z0-9_-]{1,59}$/);
    expect(names[2]).toBe('own__with_space');
    // The same every time, so that what was allowed stays allowed.
    const again = watched([own('names')]);
    expect((await again.servers.tools(['own'])).map(({ name }) => name)).toEqual(names);
  });

  it('come in pages, but not endlessly', async () => {
    const all = watched([own('many')]);
    expect(await all.servers.tools(['own'])).toHaveLength(128);
    expect(all.events[0]?.message).toBe('Only the first 128 of 180 tools are used.');
  });

  it('are not read beyond a thousand', async () => {
    const all = watched([own('flood', { allow: ['t999', 't1000'] })]);
    const before = process.cpuUsage().user;
    expect((await all.servers.tools(['own'])).map(({ name }) => name)).toEqual(['own__t999']);
    expect((process.cpuUsage().user - before) / 1000).toBeLessThan(1500);
  });

  it('may have patterns of another regular expression dialect, which are left to the server', async () => {
    const all = watched([own('foreign', { approval: 'never' })]);
    const runner = createToolRunner(await all.servers.tools(['own']), { env: {} });
    const run = (callId: string, args: string) => runner.run({ callId, name: 'own__echo', arguments: args });
    expect(await run('1', '{"when":"2026","a":1}')).toMatchObject({ kind: 'finished', output: 'echo' });
    expect(await run('2', '{"id":"x"}')).toMatchObject({ code: 'arguments.invalid' });
    expect(await run('3', '{"n_1":"x"}')).toMatchObject({ code: 'arguments.invalid' });
  });

  it('may change while the session lasts', async () => {
    const all = watched([own('changing')]);
    const grow = await all.tool('own__grow');
    expect(await answer(grow, {})).toBe('grown');
    expect((await all.event('changed')).tools).toEqual(['own__first', 'own__grow', 'own__second']);
    expect(all.changes).toEqual(['own']);
    expect(await all.servers.tools(['own'])).toHaveLength(3);
  });
});

it('tools that change while they are listed for the first time are listed again', async () => {
  const all = watched([own('changing-early')]);
  await all.servers.tools(['own']);
  expect((await all.event('changed')).tools).toEqual(['own__echo', 'own__second']);
  expect(all.changes).toEqual(['own']);
});

it('tools that keep changing are listed now and then', async () => {
  const all = watched([own('restless')], { timing: { relistMs: 400 } });
  await all.servers.tools(['own']);
  await all.event('changed');
  const before = performance.now();
  await all.event('changed');
  await all.event('changed');
  expect(performance.now() - before).toBeGreaterThan(700);
});

describe('a call', () => {
  const calls = own('calls', { env: { SECRET_TOKEN: 'very-secret' }, approval: 'never' });

  it('may answer with 10 MB, of which the model gets a part', async () => {
    const all = watched([calls]);
    const runner = createToolRunner(await all.servers.tools(['own']), { env: {} });
    const outcome = await runner.run({ callId: '1', name: 'own__echo', arguments: '{"what":"huge"}' });
    expect(outcome).toMatchObject({ kind: 'finished' });
    expect(outcome.kind === 'finished' && outcome.output.length).toBeLessThan(70_000);
  });

  it('with an oversized answer ends the connection, which is restored', async () => {
    const all = watched([calls]);
    const echo = await all.tool('own__echo');
    expect(await answer(echo, { what: 'endless' })).toMatch(/was lost during the call/);
    expect((await all.event('lost')).message).toMatch(/sent a message of more than 16 MB/);
    await all.event('restored');
  });

  it('that kills the server fails with its last error output', async () => {
    const all = watched([calls]);
    const echo = await all.tool('own__echo');
    expect(await answer(echo, { what: 'die' })).toMatch(/was lost during the call/);
    expect((await all.event('lost')).message).toMatch(
      /ended \(exit code 3\); its last error output: "about to die"/,
    );
    await all.event('restored');
    expect(all.changes).toEqual([]);
  });

  it('that is cancelled is cancelled at the server', async () => {
    const all = watched([calls]);
    const echo = await all.tool('own__echo');
    const stop = new AbortController();
    const waiting = answer(echo, { what: 'nothing' }, contextOf({ signal: stop.signal }));
    await all.line(/never to be answered/);
    stop.abort();
    expect(await waiting).toMatch(/^failed: /);
    expect(await all.line(/cancelled \d+/)).toMatch(/^mcp own: cancelled/);
  });

  it('gets a small environment and its own variables; the log contains no secret', async () => {
    const all = watched([calls], { env: { ...process.env, OPENAI_API_KEY: 'sk-none-of-your-business' } });
    const seen = await answer(await all.tool('own__echo'), { what: 'environment' });
    expect(seen).toContain('very-secret');
    expect(seen).toContain('"PATH"');
    expect(seen).not.toContain('none-of-your-business');
    expect(all.lines.join('\n')).not.toContain('very-secret');
  });
});

describe('the end of a session', () => {
  /** `Z` is a zombie, which has ended already. */
  async function over(pid: number): Promise<void> {
    for (;;) {
      const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=', '-p', String(pid)]).catch(() => ({
        stdout: '',
      }));
      if (/^\s*(Z|$)/.test(stdout)) return;
    }
  }

  it('ends programs and what they started, even those that ignore SIGTERM', async () => {
    const all = watched([own('stubborn')]);
    const echo = await all.tool('own__echo');
    const pid = Number(await answer(echo, { what: 'pid' }));
    const child = Number(await answer(echo, { what: 'child' }));
    expect(pid * child).toBeGreaterThan(0);
    await all.servers.close();
    await Promise.all([over(pid), over(child)]);
    await all.servers.close();
    expect(await all.servers.tools(['own'])).toEqual([]);
    expect(all.events.map(({ state }) => state)).toEqual(['connected']);
  });

  it.each([
    ['ends without a word', 'process.exit(0)'],
    ['is killed', "process.kill(process.pid, 'SIGKILL')"],
  ])('leaves nothing behind when this process %s', async (_, leave) => {
    const script = `
      import { createMcpServers } from ${JSON.stringify(new URL('../../../src/tools/mcp/mcp-servers.ts', import.meta.url).href)};
      const servers = createMcpServers([${JSON.stringify(own('stubborn'))}], { env: process.env, version: '1' });
      const [echo] = await servers.tools(['own']);
      const context = { signal: new AbortController().signal, callId: '1', env: {}, context: undefined, progress() {} };
      console.log(await echo.execute({ what: 'pid' }, context), await echo.execute({ what: 'child' }, context));
      ${leave};
    `;
    const hooks = fileURLToPath(new URL('../../typescript-hooks.mjs', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--import',
      hooks,
      '--input-type=module',
      '--eval',
      script,
    ]).catch((error: { stdout: string }) => error);
    const [pid = 0, child = 0] = stdout.split(' ').map(Number);
    expect(pid * child).toBeGreaterThan(0);
    await Promise.all([over(pid), over(child)]);
  });

  it('may come while a server is being reconnected', async () => {
    const mark = join(directoryWith(), 'mark');
    const all = watched([own('slow-second-time', {}, mark)], { timing: { retryMs: [0] } });
    const pid = Number(await answer(await all.tool('own__echo'), {}));
    process.kill(pid, 'SIGKILL');
    const second = /second (\d+)/.exec(await all.line(/second \d+/))?.[1];
    await all.servers.close();
    await over(Number(second));
    expect(all.events.map(({ state }) => state)).toEqual(['connected', 'lost']);
  });

  it('does not wait for a server that is still being connected', async () => {
    const all = watched([own('silent')]);
    const tools = all.servers.tools(['own']);
    const pid = Number(/silent (\d+)/.exec(await all.line(/silent \d+/))?.[1]);
    await all.servers.close();
    await over(pid);
    expect(await tools).toEqual([]);
    expect(all.events).toEqual([]);
  });

  it('leaves no program behind that was just starting', async () => {
    const { sdk } = await import('../../../src/tools/mcp/sdk.js');
    expect(sdk.Client).toBeDefined(); // loaded: the program starts with the next steps
    const all = watched([own('silent', {}, 'only-just-starting')]);
    const tools = all.servers.tools(['own']);
    await new Promise(setImmediate);
    await all.servers.close();
    const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'stat=,args=']);
    expect(stdout.split('\n').filter((line) => /^[^Z].*only-just-starting/.test(line))).toEqual([]);
    expect(await tools).toEqual([]);
  });
});

it('names of servers are checked', () => {
  expect(() => watched([own('x', { name: 'a b' })])).toThrow('"a b" cannot be the name of an MCP server.');
  expect(() => watched([own('x'), own('y')])).toThrow('"own" is the name of two MCP servers.');
});
