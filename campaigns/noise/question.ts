import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Resampler } from '../../src/audio/samples/resample.js';
import { Random } from './random.js';
import { Voice } from './voice.js';

/** Something that a user says, −1 to 1. */
export interface Question {
  readonly name: string;
  readonly samples: Float32Array;
  /** RMS over the frames in which speech is heard. */
  readonly speechRms: number;
}

const said = ['What is the weather like in Berlin tomorrow?', 'Please set a timer for ten minutes.'];
const systemVoices = ['en-us', 'en-gb', 'de', 'fr', 'es', 'en-us+f3', 'en-gb+f5', 'en-us+m7', 'it'];

/** The recorded question of the tests, made voices, and if it is installed the voices of espeak-ng. */
export function questions(rateHz: number, withSystemVoices: boolean): Question[] {
  const fixture = readFileSync(new URL('../../test/fixtures/audio/question.wav', import.meta.url));
  const found = [question('question.wav', wav(fixture, rateHz), rateHz)];
  for (let seed = 1; seed <= 4; seed += 1) {
    const voice = new Voice(new Random(seed), rateHz, [0.1, 0.2]);
    const samples = Float32Array.from({ length: 2 * rateHz }, () => voice.next());
    found.push(question(`made voice ${seed}`, samples, rateHz));
  }
  if (!withSystemVoices) return found;
  for (const voice of systemVoices) {
    for (const text of said) {
      try {
        const options = { stdio: ['ignore', 'pipe', 'ignore'] as ['ignore', 'pipe', 'ignore'] };
        const bytes = execFileSync('espeak-ng', ['--stdout', '-v', voice, text], options);
        found.push(question(`espeak-ng ${voice}`, wav(bytes, rateHz), rateHz));
      } catch {
        return found;
      }
    }
  }
  return found;
}

function question(name: string, samples: Float32Array, rateHz: number): Question {
  const frame = rateHz / 50;
  const powers: number[] = [];
  for (let at = 0; at + frame <= samples.length; at += frame) {
    powers.push(samples.subarray(at, at + frame).reduce((sum, sample) => sum + sample * sample, 0) / frame);
  }
  const loudest = Math.max(...powers);
  const spoken = powers.filter((power) => power > loudest * 10 ** -2.5);
  const power = spoken.reduce((sum, one) => sum + one, 0) / spoken.length;
  return { name, samples, speechRms: Math.sqrt(power) };
}

/** A PCM16 mono WAV file with a header of 44 bytes, at another rate. */
function wav(bytes: Buffer, rateHz: number): Float32Array {
  const fromHz = bytes.readUInt32LE(24);
  const length = Math.floor((bytes.length - 44) / 2);
  const samples = Float32Array.from({ length }, (_, at) => bytes.readInt16LE(44 + 2 * at) / 32_768);
  const resampler = new Resampler(fromHz, rateHz);
  return Float32Array.from([...resampler.process(samples), ...resampler.flush()]);
}
