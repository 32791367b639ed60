import { setTimeout as delay } from 'node:timers/promises';
import { SoundDriver } from '../../test/e2e/sound-driver.js';
import { SoundServer, soundServerExpected } from '../../test/e2e/sound-server.js';
import type { Campaign } from '../campaign.js';

/** One absence of the sound server: it is killed and started again, or stands still. */
interface Absence {
  readonly how: 'killed' | 'frozen';
  readonly s: number;
}

const shortAbsences: readonly Absence[] = [{ how: 'killed', s: 5 }];
const absences: readonly Absence[] = [
  { how: 'killed', s: 2 },
  { how: 'killed', s: 5 },
  { how: 'killed', s: 5 },
  { how: 'killed', s: 5 },
  { how: 'frozen', s: 5 },
  { how: 'killed', s: 25 },
  { how: 'frozen', s: 25 },
  { how: 'killed', s: 120 },
];
/** The promise; a server that stood still first has to work off what waited for it. */
const backWithinMs = { killed: 2000, frozen: 10_000 } as const;

/** A private sound server goes away and returns, several times in one session. */
export const campaign: Campaign = {
  about:
    'sound is back within 2 s of the restart of the sound server, with the first choice, however often it leaves',
  async run({ short, log }) {
    if (!soundServerExpected())
      return { figures: { absences: 0, 'left out': 'no PulseAudio' }, failures: [] };
    const failures: string[] = [];
    const took: number[] = [];
    const server = await SoundServer.start();
    try {
      const driver = await SoundDriver.open(server.env);
      const { backend } = driver.sound;
      try {
        for (const absence of short ? shortAbsences : absences) {
          const name = `${absence.how} for ${absence.s} s`;
          const ms = await backAfter(absence, server, driver);
          took.push(ms);
          log(`${name}: back after ${Math.round(ms)} ms`);
          if (ms > backWithinMs[absence.how]) failures.push(`${name}: back only after ${Math.round(ms)} ms`);
          if (driver.sound.backend !== backend)
            failures.push(`${name}: came back on ${driver.sound.backend} instead of ${backend}`);
        }
      } finally {
        await driver.sound.close();
      }
    } finally {
      await server.stop();
    }
    const worst = Math.round(Math.max(...took));
    return { figures: { absences: took.length, 'slowest return ms': worst }, failures };
  },
};

/** Milliseconds from the return of the server until the microphone delivers again. */
async function backAfter({ how, s }: Absence, server: SoundServer, driver: SoundDriver): Promise<number> {
  await driver.next('frame', 10_000);
  driver.forget();
  if (how === 'killed') server.kill();
  else server.freeze(true);
  await delay(s * 1000);
  if (how === 'killed') await server.restart();
  else server.freeze(false);
  const returnedMs = performance.now();
  const lost = driver.all('lost').length > 0;
  if (lost) await driver.next('restored', 30_000);
  driver.forget();
  await driver.next('frame', 30_000);
  return performance.now() - returnedMs;
}
