import { type Filter, highPass, lowPass, pinking, resonator } from './filters.js';
import { music } from './music.js';
import type { Random } from './random.js';
import { Voice } from './voice.js';

/** Yields one sample after the other, at any loudness. */
export type Noise = () => number;
type MakeNoise = (random: Random, rateHz: number) => Noise;

/** The noises of places where people talk to their computers, made from nothing but numbers. */
export const rooms = {
  office: (random, rateHz) =>
    mixed([
      [1, ventilation(random.fork(), rateHz)],
      [0.5, keyboard(random.fork(), rateHz)],
      [0.3, babble(random.fork(), rateHz)],
      [0.6, knocks(random.fork(), rateHz, [4, 20])],
    ]),
  street: (random, rateHz) =>
    mixed([
      [0.6, traffic(random.fork(), rateHz)],
      [1, traffic(random.fork(), rateHz)],
      [0.15, babble(random.fork(), rateHz)],
    ]),
  keyboard: (random, rateHz) =>
    mixed([
      [1, keyboard(random.fork(), rateHz)],
      [0.02, pink(random.fork())],
    ]),
  music: (random, rateHz) => music(random, rateHz),
  fan: (random, rateHz) =>
    mixed([
      [1, switched(random.fork(), rateHz, ventilation(random.fork(), rateHz))],
      [0.03, pink(random.fork())],
    ]),
  babble: (random, rateHz) => babble(random, rateHz),
  doors: (random, rateHz) =>
    mixed([
      [1, knocks(random.fork(), rateHz, [2, 9])],
      [0.7, coughs(random.fork(), rateHz)],
      [0.6, dishes(random.fork(), rateHz)],
      [0.02, pink(random.fork())],
    ]),
} as const satisfies Record<string, MakeNoise>;

export type RoomName = keyof typeof rooms;

function mixed(parts: readonly (readonly [gain: number, noise: Noise])[]): Noise {
  return () => {
    let sum = 0;
    for (const [gain, noise] of parts) sum += gain * noise();
    return sum;
  };
}

function pink(random: Random): Noise {
  const filter = pinking();
  return () => filter(random.white());
}

/** Air, and the hum of a motor with the harmonics of its blades. */
function ventilation(random: Random, rateHz: number): Noise {
  const air = pink(random.fork());
  const hz = random.between(45, 120);
  const gains = Array.from({ length: 6 }, () => random.between(0.005, 0.06));
  let phase = 0;
  let flutter = 0;
  return () => {
    flutter += 0.0005 * (random.white() - flutter);
    phase += (2 * Math.PI * hz * (1 + flutter)) / rateHz;
    let hum = 0;
    for (const [index, gain] of gains.entries()) hum += gain * Math.sin((index + 1) * phase);
    return 0.4 * air() + hum;
  };
}

/** Off and on, with a start of some tenths of a second. */
function switched(random: Random, rateHz: number, noise: Noise): Noise {
  let on = false;
  let left = 0;
  let gain = 0;
  let rise = 1;
  return () => {
    if (left <= 0) {
      on = !on;
      left = random.between(6, 25) * rateHz;
      rise = 1 / (random.between(0.05, 2) * rateHz);
    }
    left -= 1;
    gain = on ? Math.min(1, gain + rise) : Math.max(0, gain - rise);
    return gain * noise();
  };
}

/** Events at random intervals; each is a function of its age in seconds that returns undefined when it is over. */
function events(
  random: Random,
  rateHz: number,
  gapS: readonly [number, number],
  start: () => (ageS: number) => number | undefined,
): Noise {
  let wait = random.between(...gapS) * rateHz;
  const running = new Set<{ age: number; sound: (ageS: number) => number | undefined }>();
  return () => {
    wait -= 1;
    if (wait <= 0) {
      wait = random.between(...gapS) * rateHz;
      running.add({ age: 0, sound: start() });
    }
    let sum = 0;
    for (const event of running) {
      const sample = event.sound(event.age / rateHz);
      event.age += 1;
      if (sample === undefined) running.delete(event);
      else sum += sample;
    }
    return sum;
  };
}

/** Typing in bursts: each key clicks, and thumps on the desk. */
function keyboard(random: Random, rateHz: number): Noise {
  let burst = 0;
  const press = () => {
    const click = resonator(random.between(1800, 4500), 900, rateHz);
    const thump = resonator(random.between(90, 260), 60, rateHz);
    const force = random.between(0.4, 1);
    return (ageS: number) => {
      if (ageS > 0.09) return undefined;
      const excitation = ageS < 0.004 ? random.white() : 0;
      const back = ageS > 0.06 && ageS < 0.062 ? 0.5 * random.white() : 0;
      return force * (6 * click(excitation + back) + 40 * thump(excitation) * Math.exp(-ageS / 0.02));
    };
  };
  const fast = events(random.fork(), rateHz, [0.05, 0.25], press);
  return () => {
    burst -= 1 / rateHz;
    if (burst < -random.between(0.5, 4)) burst = random.between(1, 8);
    const sample = fast();
    return burst > 0 ? sample : 0;
  };
}

/** Doors, steps, things put down: a blow, and a body that rings. */
function knocks(random: Random, rateHz: number, gapS: readonly [number, number]): Noise {
  return events(random.fork(), rateHz, gapS, () => {
    const low = resonator(random.between(60, 180), random.between(8, 40), rateHz);
    const middle = resonator(random.between(200, 900), random.between(40, 200), rateHz);
    const dull = lowPass(random.between(800, 3000), rateHz);
    const decayS = random.between(0.03, 0.25);
    const force = random.between(0.3, 2);
    return (ageS) => {
      if (ageS > 8 * decayS) return undefined;
      const blow = dull(random.white()) * Math.exp(-ageS / (0.4 * decayS));
      const ring = (4 * low(blow) + 3 * middle(blow)) * Math.exp(-ageS / decayS);
      return force * (blow + 6 * ring);
    };
  });
}

/** One to three bursts of air through a throat; the last part is voiced in some. */
function coughs(random: Random, rateHz: number): Noise {
  return events(random.fork(), rateHz, [5, 20], () => {
    const throat = [
      resonator(random.between(350, 700), 250, rateHz),
      resonator(random.between(1000, 1600), 300, rateHz),
      resonator(random.between(2300, 3200), 500, rateHz),
    ];
    const bursts = Math.ceil(random.between(0, 3));
    const everyS = random.between(0.3, 0.5);
    const voicedHz = random.next() < 0.5 ? random.between(120, 260) : 0;
    let phase = 0;
    return (ageS) => {
      const burst = Math.floor(ageS / everyS);
      if (burst >= bursts) return undefined;
      const inS = ageS - burst * everyS;
      const envelope = Math.min(1, inS / 0.008) * Math.exp(-inS / 0.07);
      phase += (voicedHz * (1 + 0.3 * random.white())) / rateHz;
      let pulse = 0;
      if (phase >= 1) {
        phase -= 1;
        pulse = inS > 0.1 ? 10 : 0;
      }
      const air = (random.white() + pulse) * envelope;
      let sum = 0;
      for (const formant of throat) sum += formant(air);
      return 3 * sum;
    };
  });
}

/** Glass and china: a few high tones that fit no scale and fade. */
function dishes(random: Random, rateHz: number): Noise {
  return events(random.fork(), rateHz, [1, 9], () => {
    const tones = Array.from({ length: 5 }, () => ({
      hz: random.between(1200, 6500),
      gain: random.between(0.02, 0.2),
      decayS: random.between(0.03, 0.3),
    }));
    return (ageS) => {
      if (ageS > 1.5) return undefined;
      let sum = 0;
      for (const { hz, gain, decayS } of tones) {
        sum += gain * Math.sin(2 * Math.PI * hz * ageS) * Math.exp(-ageS / decayS);
      }
      return sum;
    };
  });
}

/** Vehicles that come and go: tyres, wind, and an engine below. */
function traffic(random: Random, rateHz: number): Noise {
  const far = lowPass(250, rateHz);
  const base = pink(random.fork());
  const passing = events(random.fork(), rateHz, [3, 14], () => {
    const lengthS = random.between(4, 12);
    const tyres: Filter = lowPass(random.between(500, 1500), rateHz);
    const cut: Filter = highPass(60, rateHz);
    const engineHz = random.between(35, 110);
    const loudness = random.between(0.4, 2);
    let phase = 0;
    return (ageS) => {
      if (ageS > lengthS) return undefined;
      const place = (ageS / lengthS) * 2 - 1;
      const nearness = 1 / (1 + 25 * place * place);
      phase += (engineHz * (1 - 0.06 * Math.tanh(4 * place))) / rateHz;
      const engine = 0.15 * Math.sin(2 * Math.PI * phase) + 0.1 * Math.sin(4 * Math.PI * phase);
      return loudness * nearness * (2 * cut(tyres(random.white())) + engine);
    };
  });
  return () => far(base()) + passing();
}

/** A room full of people. */
function babble(random: Random, rateHz: number): Noise {
  const voices = Array.from({ length: 6 }, () => new Voice(random.fork(), rateHz));
  const gains = voices.map(() => random.between(0.5, 1));
  const wall = lowPass(2500, rateHz);
  return () => {
    let sum = 0;
    for (const [index, voice] of voices.entries()) sum += (gains[index] ?? 0) * voice.next();
    return wall(sum);
  };
}
