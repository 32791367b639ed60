import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AskHome, type AskRun } from './ask-driver.js';
import { ask, asking } from './hostile-runs.js';
import { behaving, connectionOf, part, say, saying, serve, silence } from './hostile-server.js';

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
      /^error: The server accepted the connection but never became ready\.( The server sent .+)?\nhint: .+\n$/,
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
  const limited = { exitCode: 8, reason: 'timeout' };
  // They may be the answer to what was asked, so it is not waited for any longer.
  const refused = { exitCode: 5, reason: 'response.failed' };
  it.each<[string, object, () => object | string]>([
    ['events nobody knows', limited, () => ({ type: 'a.b', c: 'd'.repeat(100) })],
    ['garbage', limited, () => '}{'],
    ['responses', limited, () => ({ type: 'response.created', response: { id: `resp_${next()}` } })],
    ['errors', refused, () => ({ type: 'error', error: { code: 'x', message: `No ${next()}.` } })],
    ['sound', limited, () => ({ type: 'response.output_audio.delta', ...part, delta: silence(4800) })],
  ])('%s neither fills the memory nor outlives the time limit', async (_, ending, event) => {
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
    const run = home.start([...asking(server), '--timeout', '4', '--json']);
    const peak = peakMiB(run);
    const startedAtMs = performance.now();
    await run.exited;
    expect(performance.now() - startedAtMs).toBeLessThan(10_000);
    const last = run.stdout.slice(run.stdout.lastIndexOf('\n', run.stdout.length - 2));
    expect(JSON.parse(last)).toMatchObject({ type: 'result', ...ending });
    expect(await peak).toBeLessThan(250);
  });
});

/** The most memory a run has had, in MiB. */
async function peakMiB(run: AskRun): Promise<number> {
  let peak = 0;
  const timer = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${run.child.pid}/status`, 'utf8');
      // A process that has ended but was not collected yet has a status without memory.
      const kiB = /VmHWM:\s+(\d+)/.exec(status)?.[1];
      if (kiB !== undefined) peak = Number(kiB) / 1024;
    } catch {
      // It is over, or this system does not say.
    }
  }, 200);
  await run.exited;
  clearInterval(timer);
  return peak;
}
