import { describe, expect, it } from 'vitest';
import { EchoGate } from '../../../src/audio/microphone/echo-gate.js';

const frameMs = 20;

/** Loudness of something like speech: syllables of 200 ms, a pause every two seconds. Levels are RMS. */
function speech(atMs: number, loudness: number): number {
  if (atMs % 2000 > 1700) return 0;
  return loudness * (0.15 + 0.85 * Math.abs(Math.sin((Math.PI * atMs) / 200 + Math.sin(atMs / 90))));
}

interface Scene {
  readonly echoGain: number;
  readonly echoDelayMs: number;
  /** Level of the user at a moment; nothing by default. */
  readonly user?: (atMs: number) => number;
  readonly seconds?: number;
}

/** Plays an answer from 1 s on and returns the moments whose frames passed. */
function listen(gate: EchoGate, { echoGain, echoDelayMs, user = () => 0, seconds = 10 }: Scene): number[] {
  const answer = (atMs: number) => (atMs < 1000 ? 0 : speech(atMs, 0.15));
  const passed: number[] = [];
  for (let atMs = 0; atMs < seconds * 1000; atMs += frameMs) {
    for (const blockMs of [atMs, atMs + 10]) if (blockMs >= 1000) gate.render(answer(blockMs), blockMs);
    const echo = echoGain * answer(atMs - echoDelayMs);
    if (gate.passes(Math.hypot(echo, user(atMs), 0.0005), atMs + frameMs)) passed.push(atMs);
  }
  return passed;
}

const whileSpeaking = (passed: number[]) => passed.filter((atMs) => atMs >= 1000);

describe('EchoGate, gate', () => {
  it.each([
    [-20, 30],
    [-20, 250],
    [-6, 80],
    [0, 80],
    [-40, 120],
  ])('lets nothing of its own sound through at %i dB and %i ms', (decibels, echoDelayMs) => {
    const scene = { echoGain: 10 ** (decibels / 20), echoDelayMs };
    expect(whileSpeaking(listen(new EchoGate('gate'), scene))).toEqual([]);
  });

  it('lets everything through while nothing is rendered', () => {
    const passed = listen(new EchoGate('gate'), { echoGain: 0.1, echoDelayMs: 80 });
    expect(passed.filter((atMs) => atMs < 1000)).toHaveLength(50);
  });

  it('hears a loud user within 60 ms, and without gaps between syllables', () => {
    const user = (atMs: number) => (atMs >= 5000 && atMs < 6000 ? speech(atMs - 5000, 0.2) : 0);
    const passed = whileSpeaking(listen(new EchoGate('gate'), { echoGain: 0.1, echoDelayMs: 80, user }));
    expect(passed[0]).toBeGreaterThanOrEqual(5000);
    expect(passed[0]).toBeLessThanOrEqual(5060);
    for (let n = 1; n < passed.length; n += 1)
      expect((passed[n] as number) - (passed[n - 1] as number)).toBe(frameMs);
    expect(passed.at(-1)).toBeGreaterThanOrEqual(5900);
    expect(passed.at(-1)).toBeLessThan(6400);
  });

  it('learns that headphones echo nothing: then a quiet user is enough', () => {
    const user = (atMs: number) => (atMs >= 4000 ? speech(atMs - 4000, 0.03) : 0);
    const passed = whileSpeaking(listen(new EchoGate('gate'), { echoGain: 0, echoDelayMs: 80, user }));
    expect(passed[0]).toBeGreaterThanOrEqual(4000);
    expect(passed[0]).toBeLessThanOrEqual(4200);
  });

  it('treats a single loud frame as a click', () => {
    const user = (atMs: number) => (atMs === 5000 ? 0.5 : 0);
    expect(whileSpeaking(listen(new EchoGate('gate'), { echoGain: 0.1, echoDelayMs: 80, user }))).toEqual([]);
  });

  it('adapts within three seconds when the volume is turned up', () => {
    const gate = new EchoGate('gate');
    listen(gate, { echoGain: 0.05, echoDelayMs: 80 });
    const passed = whileSpeaking(listen(gate, { echoGain: 0.8, echoDelayMs: 80 }));
    expect(passed.filter((atMs) => atMs > 4000)).toEqual([]);
  });
});

describe('EchoGate, half-duplex and off', () => {
  it('listens to nothing while sound is rendered and 250 ms after', () => {
    const gate = new EchoGate('half-duplex');
    expect(gate.passes(0.5, 0)).toBe(true);
    gate.render(0, 100);
    expect(gate.passes(1, 110)).toBe(false);
    expect(gate.passes(1, 350)).toBe(false);
    expect(gate.passes(1, 351)).toBe(true);
  });

  it('lets everything through when off', () => {
    const scene = { echoGain: 1, echoDelayMs: 50 };
    expect(whileSpeaking(listen(new EchoGate('off'), scene))).toHaveLength(450);
  });

  it('can be switched while something sounds', () => {
    const gate = new EchoGate('off');
    gate.render(0.1, 0);
    expect(gate.passes(0.1, 10)).toBe(true);
    gate.mode = 'half-duplex';
    expect(gate.passes(0.1, 20)).toBe(false);
    gate.mode = 'gate';
    expect(gate.passes(0.1, 30)).toBe(false);
  });
});
