// Does memory grow in an hour of conversation at ten times real time? The server runs in its own process.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createToolRunner, findProvider, startSession, VirtualSound } from '../dist/index.js';
import { loadSource } from '../scripts/load-source.js';

const { openAudio } = await loadSource('audio/decode.ts');

const speed = 10;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Slope of a least-squares line, in y per x. */
function slope(points) {
  const n = points.length;
  const mx = points.reduce((sum, [x]) => sum + x, 0) / n;
  const my = points.reduce((sum, [, y]) => sum + y, 0) / n;
  const over = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  const under = points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  return over / under;
}

function used() {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage(); // `external` holds the array buffers, too
  return (heapUsed + external) / 2 ** 20;
}

async function simulate() {
  const args = [here('../bin/voxterm.js'), 'simulate', '--scenario', here('memory-scenario.json')];
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  server.stdout.setEncoding('utf8');
  for await (const line of server.stdout) return { server, url: JSON.parse(line).url };
  throw new Error('simulate ended at once');
}

export async function memory(minutes = 60) {
  if (globalThis.gc === undefined) throw new Error('run with node --expose-gc');
  const { server, url } = await simulate();
  const session = await startSession({
    provider: await findProvider('openai'),
    connection: { model: 'bench', url, env: {} },
    settings: { transcription: {} },
    tools: createToolRunner([], { env: {} }),
    openSound: async ({ outputRateHz }) =>
      new VirtualSound({ outputRateHz, pace: 'realtime', now: () => performance.now() * speed }),
  });
  const seen = { turns: 0, cut: 0 };
  session.subscribe((event) => {
    if (event.type === 'speech.stopped') seen.turns += 1;
    if (event.type === 'playback.cleared') seen.cut += 1;
  });
  const frames = [];
  for await (const part of (await openAudio(here('../test/fixtures/audio/question.wav'), { rateHz: 24_000 }))
    .frames) {
    frames.push(part);
  }
  const pcm = Buffer.concat(frames);
  const pause = Buffer.alloc(24_000 * 2 * 4); // four seconds: some answers are heard to the end, some are interrupted
  const talk = Buffer.concat([pcm, pause]);
  const frame = 960 * speed;
  const points = [];
  const startedAt = performance.now();
  const wallMs = (minutes * 60_000) / speed;
  let sampledAt = 0;
  for (let sent = 0; performance.now() - startedAt < wallMs; sent += 1) {
    const at = (sent * frame) % talk.length;
    session.sendAudio(talk.subarray(at, at + frame));
    const talkMinutes = ((performance.now() - startedAt) * speed) / 60_000;
    if (talkMinutes - sampledAt >= 1) {
      sampledAt = talkMinutes;
      points.push([talkMinutes, used()]);
    }
    const behind = startedAt + sent * 20 - performance.now();
    if (behind > 0) await sleep(behind);
  }
  const kept = session.history.length;
  await session.end();
  server.kill();
  const settled = points.slice(Math.floor(points.length / 6)); // the first minutes warm up caches and code
  const growth = slope(settled) * minutes;
  return [
    {
      what: `memory growth in ${minutes} minutes of talk at ${speed} × speed`,
      value: `${growth.toFixed(2)} MB`,
      goal: '< 1 MB',
      detail: `${seen.turns} turns, ${seen.cut} answers interrupted, ${kept} items of history, ${settled.at(-1)[1].toFixed(1)} MB in use`,
    },
  ];
}
