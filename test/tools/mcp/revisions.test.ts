import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isObject, type JsonObject } from '../../../src/base/json.js';
import type { McpServerOptions } from '../../../src/tools/mcp/mcp-server.js';
import { directoryWith } from '../../config/files.js';
import { answer, watched } from './watched-servers.js';

interface Received {
  readonly message: JsonObject;
  readonly headers: IncomingHttpHeaders;
}

const echo = { name: 'echo', description: 'Echoes', inputSchema: { type: 'object', properties: {} } };
const said = { content: [{ type: 'text', text: 'VALUE 42' }] };

/** A server on the network; `reply` answers each request. Returns its address, and what it received. */
async function onNetwork(reply: (received: Received, response: ServerResponse) => void) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    if (request.method !== 'POST') {
      response.writeHead(405).end();
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const message: unknown = JSON.parse(Buffer.concat(chunks).toString());
      const one = { message: isObject(message) ? message : {}, headers: request.headers };
      received.push(one);
      if (one.message.id === undefined) response.writeHead(202).end();
      else reply(one, response);
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}/mcp`, received };
}

function json(response: ServerResponse, { message }: Received, body: object, headers = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ jsonrpc: '2.0', id: message.id, ...body }));
}

const discovered = { resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities: { tools: {} } };

describe('a server of revision 2026-07-28 alone', () => {
  const region = { type: 'string', 'x-mcp-header': 'Region' };
  const tools = [
    { ...echo, inputSchema: { type: 'object', properties: { region } } },
    {
      ...echo,
      name: 'wrong',
      inputSchema: { type: 'object', properties: { a: { ...region, type: 'number' } } },
    },
  ];

  it('on the network is used with its headers, and wrong tools are left out', async () => {
    const { url, received } = await onNetwork((one, response) => {
      const { method } = one.message;
      const cached = { ttlMs: 0, cacheScope: 'private' };
      if (method === 'server/discover') return json(response, one, { result: { ...discovered, ...cached } });
      if (method === 'tools/list') {
        return json(response, one, { result: { resultType: 'complete', tools, ...cached } });
      }
      if (method === 'tools/call')
        return json(response, one, { result: { resultType: 'complete', ...said } });
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32_601, message: 'Unknown' } }),
      );
    });
    const all = watched([{ name: 'new', url }]);
    const tool = await all.tool('new__echo');
    expect(all.events[0]?.message).toBe(
      'wrong is left out: the x-mcp-header in its schema is for texts, integers and booleans only.',
    );
    expect(await answer(tool, { region: 'eu' })).toBe('VALUE 42');
    expect(received.map(({ message }) => message.method)).toEqual([
      'server/discover',
      'tools/list',
      'tools/call',
    ]);
    const [, , call] = received;
    expect(call?.headers).toMatchObject({
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'echo',
      'mcp-param-region': 'eu',
    });
    expect(Object(call?.message.params)._meta).toMatchObject({
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'voxterm', version: '1.2.3' },
      'io.modelcontextprotocol/clientCapabilities': {},
    });
  });
});

describe('a server of revision 2026-07-28', () => {
  const results: Record<string, object> = {
    'server/discover': discovered,
    'tools/list': { tools: [{ name: 'bare' }, echo, { description: 'nameless' }] },
  };
  const newer = (answers: Record<string, object>) =>
    onNetwork((one, response) => {
      const result = { ...results, ...answers }[String(one.message.method)];
      if (result !== undefined) return json(response, one, { result });
      response.writeHead(400).end('initialize is gone');
    });

  it('is used without the members that results must have, and one wrong tool costs just itself', async () => {
    const { url } = await newer({ 'tools/call': said });
    const all = watched([{ name: 'new', url }]);
    expect(await answer(await all.tool('new__echo'), {})).toBe('VALUE 42');
    expect(await answer(await all.tool('new__bare'), {})).toBe('VALUE 42');
    expect(all.events[0]?.message).toBe('a tool is left out: its definition is invalid.');
  });

  const elicitation = { method: 'elicitation/create', params: { message: 'Name?', requestedSchema: {} } };
  it.each<[object, string]>([
    [
      { resultType: 'input_required', inputRequests: { a: elicitation } },
      'The server new asks for input, which is not supported.',
    ],
    [
      { resultType: 'partial', ...said },
      'The server new returned a result of type "partial", which is not supported.',
    ],
  ])('says which result is not supported: %j', async (result, message) => {
    const { url } = await newer({ 'tools/call': result });
    expect(await answer(await watched([{ name: 'new', url }]).tool('new__echo'), {})).toBe(
      `failed: ${message}`,
    );
  });

  it('names its revisions when all of them are later', async () => {
    const supportedVersions = ['2031-01-01', '2032-02-02'];
    const { url } = await newer({ 'server/discover': { ...discovered, supportedVersions } });
    const all = watched([{ name: 'new', url }]);
    expect(await all.servers.tools(['new'])).toEqual([]);
    expect((await all.event('failed')).message).toBe(
      'The MCP server new speaks only these revisions of MCP: 2031-01-01, 2032-02-02. ' +
        'Revisions up to 2026-07-28 are supported.',
    );
  });

  it('is used in an older revision when it names later ones alone, but accepts the handshake', async () => {
    const handshake = { protocolVersion: '2025-06-18', capabilities: { tools: {} } };
    const { url } = await newer({
      'server/discover': { ...discovered, supportedVersions: ['2031-01-01'] },
      initialize: handshake,
      'tools/call': said,
    });
    expect(await answer(await watched([{ name: 'new', url }]).tool('new__echo'), {})).toBe('VALUE 42');
  });
});

/** A server of an older revision; `refuse` answers a question that comes before the handshake. */
function older(refuse: (response: ServerResponse, one: Received) => void) {
  return onNetwork((one, response) => {
    const { method, params } = one.message;
    if (method === 'initialize') {
      const { protocolVersion } = Object(params);
      const server = { capabilities: { tools: {} }, serverInfo: { name: 'old', version: '1' } };
      return json(response, one, { result: { protocolVersion, ...server } }, { 'mcp-session-id': 's1' });
    }
    if (one.headers['mcp-session-id'] === undefined) return refuse(response, one);
    if (method === 'tools/list') return json(response, one, { result: { tools: [echo] } });
    json(response, one, { result: said });
  });
}

describe('an older server on the network is used as before', () => {
  it.each<[string, (response: ServerResponse, one: Received) => void]>([
    ['400 with a word', (response) => response.writeHead(400).end('Bad Request: no session')],
    [
      '400 with a message',
      (response) =>
        response
          .writeHead(400, { 'content-type': 'application/json' })
          .end('{"jsonrpc":"2.0","error":{"code":-32000,"message":"Server not initialized"},"id":null}'),
    ],
    ['404', (response) => response.writeHead(404).end('{"error":"Invalid session ID"}')],
    ['500', (response) => response.writeHead(500).end('oops')],
    ['405', (response) => response.writeHead(405).end()],
    [
      'an error',
      (response, one) => json(response, one, { error: { code: -32_601, message: 'Method not found' } }),
    ],
    ['an error as text', (response, one) => json(response, one, { error: 'unknown method' })],
    ['an empty result', (response, one) => json(response, one, { result: {} })],
    ['a web page', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>')],
    ['a closed connection', (response) => response.destroy()],
  ])('when it answers the first question with %s', async (_, refuse) => {
    const { url } = await older(refuse);
    expect(await answer(await watched([{ name: 'old', url }]).tool('old__echo'), {})).toBe('VALUE 42');
  });
});

describe('a failure over HTTP', () => {
  const failing = (method: string, status: number, body: string) =>
    onNetwork((one, response) => {
      const asked = one.message.method;
      if (asked === method) return response.writeHead(status).end(body);
      const handshake = { protocolVersion: '2025-06-18', capabilities: { tools: {} } };
      const result =
        asked === 'initialize' ? handshake : asked === 'tools/list' ? { tools: [echo] } : undefined;
      return json(response, one, result === undefined ? { error: 'no' } : { result });
    });
  const rpc = '{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"disk is full"}}';

  it.each([
    [500, rpc, 'answered with HTTP 500: disk is full.'],
    [500, 'disk is full', 'answered with HTTP 500: disk is full.'],
    [500, '<h1>oops</h1>', 'answered with HTTP 500. Try again in a moment.'],
    [400, '{"detail":"disk is full"}', 'answered with HTTP 400: disk is full.'],
    [400, '{"detail":[{"msg":"no path"}]}', 'answered with HTTP 400: [{"msg":"no path"}].'],
    [400, '{"code":7}', 'answered with HTTP 400: {"code":7}.'],
    [400, '', 'answered with HTTP 400.'],
    [
      401,
      '{"error":"invalid_token"}',
      'answered with HTTP 401: invalid_token. It refuses access: check "headers".',
    ],
    [429, '{"error":"too many"}', 'answered with HTTP 429: too many. Try again in a moment.'],
  ])('of a call is told in the words of the server: %i %s', async (status, body, message) => {
    const { url } = await failing('tools/call', status, body);
    expect(await answer(await watched([{ name: 'own', url }]).tool('own__echo'), {})).toBe(
      `failed: The server own ${message}`,
    );
  });

  it('of the list of tools is told in words', async () => {
    const { url } = await failing('tools/list', 500, rpc);
    const all = watched([{ name: 'own', url }]);
    expect(await all.servers.tools(['own'])).toEqual([]);
    expect((await all.event('failed')).message).toBe(
      'The MCP server own cannot list its tools: HTTP 500: disk is full.',
    );
  });
});

describe('an older program is used as before', () => {
  /** Answers everything but the first question, with which it does what `first` says. */
  const program = (first: string): McpServerOptions => ({
    name: 'old',
    command: process.execPath,
    args: [
      '-e',
      `const send = (id, result) => console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
      let handshake = false;
      require('node:readline').createInterface(process.stdin).on('line', (line) => {
        const { id, method, params } = JSON.parse(line);
        if (method === 'initialize') {
          handshake = true;
          send(id, { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'o', version: '1' } });
        } else if (!handshake) { ${first} }
        else if (method === 'tools/list') send(id, { tools: [${JSON.stringify(echo)}] });
        else if (method === 'tools/call') send(id, ${JSON.stringify(said)});
      });`,
    ],
  });

  it.each([
    ['ends', 'process.exit(1)'],
    ['says nothing', ''],
    ['sends an empty result', 'send(id, {})'],
    ['sends an error as text', "console.log(JSON.stringify({ id, error: 'not yet' }))"],
  ])('when it %s at the first question', async (_, first) => {
    const all = watched([program(first)]);
    expect(await answer(await all.tool('old__echo'), {})).toBe('VALUE 42');
    expect(all.events.map(({ state }) => state)).toEqual(['connected']);
  });
});

describe('a server that has forgotten the session', () => {
  async function forgetful(status: number, forgetsAgain = false) {
    let session = 0;
    let forgotten = false;
    const { url, received } = await onNetwork((one, response) => {
      const { method, params } = one.message;
      if (method === 'server/discover') return json(response, one, { error: 'no' });
      if (method === 'initialize') {
        session += 1;
        const { protocolVersion } = Object(params);
        const server = { capabilities: { tools: {} }, serverInfo: { name: 'o', version: '1' } };
        return json(
          response,
          one,
          { result: { protocolVersion, ...server } },
          { 'mcp-session-id': `s${session}` },
        );
      }
      if (method === 'tools/call' && forgetsAgain) session += 1;
      const known = one.headers['mcp-session-id'] === `s${session}` && !forgotten;
      if (!known) {
        forgotten = false;
        response.writeHead(status).end('{"error":{"message":"Session not found"}}');
        return undefined;
      }
      if (method === 'tools/list') return json(response, one, { result: { tools: [echo] } });
      return json(response, one, { result: method === 'tools/call' ? said : {} });
    });
    const calls = () => received.filter(({ message }) => message.method === 'tools/call').length;
    return {
      url,
      calls,
      forget: () => {
        session += 100;
      },
    };
  }

  it.each([404, 400])('is asked again on a new connection (%i)', async (status) => {
    const { url, calls, forget } = await forgetful(status);
    const all = watched([{ name: 'own', url }]);
    const tool = await all.tool('own__echo');
    expect(await answer(tool, {})).toBe('VALUE 42');
    forget();
    expect(await answer(tool, {})).toBe('VALUE 42');
    expect((await all.event('lost')).message).toBe(
      `The MCP server own has forgotten the session (HTTP ${status}). Trying to reconnect.`,
    );
    await all.event('restored');
    expect(calls()).toBe(3);
  });

  it('is not asked a third time', async () => {
    const { url, calls } = await forgetful(404, true);
    const tool = await watched([{ name: 'own', url }]).tool('own__echo');
    expect(await answer(tool, {})).toBe(
      'failed: The server own has forgotten the session (HTTP 404). The tool was not run.',
    );
    expect(calls()).toBe(2);
  });
});

it('a handshake that nobody can read is explained in words', async () => {
  const { url } = await onNetwork((one, response) => {
    const { method } = one.message;
    json(response, one, method === 'initialize' ? { result: { capabilities: {} } } : { error: 'no' });
  });
  const all = watched([{ name: 'own', url }]);
  expect(await all.servers.tools(['own'])).toEqual([]);
  const { message } = await all.event('failed');
  expect(message).toMatch(/^The MCP server own cannot be .*protocolVersion: .*expected string/);
  expect(message).not.toMatch(/[[{]/);
});

it('an answer that is nested without end harms nothing', async () => {
  const depth = 100_000;
  const deep = `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  const answers = {
    initialize: {
      protocolVersion: '2025-06-18',
      capabilities: { tools: {} },
      serverInfo: { name: 'o', version: '1' },
    },
    'tools/list': { tools: [echo] },
  };
  const script = `const answers = ${JSON.stringify(answers)};
    let calls = 0;
    require('node:readline').createInterface(process.stdin).on('line', (line) => {
      const { id, method } = JSON.parse(line);
      const write = (result) => console.log('{"jsonrpc":"2.0","id":' + JSON.stringify(id) + ',"result":' + result + '}');
      if (method === 'tools/call') {
        write('{"content":[{"type":"text","text":"VALUE 42"}]' + (calls++ === 0 ? ',"x":${deep}}' : '}'));
      } else if (id !== undefined) write(JSON.stringify(answers[method] ?? {}));
    });`;
  const directory = directoryWith({ 'deep.cjs': script });
  const command = { command: process.execPath, args: [join(directory, 'deep.cjs')] };
  const tool = await watched([{ name: 'deep', ...command }]).tool('deep__echo');
  expect(await answer(tool, {})).toBe('VALUE 42');
  expect(await answer(tool, {})).toBe('VALUE 42');
});
