import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { wav } from '../audio/files/wav-bytes.js';
import { AskHome, type AskRun, fileSound, recording } from './ask-driver.js';

const rateHz = 8000;
const seconds = 30;

/** Half a minute at 8 kHz: a question, then a room in which nobody speaks. */
function halfMinute(): Buffer {
  const question = readFileSync(recording('question.wav')).subarray(44);
  const block = Buffer.alloc(seconds * rateHz * 2);
  for (let i = 0; i < block.length / 2; i += 1) {
    const speech = i * 4 + 2 <= question.length ? question.readInt16LE(i * 4) : 0;
    block.writeInt16LE(speech + ((i * 7919) % 13) - 6, i * 2);
  }
  return block;
}

function residentMiB(run: AskRun): number {
  const status = readFileSync(`/proc/${run.child.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024;
}

it.runIf(process.platform === 'linux')(
  'answers every turn of a long recording in constant memory',
  { timeout: 120_000 },
  async () => {
    const turns = 40;
    const home = new AskHome({ pace: 'fast', repeat: true, turns: [{ heard: 'What now?', said: 'Go on.' }] });
    const run = home.start(['-', '-o', 'reply.wav', '--json'], { open: true });
    const { stdin } = run.child;
    const block = halfMinute();
    stdin?.write(wav(Buffer.alloc(0), { rateHz, dataSize: 0xffff_ffff }).subarray(0, 44));
    const memory: number[] = [];
    for (let turn = 0; turn < turns; turn += 1) {
      await new Promise((resolve) => stdin?.write(block, resolve));
      memory.push(residentMiB(run));
    }
    stdin?.end();
    expect(await run.exited).toBe(0);
    expect(run.result).toMatchObject({ turns, exitCode: 0 });
    expect(run.result.said).toHaveLength(turns);
    expect(fileSound(home.path('reply.wav')).ms).toBeGreaterThan(turns * 300);
    expect(run.stderr).toMatch(/^sent 0:\d\d:\d\d$/m);
    // Twenty minutes of sound are 19 MB at 8 kHz, 58 MB at the provider's rate.
    const [middle = 0, end = 0] = [memory[turns / 2 - 1], memory.at(-1)];
    expect(end - middle).toBeLessThan(15);
  },
);
