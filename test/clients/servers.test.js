import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { LLMock } from '@copilotkit/aimock';

const program = fileURLToPath(new URL('../../bin/voxterm.js', import.meta.url));
const question = fileURLToPath(new URL('../fixtures/audio/question.wav', import.meta.url));
const tool = `export default {
  name: 'add',
  description: 'Adds two numbers.',
  parameters: { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } } },
  execute: ({ a, b }) => ({ sum: a + b }),
};`;

/** Its server of the Realtime API was written after recordings of the real one. It hears and says no sound. */
describe('@copilotkit/aimock', () => {
  const mock = new LLMock({ port: 0, latency: 2, chunkSize: 6, logLevel: 'silent' });
  let folder;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voxterm-servers-'));
    await writeFile(join(folder, 'add.mjs'), tool);
    await writeFile(join(folder, 'by-hand.json'), JSON.stringify({ turns: { type: 'none' } }));
    const call = { name: 'add', arguments: '{"a":17,"b":4}' };
    mock.addFixture({ match: { userMessage: 'hello' }, response: { content: 'Hello from somebody else.' } });
    mock.addFixture({
      match: { userMessage: 'add', hasToolResult: false },
      response: { content: 'Let me see.', toolCalls: [call, { name: 'get_time', arguments: '{}' }] },
    });
    mock.addFixture({
      match: { userMessage: 'add', hasToolResult: true },
      response: ({ messages }) => ({ content: `It is ${sumIn(messages)}.` }),
    });
    mock.addFixture({
      match: { userMessage: 'break off' },
      response: { content: 'I will not come to the end of this. '.repeat(9) },
      latency: 50,
      disconnectAfterMs: 300,
    });
    mock.addFixture({
      match: { userMessage: 'fail' },
      response: {
        error: { message: 'Rate limit reached.', type: 'requests', code: 'rate_limit_exceeded' },
        status: 429,
      },
    });
    mock.addFixture({
      match: { predicate: ({ messages }) => messages.length === 0 },
      response: { content: 'I heard you.' },
    });
    await mock.start();
  });
  after(async () => {
    await mock.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** `voxterm ask --json`: how it ended, its events, and what it complained about. */
  async function ask(args, url = mock.url.replace(/^http/, 'ws')) {
    const flags = [
      '--provider',
      'openai',
      '--url',
      url,
      '--tool',
      './add.mjs',
      '--tool',
      'get_time',
      '--json',
    ];
    const child = spawn(process.execPath, [program, 'ask', ...args, ...flags], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: folder, XDG_CONFIG_HOME: folder },
    });
    let stdout = '';
    let complaints = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      complaints += chunk;
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const result = events.at(-1);
    assert.equal(result.type, 'result');
    assert.equal(result.exitCode, code);
    return { code, events, result, complaints };
  }

  test('answers a typed question', { timeout: 20_000 }, async () => {
    const { code, result, complaints } = await ask(['--text', 'hello']);
    assert.deepEqual([code, complaints], [0, '']);
    assert.deepEqual([result.heard, result.said], [['hello'], ['Hello from somebody else.']]);
  });

  test('has tools called, and uses what they return', { timeout: 20_000 }, async () => {
    const { code, result, complaints } = await ask([
      '--text',
      'add',
      '--expect-tool',
      'add',
      '--expect-said',
      '21',
    ]);
    assert.deepEqual([code, complaints], [0, '']);
    assert.deepEqual(result.said, ['Let me see.', 'It is 21.']);
    assert.deepEqual(
      result.tools.map(({ name, ok }) => [name, ok]),
      [
        ['add', true],
        ['get_time', true],
      ],
    );
  });

  test('answers a recording whose end is said by hand', { timeout: 30_000 }, async () => {
    const { code, result, complaints } = await ask([question, '--config', 'by-hand.json']);
    assert.deepEqual([code, complaints, result.said], [0, '', ['I heard you.']]);
  });

  test('is told apart from one that listens', { timeout: 30_000 }, async () => {
    const { code, complaints } = await ask([question]);
    assert.equal(code, 2);
    assert.match(complaints, /^error: The provider noticed no speech in .+question\.wav"\.\nhint: .+\n$/);
  });

  test('breaks off, and what was said is kept', { timeout: 20_000 }, async () => {
    const { code, result, complaints } = await ask(['--text', 'break off']);
    assert.equal(code, 6);
    assert.match(complaints, /^error: The connection to the server was lost.*\nhint: .+\n$/);
    assert.match(result.said[0], /^I will not/);
  });

  test('fails, and its words are told', { timeout: 20_000 }, async () => {
    const { code, complaints } = await ask(['--text', 'fail']);
    assert.deepEqual([code, complaints], [5, 'error: Rate limit reached.\n']);
  });

  test('refuses the beta, if somebody on the way asks for it', { timeout: 20_000 }, async () => {
    const proxy = await betaProxy(Number(new URL(mock.url).port));
    const { code, complaints } = await ask(['--text', 'hello'], proxy.url);
    proxy.close();
    assert.equal(code, 5);
    assert.match(
      complaints,
      /^error: The Realtime Beta API is no longer supported\..*\nhint: .*OpenAI-Beta\.\n$/,
    );
  });
});

function sumIn(messages) {
  const results = messages.filter(({ role }) => role === 'tool').map(({ content }) => JSON.parse(content));
  return results.find(({ sum }) => sum !== undefined)?.sum;
}

/** Passes everything on, and adds the header of the beta to the request. */
async function betaProxy(port) {
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) socket.on('error', () => {});
    client.once('data', (request) => {
      upstream.write(
        request.toString('latin1').replace('\r\n', '\r\nOpenAI-Beta: realtime=v1\r\n'),
        'latin1',
      );
      client.pipe(upstream);
    });
    upstream.pipe(client);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `ws://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
