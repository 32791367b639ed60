import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { WebSocket } from 'ws';
import type { ScriptedServer } from '../session/scripted-server.js';
import { AskHome, AskRun, fileSound } from './ask-driver.js';
import { behaving, call, part, refusing, say, saying, serve, silence } from './hostile-server.js';

const program = fileURLToPath(new URL('../../bin/voxterm.js', import.meta.url));
/** Must not come back from anywhere. */
const key = 'sk-sentinel-0123456789abcdef';
/** What a terminal would act upon: controls but the line feed, and overrides of direction. */
const acted = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/;
const evil = '\x1b[2J\x1b]0;evil\x07\x9b31m\u202ered\r\n';
const oneComplaint = /^error: .+\n(hint: .+\n)?$/;
const betaError = {
  type: 'error',
  error: { type: 'invalid_request_error', code: 'beta_api_shape_disabled', message: 'The beta is no more.' },
};
const betaReason = 'invalid_request_error.beta_api_shape_disabled';

function asking(server: ScriptedServer): string[] {
  return ['--provider', 'openai', '--url', server.url, '--text', 'hello'];
}

async function ask(server: ScriptedServer, ...more: string[]): Promise<AskRun> {
  return new AskHome().run([...asking(server), ...more], { env: { OPENAI_API_KEY: key } });
}

/** The conversation without a terminal and without sound: lines in, lines out. */
async function talk(server: ScriptedServer, lines: string): Promise<AskRun> {
  const home = new AskHome();
  const child = spawn(
    process.execPath,
    [program, 'talk', '--provider', 'openai', '--url', server.url, '--quiet'],
    {
      env: {
        PATH: process.env.PATH,
        HOME: home.directory,
        XDG_CONFIG_HOME: home.directory,
        XDG_RUNTIME_DIR: home.directory,
        PULSE_SERVER: `unix:${home.path('no-pulse')}`,
        ALSA_CONFIG_PATH: '/dev/null',
        OPENAI_API_KEY: key,
      },
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdin.on('error', () => {});
  child.stdin.end(lines);
  const run = new AskRun(child);
  await run.exited;
  return run;
}

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
          mouth.send({
            type: 'response.output_audio.delta',
            ...part,
            response_id: 'other',
            item_id: 'x',
            delta: 'AAA',
          });
          for (const bytes of [1, 3, 7])
            mouth.send({ type: 'response.output_audio.delta', ...part, delta: silence(bytes) });
          say(mouth, 'Yes.');
          mouth.send({ type: 'response.done', response: { id: 'resp_1', status: 'completed' } });
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

  it('in a text of 63 MiB is not the end', async () => {
    const words = 'x'.repeat(63 * 2 ** 20);
    const answer = behaving({ answer: (mouth) => say(mouth, words) });
    const run = await ask(await serve(answer), '--log-file', 'log');
    expect(run.code).toBe(0);
    expect(run.bytes.length).toBeGreaterThan(words.length);
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

    const spoken = await talk(await serve(half), 'hello\n');
    expect(spoken.code).toBe(6);
    expect(spoken.stderr).toMatch(/^error: The connection to the server was lost/m);
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

/** All of them at once, because each takes as long as our patience. */
it('a server that falls silent is given up in words', { timeout: 60_000 }, async () => {
  const garbage = saying((mouth) => {
    const timer = setInterval(() => mouth.send('}{'), 20);
    mouth.socket.on('close', () => clearInterval(timer));
  });
  const half = behaving({
    answer: (mouth) => {
      say(mouth, 'Half an', { open: true });
      // As if its process had been stopped: the network still takes everything, and nobody answers a ping.
      connectionOf(mouth.socket).pause();
    },
  });
  const [silent, nonsense, unconfirmed, unanswering, stopped] = await Promise.all(
    [
      saying(() => {}),
      garbage,
      behaving({ settings: () => {}, answer: (mouth) => say(mouth, 'Yes.') }),
      behaving({}),
      half,
    ].map(async (script) => ask(await serve(script))),
  );
  for (const run of [silent, nonsense]) {
    expect(run?.code).toBe(6);
    expect(run?.stderr).toMatch(
      /^error: The server accepted the connection but never became ready\.\nhint: .+\n$/,
    );
  }
  expect(unconfirmed).toMatchObject({ code: 0, stdout: 'you: hello\nvoxterm: Yes.\n', stderr: '' });
  expect(unanswering?.code).toBe(5);
  expect(unanswering?.stderr).toMatch(
    /^warning: The server did not answer in time\. .+\nerror: There was no answer\.\n$/,
  );
  expect(stopped?.code).toBe(6);
  expect(stopped?.stderr).toMatch(/^error: The server has not answered for 15 seconds\.\nhint: .+\n$/);
});

describe('a flood of', () => {
  let count = 0;
  const next = () => {
    count += 1;
    return count;
  };
  it.each<[string, () => object | string]>([
    ['events nobody knows', () => ({ type: 'a.b', c: 'd'.repeat(100) })],
    ['garbage', () => '}{'],
    ['responses', () => ({ type: 'response.created', response: { id: `resp_${next()}` } })],
    ['errors', () => ({ type: 'error', error: { code: 'x', message: `No ${next()}.` } })],
    ['sound', () => ({ type: 'response.output_audio.delta', ...part, delta: silence(4800) })],
  ])('%s neither fills the memory nor outlives the time limit', async (_, event) => {
    const server = await serve(
      behaving({
        answer: (mouth) => {
          const timer = setInterval(() => {
            for (let sent = 0; sent < 5000 && mouth.socket.bufferedAmount < 2 ** 20; sent += 1)
              mouth.send(event());
          }, 10);
          mouth.socket.on('close', () => clearInterval(timer));
        },
      }),
    );
    const home = new AskHome();
    const run = home.start([...asking(server), '--timeout', '6', '--json'], { env: { OPENAI_API_KEY: key } });
    const peak = peakMiB(run);
    const startedAtMs = performance.now();
    expect(await run.exited).toBe(8);
    expect(performance.now() - startedAtMs).toBeLessThan(12_000);
    expect(run.result.reason).toBe('timeout');
    expect(await peak).toBeLessThan(250);
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

describe('what a server says', () => {
  const talkative = behaving({
    answer: (mouth, eventId) => {
      const { send, socket } = mouth;
      send({ type: 'error', error: { code: `x${evil}${key}`, message: `Odd: ${evil}${key}` } });
      say(mouth, `Words ${evil}${key}`, { open: true });
      call(mouth, `get${evil}${key}`, { [`a${evil}`]: `${evil}${key}` });
      send({ type: 'error', error: { code: 'y', message: `Refused: ${evil}${key}`, event_id: eventId } });
      socket.send(Buffer.from(`garbage ${evil}${key}`));
      setTimeout(() => socket.close(4321, `bye ${evil}${key}`), 300);
    },
  });
  const files = ['--log-file', 'log', '--record', 'kept', '--transcript', 'words.md'];

  it.each([[['--verbose']], [['--json']], [['--quiet']]])(
    'cannot move the cursor, or bring the key back (%j)',
    async (flags) => {
      const home = new AskHome();
      const server = await serve(talkative);
      const run = await home.run([...asking(server), ...files, ...flags], { env: { OPENAI_API_KEY: key } });
      expect(run.code).toBe(5);
      expect(run.stdout + run.stderr).not.toMatch(acted);
      const written = readdirSync(home.directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
      expect(written.length).toBeGreaterThan(5);
      for (const text of [run.stdout, run.stderr, ...written]) expect(text).not.toContain('sentinel');
      expect(run.stderr).toContain('bye red');
    },
  );

  it('nor in a talk', async () => {
    const run = await talk(await serve(talkative), 'hello\n');
    expect(run.code).toBe(5);
    expect(run.stdout + run.stderr).not.toMatch(acted);
    expect(run.stdout + run.stderr).not.toContain('sentinel');
  });
});

/** The TCP connection under a WebSocket. */
function connectionOf(socket: WebSocket): Socket {
  const connection: unknown = Reflect.get(socket, '_socket');
  if (connection instanceof Socket) return connection;
  throw new Error('the socket has no connection');
}

/** The most memory a run has had, in MiB. */
async function peakMiB(run: AskRun): Promise<number> {
  let peak = 0;
  const timer = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${run.child.pid}/status`, 'utf8');
      peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
    } catch {
      // It is over, or this system tells nobody.
    }
  }, 200);
  await run.exited;
  clearInterval(timer);
  return peak;
}
