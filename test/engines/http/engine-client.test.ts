import { describe, expect, test } from 'vitest';
import { adviceOn } from '../../../src/cli/advice.js';
import { VoxtermError } from '../../../src/contract/failure.js';
import { engineAddress } from '../../../src/engines/http/engine-address.js';
import { EngineClient } from '../../../src/engines/http/engine-client.js';
import { TestProxy } from '../../network/test-proxy.js';
import { broken, FakeEngines, json, mute, page, stream } from '../fake-engines.js';

const never = new AbortController().signal;

function clientOf(url: string, more: { timeoutMs?: number; keyVariable?: string } = {}): EngineClient {
  const env = { KEY: 'sk-secret-0123' };
  return new EngineClient(engineAddress('think', { url, timeoutMs: 2000, ...more }, { env }));
}

async function failureOf(work: Promise<unknown>): Promise<VoxtermError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof VoxtermError) return error;
  throw new Error(`expected a VoxtermError, got ${String(error)}`);
}

async function whole(client: EngineClient): Promise<Readonly<Record<string, unknown>>> {
  return (await client.ask({ path: '/models' }, never)).object();
}

describe('a working engine', () => {
  test('is requested below its address, with its key in a header', async () => {
    const fake = await FakeEngines.start({ '/v1/models?v=1': json(200, { data: [] }) });
    expect(await whole(clientOf(`${fake.url}/?v=1`, { keyVariable: 'KEY' }))).toEqual({ data: [] });
    expect(fake.asked[0]).toMatchObject({
      method: 'GET',
      headers: { authorization: 'Bearer sk-secret-0123' },
    });
  });

  test('a kept-alive connection that the server has closed is opened again', async () => {
    let broke = false;
    const fake = await FakeEngines.start({
      '/v1/models': (asked, response) => {
        if (broke) return json(200, { ok: true })(asked, response);
        broke = true;
        response.destroy();
      },
    });
    expect(await whole(clientOf(fake.url))).toEqual({ ok: true });
  });
});

describe('a failure names the engine and what to do', () => {
  test.each([
    [
      401,
      { error: { message: 'bad key sk-secret-0123' } },
      /refused access \(401\): bad key \[secret\]/,
      /KEY/,
    ],
    [
      404,
      { error: { message: "model 'qwen9' not found" } },
      /does not know the model \(404\): model 'qwen9'/,
      /think\.model/,
    ],
    [404, { error: 'model "x" not found, try pulling it first' }, /does not know the model/, /doctor/],
    [400, { error: { message: 'model is required' } }, /does not know the model/, /think\.model/],
    [404, { detail: 'Not Found' }, /has no such path \(404\): Not Found/, /can think/],
    [429, {}, /overloaded/, /Wait a little/],
    [429, { error: { message: 'Please try again in 1.2s.' } }, /overloaded \(429\): .*1\.2s\./, /Wait 2 s/],
    [
      429,
      { error: { message: 'You exceeded your current quota. Please retry in 36.5s.' } },
      /overloaded/,
      /Wait 37 s/,
    ],
    [
      429,
      { error: { message: 'You exceeded your current quota.', code: 'insufficient_quota' } },
      /no credit left.*\(429\): You exceeded your current quota\.$/,
      /waiting does not help/,
    ],
    [402, { error: { message: 'Insufficient Balance' } }, /no credit left.*\(402\)/, /balance/],
    [403, { error: { message: 'Your account has insufficient credits' } }, /no credit left/, /balance/],
    [
      400,
      { error: { message: 'Filtered.', code: 'content_filter' } },
      /did not let this .* pass/,
      /other words/,
    ],
    [500, { error: { message: 'boom\n\u001b[31mred' } }, /failed \(500\): boom \[31mred/, /output/],
    [503, { error: { code: 503, message: 'Loading model' } }, /not ready yet \(503\): Loading model/, /soon/],
    [422, { detail: [{ msg: 'field required' }] }, /refused the request \(422\): field required/, /doctor/],
  ])('%i %j', async (status, body, message, hint) => {
    const fake = await FakeEngines.start({ '/v1/models': json(status, body) });
    const failure = await failureOf(whole(clientOf(fake.url, { keyVariable: 'KEY' })));
    expect(failure.message).toContain(`The thinking engine at http://127.0.0.1:${fake.port}/v1`);
    expect(failure.message).toMatch(message);
    expect(adviceOn(failure)).toMatch(hint);
    expect(`${failure.message}${failure.hint ?? ''}`).not.toContain('sk-secret');
    expect(failure.exitCode).toBe(6);
  });

  test('a web page, of any status, and broken JSON', async () => {
    const fake = await FakeEngines.start({ '/v1/models': page(200) });
    const client = clientOf(fake.url);
    expect((await failureOf(whole(client))).message).toMatch(/a web page instead of JSON/);
    fake.on('/v1/models', page(502));
    expect((await failureOf(whole(client))).message).toMatch(/failed \(502\)\.$/);
    fake.on('/v1/models', stream('application/json', ['{"data":']));
    expect((await failureOf(whole(client))).message).toMatch(/instead of JSON/);
  });

  test('an address that stops short of /v1', async () => {
    const fake = await FakeEngines.start();
    const failure = await failureOf(whole(clientOf(`http://127.0.0.1:${fake.port}`)));
    expect(failure.hint).toMatch(/ends in \/v1/);
  });

  test('an engine that is down, or has an unknown host name', async () => {
    const fake = await FakeEngines.start();
    const { url } = fake;
    await fake.stop();
    const down = await failureOf(whole(clientOf(url)));
    expect(down.message).toMatch(/is not running/);
    expect(down.hint).toMatch(/Start it, or correct providers\.local\.engines\.think\.url/);
    const lost = await failureOf(whole(clientOf('http://nowhere.invalid/v1')));
    expect(lost.message).toMatch(/unknown host name|cannot be reached|is not running/);
  });

  test('no first byte in time; silence in the middle; a broken connection', async () => {
    const fake = await FakeEngines.start({ '/v1/models': mute });
    const client = clientOf(fake.url, { timeoutMs: 120 });
    const late = await failureOf(whole(client));
    expect(late.message).toMatch(/did not begin to answer within 0\.12 s/);
    expect(late.hint).toMatch(/think\.timeoutMs/);
    fake.on('/v1/models', broken('application/json', '{', true));
    expect((await failureOf(whole(client))).message).toMatch(/stopped in the middle/);
    fake.on('/v1/models', broken('application/json', '{'));
    expect((await failureOf(whole(clientOf(fake.url)))).message).toMatch(/broke off in the middle/);
  });

  test('slow but steady is not late, and neither is a slow reader', async () => {
    const fake = await FakeEngines.start({
      '/v1/models': stream('application/json', ['{', '"a"', ':', '1', '}'], 60),
    });
    expect(await whole(clientOf(fake.url, { timeoutMs: 150 }))).toEqual({ a: 1 });
    const answer = await clientOf(fake.url, { timeoutMs: 150 }).ask({ path: '/models' }, never);
    let text = '';
    for await (const chunk of answer.bytes()) {
      if (text === '') await new Promise((resolve) => setTimeout(resolve, 250));
      text += Buffer.from(chunk).toString();
    }
    expect(text).toBe('{"a":1}');
  });
});

describe('when the answer is no longer needed', () => {
  test('the request ends before the answer begins, and in the middle of it', async () => {
    const fake = await FakeEngines.start({
      '/v1/models': mute,
      '/v1/slow': stream('text/plain', Array<string>(100).fill('x'), 20),
    });
    const client = clientOf(fake.url);
    for (const path of ['/models', '/slow']) {
      const stop = new AbortController();
      const work = client.ask({ path }, stop.signal).then((answer) => answer.text());
      await expect.poll(() => fake.to(`/v1${path}`).length).toBe(1);
      stop.abort(new Error('enough'));
      await expect(work).rejects.toThrow('enough');
      await expect.poll(() => fake.to(`/v1${path}`)[0]?.gone).toBe(true);
    }
  });

  test('an answer that is not read closes its connection', async () => {
    const fake = await FakeEngines.start({
      '/v1/slow': stream('text/plain', Array<string>(100).fill('x'), 20),
    });
    const answer = await clientOf(fake.url).ask({ path: '/slow' }, never);
    answer.discard();
    await expect.poll(() => fake.asked[0]?.gone).toBe(true);
  });
});

describe('before the session begins', () => {
  const address = (engine: { url: string; keyVariable?: string }, insecure = false) => {
    try {
      return engineAddress('speak', engine, { env: { KEY: 'k', BAD: 'two words' }, insecure });
    } catch (error) {
      if (error instanceof VoxtermError) return error;
      throw error;
    }
  };

  test.each([
    [{ url: 'http://127.0.0.1:1/v1', keyVariable: 'ABSENT' }, /ABSENT is not set/],
    [{ url: 'http://127.0.0.1:1/v1', keyVariable: 'BAD' }, /BAD contains a space/],
    [{ url: 'http://user:pass@127.0.0.1:1/v1' }, /user name or password/],
    [{ url: 'http://192.168.1.5:8080/v1', keyVariable: 'KEY' }, /unencrypted/],
    [{ url: 'nonsense' }, /not a web address/],
  ])('%j is refused with exit 3', (engine, message) => {
    const refusal = address(engine);
    if (!(refusal instanceof VoxtermError)) throw new Error('not refused');
    expect(refusal.message).toMatch(message);
    expect(refusal.exitCode).toBe(3);
    expect(`${refusal.message}${refusal.hint ?? ''}`).not.toMatch(/pass@|two words/);
  });

  test('a key may travel to this machine, over TLS, or where it was allowed', () => {
    expect(address({ url: 'http://localhost:1/v1', keyVariable: 'KEY' })).toMatchObject({ key: 'k' });
    expect(address({ url: 'https://example.org/v1', keyVariable: 'KEY' })).toMatchObject({ key: 'k' });
    expect(address({ url: 'http://192.168.1.5/v1', keyVariable: 'KEY' }, true)).toMatchObject({ key: 'k' });
    expect(address({ url: 'http://192.168.1.5/v1?token=x' })).toMatchObject({
      shown: 'http://192.168.1.5/v1',
    });
  });
});

describe('an engine behind a proxy', () => {
  test('the proxy that refuses is named, not the engine', async () => {
    const proxy = await TestProxy.start();
    proxy.refusal = 407;
    const env = { HTTPS_PROXY: `http://me:hunter22@${proxy.host}` };
    const address = engineAddress('think', { url: 'https://voxterm.test/v1' }, { env });
    const error = await failureOf(whole(new EngineClient(address)));
    expect(error).toMatchObject({
      code: 'engine.proxy',
      exitCode: 6,
      message:
        'The thinking engine at https://voxterm.test/v1 cannot be reached: ' +
        `the proxy ${proxy.host} does not let us through (HTTP 407).`,
    });
    expect(error.hint).toMatch(/USER:PASSWORD/);
    expect(error.message + error.hint).not.toContain('hunter22');
    expect(proxy.asked.map(({ line }) => line)).toEqual(['CONNECT voxterm.test:443']);
  });

  test('a SOCKS proxy is refused before the session begins', async () => {
    const env = { ALL_PROXY: 'socks5://proxy.example:1080' };
    const error = await failureOf(
      (async () => engineAddress('think', { url: 'https://voxterm.test/v1' }, { env }))(),
    );
    expect(error).toMatchObject({ code: 'config.proxy', exitCode: 3 });
    expect(() => engineAddress('think', { url: 'http://127.0.0.1:11434/v1' }, { env })).not.toThrow();
  });
});
