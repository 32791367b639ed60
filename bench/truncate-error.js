// The milliseconds heard as reported to the provider, compared with what was audible at the sound server's monitor.
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openSound } from '../dist/audio/open-sound.js';
import { createToolRunner, findProvider, startSession } from '../dist/index.js';
import { SoundServer, soundServerExpected } from '../test/e2e/sound-server.ts';
import { mean } from './statistics.js';

const interruptions = 50;
const rateHz = 24_000;
const bytesPerMs = (2 * rateHz) / 1000;
const scenario = fileURLToPath(new URL('truncate-scenario.json', import.meta.url));
/** A tone is never this quiet for this long; the voice of the sentence is a tone. */
const quiet = { below: 32, samples: (2 * rateHz) / 1000 };
const truncate = /^→ (\{"type":"conversation\.item\.truncate".*)/;

/**
 * A session with the built-in provider; `truncated` holds what was reported to it, `receivedMs` what it had sent by
 * then.
 */
async function start(server, backend) {
  const truncated = new Map();
  const received = new Map();
  const errors = [];
  const session = await startSession({
    provider: await findProvider('local'),
    connection: { model: 'voxterm-local', scenario, env: {} },
    settings: {},
    tools: createToolRunner([], { env: {} }),
    openSound: ({ inputRateHz, outputRateHz }) =>
      openSound({ inputRateHz, outputRateHz, echo: 'off', backend }, { env: server.env }),
    log: (line) => {
      const [, frame] = truncate.exec(line) ?? [];
      if (frame === undefined) return;
      const { item_id: itemId, audio_end_ms: audioEndMs } = JSON.parse(frame);
      truncated.set(itemId, { audioEndMs, receivedMs: (received.get(itemId) ?? 0) / bytesPerMs });
    },
  });
  session.subscribe((event) => {
    if (event.type === 'assistant.audio')
      received.set(event.itemId, (received.get(event.itemId) ?? 0) + event.bytes);
    if (event.type === 'error') errors.push(event.message);
  });
  return { session, truncated, errors };
}

/** How much of an answer was audible. Gaps do not count: no part of the answer is played in them. */
function soundingMs(samples) {
  let gaps = 0;
  let run = 0;
  for (const sample of samples) {
    run = Math.abs(sample) > quiet.below ? 0 : run + 1;
    if (run === quiet.samples) gaps += run;
    else if (run > quiet.samples) gaps += 1;
  }
  return ((samples.length - gaps) * 1000) / rateHz;
}

/** Asks, listens for a while, interrupts. Resolves with what was heard and what was reported to the provider. */
async function interrupt(server, { session, truncated }) {
  const monitor = await server.listen();
  const startedMs = performance.now();
  truncated.clear();
  session.sendText('Tell me a story.');
  await monitor.firstSoundMs(startedMs);
  await sleep(50 + 2450 * Math.random());
  session.interrupt();
  await sleep(500);
  const heardMs = soundingMs(monitor.soundSamples(startedMs));
  monitor.stop();
  if (truncated.size !== 1) throw new Error(`${truncated.size} items were truncated instead of one`);
  const [told] = truncated.values();
  return { heardMs, ...told };
}

async function measure(server, backend) {
  const started = await start(server, backend);
  try {
    const results = [];
    for (let round = 0; round < interruptions; round += 1) results.push(await interrupt(server, started));
    const errors = results.map(({ heardMs, audioEndMs }) => Math.abs(audioEndMs - heardMs));
    const beyond = results.filter(({ audioEndMs, receivedMs }) => audioEndMs > receivedMs).length;
    const refused = started.errors.length;
    return {
      what: `truncate error over ${interruptions} interruptions, ${started.session.sound.backend}`,
      value: `${mean(errors).toFixed(1)} ms`,
      goal: 'mean ≤ 20 ms, never above received',
      detail: `worst ${Math.max(...errors).toFixed(1)} ms; above received: ${beyond}; refused by the server: ${refused}`,
    };
  } finally {
    await started.session.end();
  }
}

export async function truncateError() {
  if (!soundServerExpected()) return [];
  const server = await SoundServer.start(rateHz);
  try {
    return [await measure(server, 'auto'), await measure(server, 'pulse')];
  } finally {
    await server.stop();
  }
}
