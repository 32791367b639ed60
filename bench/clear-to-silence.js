// From the clear command to the last sound at the sound server's monitor, measured outside the program.
import { setTimeout as sleep } from 'node:timers/promises';
import { openSound } from '../dist/audio/open-sound.js';
import { SoundDriver, tone } from '../test/e2e/sound-driver.ts';
import { SoundServer, soundServerExpected } from '../test/e2e/sound-server.ts';
import { keepOneCoreBusy, watchCores } from './busy-core.js';
import { countGlitches } from './glitches.js';
import { median } from './statistics.js';

const clears = 40;
const steadyMs = 60_000;
const rateHz = 24_000;
/** A frequency without a whole number of periods per block, so that a lost or repeated block is visible. */
const hz = 437;

async function open(server, backend) {
  const rates = { inputRateHz: rateHz, outputRateHz: rateHz };
  return new SoundDriver(await openSound({ ...rates, echo: 'off', backend }, { env: server.env }));
}

/** Milliseconds from each clear command to the last audible sample. */
async function timeClears(server, { sound }) {
  const times = [];
  for (let epoch = 1; epoch <= clears; epoch += 1) {
    const monitor = await server.listen();
    const startedMs = performance.now();
    sound.play({ itemId: `answer ${epoch}`, contentIndex: 0 }, tone(5000, { hz }));
    await monitor.firstSoundMs(startedMs);
    await sleep(100 + 400 * Math.random());
    const clearedMs = performance.now();
    sound.clear(epoch);
    await sleep(400);
    times.push(monitor.lastSoundMs(startedMs) - clearedMs);
    monitor.stop();
  }
  return times;
}

/** One long answer: its glitches, and those that the helper reports. */
async function listenLong(server, driver) {
  const monitor = await server.listen();
  const startedMs = performance.now();
  const part = { itemId: 'long answer', contentIndex: 0 };
  driver.forget();
  driver.sound.play(part, tone(steadyMs, { hz }));
  driver.sound.endPart(part);
  await driver.next('drained', steadyMs + 10_000);
  await sleep(300);
  const samples = monitor.soundSamples(startedMs);
  monitor.stop();
  return { glitches: countGlitches(samples, { hz, rateHz }), underruns: driver.all('underrun').length };
}

async function silenceRow(server, driver, { what, goalMs }) {
  const busyCores = watchCores();
  const times = await timeClears(server, driver);
  return {
    what: `clear to silence at the monitor, ${what}`,
    value: `${median(times).toFixed(0)} ms`,
    goal: `median ≤ ${goalMs} ms`,
    detail: `worst of ${times.length}: ${Math.max(...times).toFixed(0)} ms; ${busyCores()}`,
  };
}

async function measure(server, backend, work) {
  const driver = await open(server, backend);
  try {
    return await work(driver);
  } finally {
    await driver.sound.close();
  }
}

export async function clearToSilence() {
  if (!soundServerExpected()) return [];
  const server = await SoundServer.start(rateHz);
  const rows = [];
  try {
    await measure(server, 'auto', async (driver) => {
      const { backend } = driver.sound;
      rows.push(await silenceRow(server, driver, { what: `${backend} (default)`, goalMs: 60 }));
      const rest = keepOneCoreBusy();
      try {
        rows.push(await silenceRow(server, driver, { what: `${backend}, one core busy`, goalMs: 60 }));
        const busyCores = watchCores();
        const { glitches, underruns } = await listenLong(server, driver);
        rows.push({
          what: `glitches in ${steadyMs / 1000} s of sound, ${backend}, one core busy`,
          value: `${glitches}`,
          goal: '0',
          detail: `${busyCores()}; ${underruns} underruns counted by the helper`,
        });
      } finally {
        rest();
      }
    });
    await measure(server, 'pulse', async (driver) => {
      const what = 'pulse, which can discard its buffer';
      rows.push(await silenceRow(server, driver, { what, goalMs: 20 }));
    });
    return rows;
  } finally {
    await server.stop();
  }
}
