import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EnergyVad, type VadEvent, type VadOptions } from '../../../src/audio/turns/energy-vad.js';

const rateHz = 16_000;

function fixture(name: string): Int16Array {
  const bytes = readFileSync(new URL(`../../fixtures/audio/${name}`, import.meta.url));
  return Int16Array.from({ length: (bytes.length - 44) / 2 }, (_, i) => bytes.readInt16LE(44 + i * 2));
}

/** Uniform noise of this RMS level, the same each time. */
function noise(ms: number, levelDb: number, seed = 1): Int16Array {
  const peak = Math.sqrt(3) * 32_768 * 10 ** (levelDb / 20);
  let state = seed;
  return Int16Array.from({ length: (ms * rateHz) / 1000 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.round((state / 2 ** 31 - 1) * peak);
  });
}

/** A voice without words at this peak: harmonics of a gliding pitch, in syllables of 200 ms with 50 ms between them. */
function voice(ms: number, peakDb: number, rate = rateHz, hz = 140, aheadS = 0): Int16Array {
  const peak = 32_768 * 10 ** (peakDb / 20);
  return Int16Array.from({ length: (ms * rate) / 1000 }, (_, i) => {
    const s = i / rate + aheadS;
    const angle = 2 * Math.PI * (hz * s + 10 * Math.sin(3 * s));
    const inMs = (s * 1000) % 250;
    const mouth = inMs < 200 ? 0.3 + 0.7 * Math.sin((Math.PI * inMs) / 200) : 0;
    const sum = 0.5 * Math.cos(angle) + 0.3 * Math.cos(2 * angle) + 0.2 * Math.cos(3 * angle);
    return Math.round(peak * mouth * sum);
  });
}

/** Six of them, each beginning a little later than the one before. */
function crowd(ms: number, levelDb: number, seed: number): Int16Array {
  let all = silence(ms);
  for (let n = 0; n < 6; n += 1) {
    const waitMs = n * 90;
    const one = voice(ms - waitMs, levelDb + 4, rateHz, 95 + ((37 * n + 13 * seed) % 140), 0.37 * n + seed);
    all = mix(all, concat(silence(waitMs), one));
  }
  return all;
}

function silence(ms: number): Int16Array {
  return new Int16Array((ms * rateHz) / 1000);
}

function concat(...parts: Int16Array[]): Int16Array {
  const all = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function mix(a: Int16Array, b: Int16Array): Int16Array {
  return a.map((sample, i) => Math.max(-32_768, Math.min(32_767, sample + (b[i % b.length] ?? 0))));
}

function scaled(pcm: Int16Array, db: number): Int16Array {
  return pcm.map((sample) => Math.round(sample * 10 ** (db / 20)));
}

function events(pcm: Int16Array, options: Partial<VadOptions> = {}, chunkSamples = 320): VadEvent[] {
  const vad = new EnergyVad({ rateHz, ...options });
  const all: VadEvent[] = [];
  for (let at = 0; at < pcm.length; at += chunkSamples)
    all.push(...vad.push(pcm.subarray(at, at + chunkSamples)));
  return [...all, ...vad.flush()];
}

function types(found: readonly VadEvent[]): string {
  return found.map((event) => event.type).join(' ');
}

function ms(samples: number): number {
  return (samples / rateHz) * 1000;
}

describe('speech', () => {
  const question = fixture('question.wav');

  it('finds one question and its ends', () => {
    const found = events(concat(question, silence(1000)));
    expect(types(found)).toBe('start stop');
    const [start, stop] = found;
    // Its first sound is at 300 ms, its last at 1755 ms, of which the last 15 ms are too weak.
    expect(ms(start!.speechSample)).toBe(300);
    expect(start!.sample).toBe(start!.speechSample - (300 * rateHz) / 1000);
    expect(ms(stop!.speechSample)).toBe(1740);
    expect(ms(stop!.sample - stop!.speechSample)).toBe(500);
  });

  it('finds two turns with a pause between them', () => {
    const found = events(fixture('two-turns.wav'));
    expect(types(found)).toBe('start stop start stop');
    expect(ms(found[2]!.speechSample - found[1]!.speechSample)).toBeGreaterThan(1800);
  });

  it('takes two turns for one when more silence is allowed', () => {
    expect(types(events(fixture('two-turns.wav'), { silenceMs: 2500 }))).toBe('start stop');
  });

  it.each([-20, -12, 0])('hears it at %i dB', (db) => {
    expect(types(events(scaled(question, db)))).toBe('start stop');
  });

  it('hears it over noise', () => {
    const loud = concat(noise(1500, -40), mix(question, noise(5000, -40, 7)), noise(1500, -40, 3));
    const found = events(loud);
    expect(types(found)).toBe('start stop');
    expect(ms(found[0]!.speechSample)).toBeGreaterThan(1500 + 280);
    expect(ms(found[0]!.speechSample)).toBeLessThan(1500 + 450);
    expect(ms(found[1]!.speechSample)).toBeGreaterThan(1500 + 1600);
    expect(ms(found[1]!.speechSample)).toBeLessThan(1500 + 1800);
  });

  it('hears it when the very first sample is speech', () => {
    const speech = question.subarray((320 * rateHz) / 1000);
    const [start] = events(concat(speech, silence(600)));
    expect(start).toMatchObject({ type: 'start', sample: 0 });
  });

  it('needs louder speech with a higher threshold', () => {
    const quiet = scaled(question, -26);
    expect(types(events(quiet, { threshold: 0 }))).toMatch(/^start/);
    expect(types(events(quiet, { threshold: 1 }))).toBe('');
  });

  it('hears at 8, 24, 44.1 and 48 kHz too', () => {
    for (const rate of [8000, 24_000, 44_100, 48_000]) {
      const spoken = concat(new Int16Array(rate / 2), voice(1000, -12, rate));
      const vad = new EnergyVad({ rateHz: rate });
      const [start] = vad.push(spoken);
      expect(start?.speechSample).toBe(rate / 2);
      expect(start?.sample).toBe(rate / 5);
    }
  });
});

describe('what is not speech', () => {
  it('ignores digital silence', () => {
    expect(events(silence(5000))).toEqual([]);
  });

  it.each([-40, -50, -60])('ignores noise at %i dBFS', (levelDb) => {
    expect(events(noise(10_000, levelDb))).toEqual([]);
    expect(events(concat(silence(1000), noise(5000, levelDb)))).toEqual([]);
  });

  it('ignores recorded noise and clicks', () => {
    expect(events(fixture('noise.wav'))).toEqual([]);
    expect(events(fixture('clicks.wav'))).toEqual([]);
  });

  it('ignores a burst shorter than the minimum speech, wherever it falls', () => {
    for (let offset = 0; offset < 320; offset += 17) {
      const burst = concat(noise(2000, -60), new Int16Array(offset), noise(100, -10), noise(2000, -60));
      expect(events(burst)).toEqual([]);
    }
    const speech = concat(noise(5000, -60), voice(200, -10), noise(2000, -60));
    expect(types(events(speech))).toBe('start stop');
  });

  it('ignores a DC offset', () => {
    expect(events(new Int16Array(rateHz * 3).fill(8000).fill(0, 0, 100))).toEqual([]);
  });

  it('ignores a noise that begins suddenly, and hears speech over it', () => {
    const suddenly = concat(noise(3000, -65), noise(12_000, -35));
    expect(events(suddenly)).toEqual([]);
    const question = scaled(fixture('question.wav'), 3);
    const found = events(concat(noise(3000, -65), noise(1000, -35), mix(question, noise(3000, -35))));
    expect(types(found)).toMatch(/^start/);
    expect(ms(found[0]!.speechSample)).toBeGreaterThanOrEqual(4000);
  });

  it.each([-48, -45, -42, -38, -35])(
    'ignores noise at %i dBFS after the microphone was closed',
    (levelDb) => {
      for (let seed = 1; seed <= 4; seed += 1) {
        // Closed within a frame: zeros follow a sample that is not zero.
        const after = concat(noise(4013, levelDb, seed), silence(3000), noise(6000, levelDb, seed + 9));
        expect(events(after)).toEqual([]);
      }
    },
  );

  it.each([25, 60, 200])('ignores noise after a device dropped out for %i ms', (dropMs) => {
    for (let offset = 0; offset < 320; offset += 53) {
      const dropped = concat(
        noise(3000, -42),
        new Int16Array(offset),
        silence(dropMs),
        noise(1000, -42, 2),
        silence(dropMs),
        noise(4000, -42, 3),
      );
      expect(events(dropped)).toEqual([]);
    }
  });

  it.each([-48, -44, -40, -36])(
    'ignores people who all begin to talk in the background, at %i dBFS',
    (levelDb) => {
      for (let seed = 1; seed <= 2; seed += 1) {
        const room = crowd(8000, levelDb, seed);
        expect(events(room)).toEqual([]);
        expect(events(concat(silence(3000), room))).toEqual([]);
        // A question right after a turn, and an answer during which the microphone is closed.
        const question = scaled(fixture('question.wav'), levelDb + 36);
        const asked = concat(
          fixture('question.wav'),
          silence(3000),
          room,
          mix(question, crowd(2600, levelDb, seed)),
        );
        const found = events(asked).filter(({ type }) => type === 'start');
        expect(found).toHaveLength(2);
        expect(ms(found[1]!.speechSample)).toBeGreaterThan(2600 + 3000 + 8000);
      }
    },
  );

  it('ignores the piece of an answer that a cough lets through the closed microphone', () => {
    const echo = voice(180, -36, rateHz, 140, 0.02);
    const through = concat(noise(5000, -65), silence(1000), noise(60, -43), echo, silence(2000));
    expect(events(through)).toEqual([]);
  });

  it('does not take a weak ringing and a loud blow for one word', () => {
    const ringing = voice(120, -36, rateHz, 140, 0.05);
    const blow = voice(100, -6, rateHz, 180, 0.05);
    expect(events(concat(noise(5000, -65), ringing, blow, noise(2000, -65)))).toEqual([]);
  });

  it('ends a turn although a noise began in it', () => {
    const found = events(concat(fixture('question.wav'), noise(4000, -35)));
    expect(types(found)).toBe('start stop');
    expect(ms(found[1]!.sample)).toBeLessThan(2600 + 500);
  });

  it('is not kept open by clicks', () => {
    const found = events(concat(fixture('question.wav'), fixture('clicks.wav')));
    expect(types(found)).toBe('start stop');
    expect(ms(found[1]!.speechSample)).toBe(1740);
  });
});

describe('turns', () => {
  const question = fixture('question.wav');

  it('tells whether a turn is open, and closes it at the end of the input', () => {
    const vad = new EnergyVad({ rateHz });
    expect(vad.speaking).toBe(false);
    vad.push(question.subarray(0, rateHz));
    expect(vad.speaking).toBe(true);
    expect(vad.position).toBe(rateHz);
    expect(vad.flush()).toMatchObject([{ type: 'stop', sample: rateHz }]);
    expect(vad.speaking).toBe(false);
    expect(vad.flush()).toEqual([]);
  });

  it('forgets an open turn on reset, and hears the rest as a turn of its own', () => {
    const vad = new EnergyVad({ rateHz });
    vad.push(question.subarray(0, rateHz));
    vad.reset();
    expect(vad.speaking).toBe(false);
    const [start] = vad.push(question.subarray(rateHz));
    expect(start).toMatchObject({ type: 'start' });
    expect(start!.sample).toBeGreaterThanOrEqual(rateHz);
  });

  it('yields the same events however the sound is cut', () => {
    const sound = concat(fixture('two-turns.wav'), fixture('clicks.wav'), question);
    const expected = events(sound);
    expect(types(expected)).toBe('start stop start stop start stop');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), (chunkSamples) => {
        expect(events(sound, {}, chunkSamples)).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it('alternates start and stop, forwards in time, whatever it hears', () => {
    const piece = fc.record({
      lengthMs: fc.integer({ min: 1, max: 60 }).map((tens) => tens * 10),
      levelDb: fc.integer({ min: -70, max: 0 }),
    });
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 25 }),
        fc.integer({ min: 100, max: 800 }),
        (pieces, silenceMs) => {
          const found = events(concat(...pieces.map((p, i) => noise(p.lengthMs, p.levelDb, i + 1))), {
            silenceMs,
          });
          let position = 0;
          found.forEach((event, i) => {
            expect(event.type).toBe(i % 2 === 0 ? 'start' : 'stop');
            expect(event.sample).toBeGreaterThanOrEqual(position);
            position = event.sample;
          });
          expect(found.length % 2).toBe(0);
        },
      ),
      { numRuns: 100 },
    );
  });
});
