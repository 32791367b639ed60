import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AskHome, type AskOptions, type AskRun } from './ask-driver.js';
import { type Cast, casts } from './dialect-casts.js';
import { serveDialect } from './dialect-story.js';
import { connectionOf, refusing, saying, serve } from './hostile-server.js';

const secret = 'sk-hunter2-hunter2';
const tls = (name: string): string => fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));

/** `voxterm ask --text hi --json`, as somebody who tries a provider for the first time. */
async function ask(cast: Cast, url: string | undefined, env: AskOptions['env'] = {}): Promise<AskRun> {
  const address = url === undefined ? [] : ['--url', url];
  const run = await new AskHome().run(
    ['--text', 'hi', '--json', '--provider', cast.provider, '--model', cast.model ?? 'm', ...address],
    { env: { ...cast.env, [cast.variable]: secret, ...env } },
  );
  expect(run.stdout + run.stderr).not.toContain('hunter2');
  return run;
}

/** One sentence, one hint, the right code; the same in the result line of the NDJSON. */
function expectEnding(run: AskRun, [code, words, hint]: readonly [number, RegExp, RegExp]): void {
  const [, sentence = '', remedy = ''] = /^error: (.+)\nhint: (.+)\n$/.exec(run.stderr) ?? [];
  expect(run.stderr).toMatch(/^error: .+\nhint: .+\n$/);
  expect(sentence).toMatch(words);
  expect(remedy).toMatch(hint);
  expect(run.code).toBe(code);
  expect(run.result).toMatchObject({ exitCode: code, message: sentence, turns: 0 });
}

const error = (code: string, message: string) => ({
  type: 'error',
  error: { type: 'invalid_request_error', code, message, param: null, event_id: null },
});

describe.each([casts.openai, casts.gemini, casts.yandex])('ask --provider $provider', (cast) => {
  it('without a key says where one comes from, and how to do without', async () => {
    const run = await ask(cast, undefined, { [cast.variable]: undefined });
    expectEnding(run, [3, /needs a key, and .*(is|are) (not )?set/, /https:\/\/.*--provider local/]);
    expect(run.stderr).toContain(cast.variable);
  });

  it('with a wrong key', { timeout: 30_000 }, async () => {
    const { url } = await serveDialect(cast.dialect, { turns: [{ heard: 'Hello.' }] }, 'the-right-key');
    expectEnding(await ask(cast, url), [3, /not accept the key/, new RegExp(cast.variable)]);
  });

  it.each([
    ['401 Unauthorized', `{"error":{"message":"Wrong: ${secret}"}}`, 3, /Wrong: \[secret\]/, /key|KEY/],
    ['404 Not Found', '', 5, /HTTP 404/, /--model/],
    [
      '429 Too Many Requests',
      '{"error":{"message":"You exceeded your current quota."}}',
      5,
      /limit is used up/,
      /credit|billing/,
    ],
    ['503 Service Unavailable', '', 5, /in trouble/, /Try again/],
  ] as const)('refused with %s', { timeout: 30_000 }, async (status, body, code, words, hint) => {
    const { url } = await serve(refusing(status, body));
    expectEnding(await ask(cast, url), [code, words, hint]);
  });

  it.each([
    [1000, '', 6, /ended the session/],
    [1005, '', 6, /ended the session/],
    [1008, 'policy', 5, /It says: policy/],
    [1011, 'boom', 6, /It says: boom/],
    [4000, 'invalid_request_error.beta_api_shape_disabled', 5, /beta dialect/],
  ] as const)('let in and closed with %i', { timeout: 30_000 }, async (close, reason, code, words) => {
    const script = saying(({ socket }) => (close === 1005 ? socket.close() : socket.close(close, reason)));
    const { url } = await serve(script);
    const run = await ask(cast, url);
    expectEnding(run, [code, words, /./]);
    expect(run.stderr).not.toContain('Start again to continue');
  });

  it('let in and cut off', { timeout: 30_000 }, async () => {
    const { url } = await serve(saying(({ socket }) => connectionOf(socket).destroy()));
    const hint = new RegExp(`voxterm doctor --provider ${cast.provider}`);
    expectEnding(await ask(cast, url), [6, /connection to the server was lost/, hint]);
  });

  it('told that there is no such model', { timeout: 30_000 }, async () => {
    const sentence = 'models/m is not found for API version v1beta.';
    const { url } = await serve(saying(({ send }) => send(error('model_not_found', sentence))));
    expectEnding(await ask(cast, url), [5, /is not found/, /--model/]);
  });

  it('at nobody', { timeout: 30_000 }, async () => {
    expectEnding(await ask(cast, 'ws://127.0.0.1:1'), [6, /Nothing answers at 127\.0\.0\.1:1/, /--url/]);
    expectEnding(await ask(cast, 'wss://nowhere.invalid'), [6, /no address for nowhere\.invalid/, /--url/]);
  });
});

/** Each of them waits for twenty seconds. */
it('a server that is silent, or speaks in riddles, is left with what it said', {
  timeout: 60_000,
}, async () => {
  const silent = await serve(saying(() => {}));
  const foreign = await serve(saying(({ send }) => send('40{"sid":"x"}')));
  const failing = await serve(saying(({ send }) => send(error('whatever', 'Something is wrong.'))));
  const runs = await Promise.all([
    ask(casts.openai, silent.url),
    ask(casts.gemini, silent.url),
    ask(casts.openai, foreign.url),
    ask(casts.yandex, failing.url),
  ]);
  const words = [
    /never became ready\.$/,
    /never became ready\.$/,
    /not a JSON object/,
    /It says: Something is wrong/,
  ];
  for (const [index, run] of runs.entries()) expectEnding(run, [6, words[index] ?? /^$/, /URL/]);
});

async function listening(server: Server): Promise<number> {
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe('a secure connection', () => {
  const serveWith = (certificate: string): Promise<number> =>
    listening(createTlsServer({ key: readFileSync(tls('key.pem')), cert: readFileSync(tls(certificate)) }));
  const trust = (certificate: string) => ({ NODE_EXTRA_CA_CERTS: tls(certificate) });

  it('to a certificate nobody vouches for', { timeout: 30_000 }, async () => {
    const port = await serveWith('certificate.pem');
    const ending = [6, /not signed by an authority that this machine trusts/, /NODE_EXTRA_CA_CERTS/] as const;
    expectEnding(await ask(casts.openai, `wss://127.0.0.1:${port}`), ending);
  });

  it('to one that has expired', { timeout: 30_000 }, async () => {
    const port = await serveWith('expired.pem');
    const run = await ask(casts.openai, `wss://127.0.0.1:${port}`, trust('expired.pem'));
    expectEnding(run, [6, /has expired/, /clock/]);
  });

  it('to one of another name', { timeout: 30_000 }, async () => {
    const port = await serveWith('certificate.pem');
    const run = await ask(casts.openai, `wss://0.0.0.0:${port}`, trust('certificate.pem'));
    expectEnding(run, [6, /belongs to another name/, /--url/]);
  });

  it('to a server without TLS, and the other way round', { timeout: 30_000 }, async () => {
    const plain = await listening(createServer());
    expectEnding(await ask(casts.openai, `wss://127.0.0.1:${plain}`), [6, /does not speak TLS/, /ws:\/\//]);
    const secure = await serveWith('certificate.pem');
    expectEnding(await ask(casts.openai, `ws://127.0.0.1:${secure}`), [6, /cut the connection/, /wss:\/\//]);
  });
});

describe('behind a proxy', () => {
  it.each([
    ['407 Proxy Authentication Required', /does not let us through \(HTTP 407\)/, /USER:PASSWORD/],
    ['403 Forbidden', /does not let us through \(HTTP 403\)/, /NO_PROXY/],
  ])('that says %s', { timeout: 30_000 }, async (status, words, hint) => {
    const proxy = createServer();
    proxy.on('connect', (_request, socket) => socket.end(`HTTP/1.1 ${status}\r\ncontent-length: 0\r\n\r\n`));
    const port = await listening(proxy);
    const env = { HTTPS_PROXY: `http://me:hunter2@127.0.0.1:${port}` };
    expectEnding(await ask(casts.openai, 'wss://example.org', env), [6, words, hint]);
  });

  it('that is not there', { timeout: 30_000 }, async () => {
    const run = await ask(casts.openai, 'wss://example.org', { HTTPS_PROXY: 'http://127.0.0.1:1' });
    expectEnding(run, [6, /Nothing answers at the proxy 127\.0\.0\.1:1/, /HTTPS_PROXY/]);
  });
});
