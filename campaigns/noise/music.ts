import { highPass, lowPass } from './filters.js';
import type { Random } from './random.js';

const scale = [0, 2, 3, 5, 7, 8, 10] as const;

const vibratoRate = 2 * Math.PI * 5.5;

interface Note {
  readonly hz: number;
  /** One period. */
  readonly wave: Float32Array;
  readonly gain: number;
  readonly decayS: number;
  readonly vibrato: number;
  age: number;
}

const waveSamples = 4096;
const bass = waveOf(4);
const strings = waveOf(5);
const lead = waveOf(7);

function waveOf(harmonics: number): Float32Array {
  return Float32Array.from({ length: waveSamples }, (_, at) => {
    let sum = 0;
    for (let harmonic = 1; harmonic <= harmonics; harmonic += 1) {
      sum += Math.sin((2 * Math.PI * harmonic * at) / waveSamples) / harmonic ** 1.3;
    }
    return sum;
  });
}

/** A band: drums on a beat, a bass, chords, and a melody with vibrato. */
export function music(random: Random, rateHz: number): () => number {
  const beatS = 60 / random.between(80, 140);
  const stepSamples = Math.round((beatS / 2) * rateHz);
  const root = random.between(50, 90);
  const hat = highPass(5000, rateHz);
  const snare = highPass(900, rateHz);
  const room = lowPass(6000, rateHz);
  let notes: Note[] = [];
  let sample = 0;
  let step = -1;
  let kickAge = 9;
  let snareAge = 9;
  let hatAge = 9;
  const pitch = (degree: number, octave: number): number => {
    const tone = scale[((degree % 7) + 7) % 7] ?? 0;
    return root * 2 ** (octave + Math.floor(degree / 7) + tone / 12);
  };
  const play = (): void => {
    step += 1;
    const chord = [0, 5, 3, 4][Math.floor(step / 8) % 4] ?? 0;
    hatAge = 0;
    if (step % 4 === 0 || random.next() < 0.1) kickAge = 0;
    if (step % 4 === 2) snareAge = 0;
    notes = notes.filter(({ age, decayS }) => age < 5 * decayS);
    if (step % 2 === 0) {
      notes.push({ hz: pitch(chord, 0), wave: bass, gain: 0.35, decayS: 0.3, vibrato: 0, age: 0 });
    }
    if (step % 8 === 0) {
      for (const third of [0, 2, 4]) {
        notes.push({
          hz: pitch(chord + third, 2),
          wave: strings,
          gain: 0.12,
          decayS: 1.2,
          vibrato: 0.001,
          age: 0,
        });
      }
    }
    if (random.next() < 0.6) {
      const hz = pitch(chord + Math.floor(random.between(0, 7)), 2);
      notes.push({ hz, wave: lead, gain: 0.25, decayS: random.between(0.2, 0.8), vibrato: 0.006, age: 0 });
    }
  };
  return () => {
    if (sample % stepSamples === 0) play();
    sample += 1;
    const sampleS = 1 / rateHz;
    let sum = 0;
    for (const note of notes) {
      const wobble = (note.vibrato / vibratoRate) * Math.sin(vibratoRate * note.age);
      const envelope = Math.min(1, note.age / 0.01) * Math.exp(-note.age / note.decayS);
      const turns = note.hz * (note.age + wobble);
      sum += note.gain * envelope * (note.wave[Math.floor((turns - Math.floor(turns)) * waveSamples)] ?? 0);
      note.age += sampleS;
    }
    sum +=
      0.9 *
      Math.exp(-kickAge / 0.09) *
      Math.sin(2 * Math.PI * (50 * kickAge + 6 * (1 - Math.exp(-kickAge / 0.03))));
    sum += 0.5 * Math.exp(-snareAge / 0.07) * snare(random.white());
    sum += 0.2 * Math.exp(-hatAge / 0.03) * hat(random.white());
    kickAge += sampleS;
    snareAge += sampleS;
    hatAge += sampleS;
    return room(sum);
  };
}
