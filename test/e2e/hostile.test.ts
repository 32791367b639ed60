import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AskHome, fileSound } from './ask-driver.js';
import { acted, ask, asking, evil, key, talk } from './hostile-runs.js';
import { behaving, connectionOf, part, refusing, say, saying, serve, silence } from './hostile-server.js';

const oneComplaint = /^error: .+\n(hint: .+\n)?$/;
const betaError = {
  type: 'error',
  error: { type: 'invalid_request_error', code: 'beta_api_shape_disabled', message: 'The beta is no more.' },
};
const betaReason = 'invalid_request_error.beta_api_shape_disabled';

describe('a server that lets nobody in', () => {
  const message = (words: string) => JSON.stringify({ error: { message: words } });

  it.each([
    [
      3,
      '401 Unauthorized',
      message(`Incorrect key ${key}`),
      /does not accept the key \(HTTP 401\): Incorrect key \[secret\]/,
    ],
    [
      5,
      '404 Not Found',
      message('The model does not exist'),
      /\(HTTP 404\): The model does not exist\nhint: .*--model/,
    ],
    [
      5,
      '429 Too Many Requests',
      message('Slow down'),
      /too many requests \(HTTP 429\): Slow down\nhint: Wait/,
    ],
    [5, '503 Service Unavailable', '<html>x</html>', /in trouble \(HTTP 503\)\.\nhint: Try again/],
    [5, '301 Moved Permanently', '', /elsewhere \(HTTP 301\)\.\nhint: .*--url/],
    [5, '200 OK', 'hello', /opened no WebSocket \(HTTP 200\): hello/],
    [3, '403 Forbidden', message(`no ${evil}`), /\(HTTP 403\): no /],
  ])('exits with %i for %s', async (code, status, body, words) => {
    const run = await ask(await serve(refusing(status, body, 'location: https://example.org/\r\n')));
    expect(run.code).toBe(code);
    expect(run.stderr).toMatch(oneComplaint);
    expect(run.stderr).toMatch(words);
    expect(run.stderr).not.toMatch(acted);
    expect(run.stdout).toBe('');
  });

  it('or takes us for a client of the beta, is told by its error', async () => {
    const server = await serve(
      saying(({ send, socket }) => {
        send(betaError);
        socket.close(4000, betaReason);
      }),
    );
    for (const run of await Promise.all([ask(server), talk(server, 'hello\n')])) {
      expect(run.code).toBe(5);
      expect(run.stderr).toMatch(/^error: The beta is no more\.\nhint: .*OpenAI-Beta\.\n$/);
    }
  });

  it('or takes us for a client of the beta, is told by its close code', async () => {
    const server = await serve(saying(({ socket }) => socket.close(4000, betaReason)));
    for (const run of await Promise.all([ask(server), talk(server, 'hello\n')])) {
      expect(run.code).toBe(5);
      expect(run.stderr).toMatch(/^error: .*old beta dialect\.\nhint: .*OpenAI-Beta\.\n$/);
    }
  });
});

describe('a server that makes no sense', () => {
  it('in single events is understood where that is possible', async () => {
    const server = await serve(
      behaving({
        settings: ({ send }) => send({ type: 'error', error: { message: 'Unknown parameter.' } }),
        answer: (mouth) => {
          for (const odd of ['}{', '[]', '7', '{"type":5}', '{"type":"response.done"}', '{"type":"a.b"}'])
            mouth.send(odd);
          mouth.socket.send(Buffer.from([0xff, 0xfe]));
          for (const bytes of [1, 3, 7])
            mouth.send({ type: 'response.output_audio.delta', ...part, delta: silence(bytes) });
          say(mouth, 'Yes.');
          // Twice, and then more of what is over.
          mouth.send({ type: 'response.done', response: { id: 'resp_1', status: 'completed' } });
          mouth.send({ type: 'response.output_audio_transcript.delta', ...part, delta: 'No.' });
        },
      }),
    );
    const run = await ask(server, '-o', 'reply.wav');
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('voxterm: Yes.\n');
    expect(run.stderr.match(/^warning: .*not a JSON object/gm)).toHaveLength(3);
    expect(run.stderr).toContain('did not accept the settings and goes on with its own: Unknown parameter.');
    expect(run.stderr).not.toContain('error:');
  });

  it('in its names, which are those of the beta, is understood', async () => {
    const answer: Parameters<typeof behaving>[0]['answer'] = ({ send, socket }) =>
      say(
        { socket, send: (event) => send(JSON.stringify(event).replace('response.output_', 'response.')) },
        'Yes.',
      );
    const run = await ask(await serve(behaving({ answer })));
    expect(run.code).toBe(0);
    expect(run.stdout).toBe('you: hello\nvoxterm: Yes.\n');
  });

  it('in a text of 63 MiB is cut, and that is told', async () => {
    const words = 'x'.repeat(63 * 2 ** 20);
    const answer = behaving({ answer: (mouth) => say(mouth, words) });
    const run = await ask(await serve(answer), '--log-file', 'log');
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/^you: hello\nvoxterm: x{199990,200000}…?\n$/);
    expect(run.stderr).toMatch(/^warning: .*200,?000/);
  });

  it('in a text beyond 64 MiB is left', async () => {
    const run = await ask(await serve(behaving({ answer: (mouth) => say(mouth, 'x'.repeat(65 * 2 ** 20)) })));
    expect(run.code).toBe(6);
    expect(run.stderr).toMatch(/^error: The server sent a message above 64 MiB\.\n/);
  });
});

describe('a server that breaks off', () => {
  it('with a reset costs nothing of what was said', async () => {
    const half = behaving({
      answer: (mouth) => {
        say(mouth, 'Half an', { open: true });
        setTimeout(() => connectionOf(mouth.socket).resetAndDestroy(), 300);
      },
    });
    const server = await serve(half);
    const home = new AskHome();
    const kept = ['-o', 'reply.wav', '--transcript', 'words.md', '--record', 'kept'];
    const run = await home.run([...asking(server), ...kept]);
    expect(run.code).toBe(6);
    expect(run.stderr).toMatch(/^error: The connection to the server was lost.*\nhint: .+\n$/);
    expect(fileSound(home.path('reply.wav')).ms).toBe(100);
    expect(home.read('words.md')).toContain('**You:** hello');
    const [name = ''] = readdirSync(home.path('kept'));
    expect(readFileSync(join(home.path('kept'), name, 'events.ndjson'), 'utf8')).toContain('"session.ended"');

    // A talk goes on in a new connection, and says once that it had to. The question is asked again there.
    let answers = 0;
    const once = behaving({
      answer: (mouth) => {
        answers += 1;
        if (answers === 1) {
          say(mouth, 'Half an', { open: true });
          setTimeout(() => connectionOf(mouth.socket).resetAndDestroy(), 300);
        } else say(mouth, 'A whole answer.');
      },
    });
    const spoken = await talk(await serve(once), 'hello\n');
    expect(spoken.code).toBe(0);
    expect(spoken.stdout).toContain('voxterm: A whole answer.');
    expect(spoken.stderr.match(/The connection to the server was lost/g)).toHaveLength(1);
    expect(spoken.stderr).toMatch(/^warning: .*Connecting again in 0\.5 s \(attempt 1 of 5\)\.$/m);
  });

  it('with an error that is fatal ends with the code of the error', async () => {
    const message = `Incorrect API key provided: ${key}`;
    const server = await serve(
      behaving({
        settings: ({ send, socket }) => {
          send({ type: 'error', error: { code: 'invalid_api_key', message } });
          socket.close(3000, 'invalid_request_error.invalid_api_key');
        },
      }),
    );
    const run = await ask(server);
    expect(run.code).toBe(3);
    expect(run.stderr).toMatch(/^error: Incorrect API key provided: \[secret\]\nhint: Check the key/);
  });

  it('with an answer that failed says why, once', async () => {
    const error = { code: 'server_error', message: 'It broke.' };
    const failed = { id: 'resp_1', status: 'failed', status_details: { type: 'failed', error } };
    const answer = behaving({ answer: ({ send }) => send({ type: 'response.done', response: failed }) });
    const run = await ask(await serve(answer));
    expect(run.code).toBe(5);
    expect(run.stderr).toBe('error: It broke.\n');
  });
});

describe('the way to a server', () => {
  it('that nobody vouches for is not taken', async () => {
    const [cert, certKey] = ['certificate', 'key'].map((name) =>
      readFileSync(new URL(`../fixtures/tls/${name}.pem`, import.meta.url)),
    );
    const server = createServer({ cert: cert ?? '', key: certKey ?? '' });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const run = await new AskHome().run([
      '--provider',
      'openai',
      '--url',
      `wss://127.0.0.1:${port}`,
      '--text',
      'hi',
    ]);
    expect(run.code).toBe(6);
    expect(run.stderr).toMatch(/^error: The certificate of 127\.0\.0\.1:\d+ .+\nhint: .*NODE_EXTRA_CA_CERTS/);
  });

  it('in clear text over a network has to be allowed', async () => {
    const run = await new AskHome().run([
      '--provider',
      'openai',
      '--url',
      'ws://192.0.2.1:9/v1',
      '--text',
      'hi',
    ]);
    expect(run.code).toBe(3);
    expect(run.stderr).toMatch(/^error: ws:\/\/192\.0\.2\.1:9\/v1 .*unencrypted.*\nhint: .*--insecure/);
  });
});
