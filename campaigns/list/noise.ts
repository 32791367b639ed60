import type { Campaign } from '../campaign.js';
import { deviceHz, ListeningRoom } from '../noise/listening-room.js';
import { type Question, questions } from '../noise/question.js';
import { Random } from '../noise/random.js';
import { type Noise, type RoomName, rooms } from '../noise/rooms.js';
import { Voice } from '../noise/voice.js';

const frameSamples = deviceHz / 50;
const frameS = 0.02;

/** Noise in dBFS, and by how much questions are louder. */
const levels = [-55, -47, -42, -37, -32] as const;
const signalToNoise = [12, 15, 20] as const;
/** In each round a question is asked, answered aloud, and then only the room is heard. */
const askedAtS = 6;
const roundS = 40;
const shortRoundS = 16;
const answerS = 4;
/** How loud answers are, about −22 dBFS, and their echo at the microphone. */
const answerGain = 0.5;
const echoGain = 0.05;
/** A turn may begin this long after a question has ended, and must end this long after it. */
const beginsWithinS = 0.3;
const endsWithinS = 2;

interface Findings {
  heardS: number;
  falseTurns: number;
  asked: number;
  missed: number;
  late: number;
  readonly failures: string[];
}

/** Hours of noise go the way of a microphone's sound, faster than real time. */
export const campaign: Campaign = {
  about: 'noise in the room never becomes a turn of the user, and no question in it is missed',
  async run({ short, seed, log }) {
    const asked = questions(deviceHz, !short);
    const findings: Findings = { heardS: 0, falseTurns: 0, asked: 0, missed: 0, late: 0, failures: [] };
    const names = Object.keys(rooms).filter((name): name is RoomName => name in rooms);
    for (const [index, room] of names.entries()) {
      const chosen = short ? [levels[1 + (index % 3)] ?? -42] : levels;
      for (const [place, levelDb] of chosen.entries()) {
        const before = findings.falseTurns;
        const scene = { room, levelDb, seed: seed * 1009 + 31 * index + place, rounds: short ? 1 : 6, short };
        listen(scene, asked, findings);
        log(`${room} at ${levelDb} dBFS: ${findings.falseTurns - before} false turns`);
        // So that the process can be ended.
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    const hours = findings.heardS / 3600;
    return {
      figures: {
        'noise h': hours.toFixed(2),
        'false turns': findings.falseTurns,
        'false turns per h': (findings.falseTurns / hours).toFixed(2),
        'questions at 12 to 20 dB': findings.asked,
        'questions missed': findings.missed,
        'turns that ended late': findings.late,
      },
      failures: findings.failures,
    };
  },
};

interface Scene {
  readonly room: RoomName;
  readonly levelDb: number;
  readonly seed: number;
  readonly rounds: number;
  readonly short: boolean;
}

function listen(scene: Scene, asked: readonly Question[], findings: Findings): void {
  const { room, levelDb, seed, rounds, short } = scene;
  const where = `${room} at ${levelDb} dBFS, seed ${seed}`;
  const random = new Random(seed);
  const noise = rooms[room](new Random(seed), deviceHz);
  // In half of the scenes the room was there before anything listened; in the others its voices begin to speak now.
  if (seed % 2 === 0) for (let n = 0; n < 3 * deviceHz; n += 1) noise();
  const gain = 10 ** (levelDb / 20) / usualRms(rooms[room](new Random(seed), deviceHz), short ? 15 : 60);
  const answers = new Voice(new Random(seed + 1), deviceHz);
  const turns: { by: string; beganS: number; endedS?: number }[] = [];
  const listening = new ListeningRoom((by, what, atMs) => {
    if (what === 'began') turns.push({ by, beganS: atMs / 1000 });
    else {
      const open = turns.findLast((turn) => turn.by === by && turn.endedS === undefined);
      if (open !== undefined) open.endedS = atMs / 1000;
    }
  });
  for (let round = 0; round < rounds; round += 1) {
    const question = random.pick(asked);
    const decibels = random.pick(signalToNoise);
    const loudness = Math.min(0.3, 10 ** ((levelDb + decibels) / 20)) / question.speechRms;
    const lengthS = question.samples.length / deviceHz;
    const startS = listening.nowMs / 1000;
    const answeredAtS = askedAtS + lengthS + 1;
    // Half of the rounds have no answer, every third a microphone that drops out.
    const answered = round % 2 === 0;
    const drops = round % 3 === 2;
    turns.length = 0;
    let dropS = 0;
    for (let atS = 0; atS < (short ? shortRoundS : roundS); atS += frameS) {
      const speaks = answered && atS >= answeredAtS && atS < answeredAtS + answerS;
      const played = speaks ? frame(() => answerGain * answers.next()) : undefined;
      const from = Math.round((atS - askedAtS) * deviceHz);
      if (drops && dropS <= 0 && random.next() < 0.004) dropS = random.between(0.025, 0.25);
      const heard = frame((at) => {
        const said = (question.samples[from + at] ?? 0) * loudness;
        return gain * noise() + said + echoGain * (played?.[at] ?? 0);
      });
      if (dropS > 0 && (atS < askedAtS - 0.5 || atS > answeredAtS)) {
        heard.fill(0, Math.floor(random.next() * 100));
        dropS -= frameS;
      }
      listening.pass(heard, played);
    }
    const endS = startS + askedAtS + lengthS;
    for (const by of ['provider', 'client'] as const) {
      const own = turns.filter((turn) => turn.by === by);
      const right = own.filter(({ beganS }) => beganS >= startS + askedAtS && beganS <= endS + beginsWithinS);
      const wrong = own.filter((turn) => !right.includes(turn));
      findings.falseTurns += wrong.length;
      findings.asked += 1;
      for (const { beganS } of wrong)
        findings.failures.push(
          `${where}, ${by}: a turn at ${beganS.toFixed(2)} s, when only the room was heard`,
        );
      if (right.length === 0) {
        findings.missed += 1;
        findings.failures.push(
          `${where}, ${by}: missed ${question.name} at ${startS + askedAtS} s, ${decibels} dB louder`,
        );
      } else if ((right.at(-1)?.endedS ?? Number.POSITIVE_INFINITY) > endS + endsWithinS) findings.late += 1;
    }
  }
  findings.heardS += listening.nowMs / 1000;
}

function frame(sample: (at: number) => number): Float32Array {
  return Float32Array.from({ length: frameSamples }, (_, at) => sample(at));
}

function usualRms(noise: Noise, seconds: number): number {
  const samples = seconds * deviceHz;
  let sum = 0;
  for (let n = 0; n < samples; n += 1) sum += noise() ** 2;
  return Math.sqrt(sum / samples);
}
