import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Playout, type PlayoutOptions } from '../../../src/audio/playback/playout.js';
import { pcmOf } from '../../../src/audio/samples/pcm16.js';

const a = { itemId: 'a', contentIndex: 0 };
const b = { itemId: 'b', contentIndex: 0 };

function constant(samples: number, value = 0.5): Uint8Array {
  return pcmOf(new Float32Array(samples).fill(value));
}

function noise(samples: number): Uint8Array {
  return pcmOf(Float32Array.from({ length: samples }, (_, n) => 0.4 * Math.sin(n * n)));
}

/** Pulls blocks of 10 ms and joins them. */
function pull(playout: Playout, toHz: number, ms: number): Float32Array {
  const frames = toHz / 100;
  const all = new Float32Array((frames * ms) / 10);
  for (let at = 0; at < all.length; at += frames) all.set(playout.pull(frames).samples, at);
  return all;
}

function same(rateHz = 24_000, more: Partial<PlayoutOptions> = {}): Playout {
  return new Playout({ fromHz: rateHz, toHz: rateHz, ...more });
}

describe('Playout', () => {
  it('hands over an ended part bit for bit, then silence', () => {
    const playout = same();
    const pcm = noise(2400);
    playout.enqueue(a, pcm);
    playout.endPart(a);
    const heard = pull(playout, 24_000, 150);
    expect(pcmOf(heard.subarray(0, 2400))).toEqual(pcm);
    expect(heard.subarray(2400).every((sample) => sample === 0)).toBe(true);
    expect(playout.takeRendered()).toEqual([{ ...a, samples: 2400 }]);
    expect(playout.takeDrained()).toBe(true);
    expect(playout.takeDrained()).toBe(false);
  });

  it('waits for 120 ms of sound while more may come', () => {
    const playout = same();
    playout.enqueue(a, constant(119 * 24));
    expect(playout.pull(240)).toMatchObject({ sounding: false });
    playout.enqueue(a, constant(24));
    expect(playout.pull(240)).toMatchObject({ sounding: true });
  });

  it('does not wait for more of a part that has ended', () => {
    const playout = same();
    playout.enqueue(a, constant(480));
    playout.endPart(a);
    expect(playout.pull(240).sounding).toBe(true);
  });

  it('plays a short part that is never ended after a while', () => {
    const playout = same();
    playout.enqueue(a, constant(480));
    const heard = pull(playout, 24_000, 500);
    expect(heard.filter((sample) => sample !== 0)).toHaveLength(480);
  });

  it('counts a gap within a part and waits longer after it', () => {
    const playout = same();
    playout.enqueue(a, constant(2880));
    pull(playout, 24_000, 200);
    expect(playout.underruns).toBe(0);
    playout.enqueue(a, constant(2880));
    expect(playout.pull(240).sounding).toBe(true);
    expect(playout.underruns).toBe(1);
    pull(playout, 24_000, 200);
    playout.enqueue(a, constant(170 * 24));
    expect(playout.pull(240).sounding).toBe(false);
    playout.enqueue(a, constant(10 * 24));
    expect(playout.pull(240).sounding).toBe(true);
    expect(playout.underruns).toBe(2);
  });

  it('counts no gap between two answers', () => {
    const playout = same();
    for (const part of [a, b]) {
      playout.enqueue(part, constant(4800));
      playout.endPart(part);
      pull(playout, 24_000, 400);
    }
    expect(playout.underruns).toBe(0);
  });

  it('fades out within 10 ms at a clear and counts what fades as heard', () => {
    const playout = same();
    playout.enqueue(a, constant(24_000));
    pull(playout, 24_000, 100);
    expect(playout.clear()).toEqual([{ ...a, samples: 2400 + 240 }]);
    const after = pull(playout, 24_000, 100);
    const fade = after.subarray(0, 240);
    expect(fade[0]).toBeCloseTo(0.5, 2);
    for (let n = 1; n < fade.length; n += 1) expect(fade[n]).toBeLessThan(fade[n - 1] as number);
    expect(after.subarray(240).every((sample) => sample === 0)).toBe(true);
    expect(playout.takeDrained()).toBe(false);
  });

  it('has heard nothing of what still waited for its start', () => {
    const playout = same();
    playout.enqueue(a, constant(240));
    playout.pull(240);
    expect(playout.clear()).toEqual([{ ...a, samples: 0 }]);
    expect(pull(playout, 24_000, 600).every((sample) => sample === 0)).toBe(true);
  });

  it('plays the next answer in full after a clear', () => {
    const playout = new Playout({ fromHz: 24_000, toHz: 48_000 });
    playout.enqueue(a, constant(24_000));
    pull(playout, 48_000, 50);
    playout.clear();
    playout.enqueue(b, noise(4800));
    playout.endPart(b);
    pull(playout, 48_000, 300);
    expect(playout.takeRendered()).toEqual([{ ...b, samples: 4800 }]);
  });

  it('counts several parts in their order', () => {
    const playout = same();
    playout.enqueue(a, constant(2400));
    playout.enqueue(b, constant(2400));
    pull(playout, 24_000, 150);
    expect(playout.takeRendered()).toEqual([
      { ...a, samples: 2400 },
      { ...b, samples: 1200 },
    ]);
  });

  it('subtracts what the device drops from what was heard, without a fade', () => {
    const playout = same(24_000, { discardedMs: 50 });
    playout.enqueue(a, constant(24_000));
    pull(playout, 24_000, 200);
    expect(playout.takeRendered()).toEqual([{ ...a, samples: 150 * 24 }]);
    expect(playout.clear()).toEqual([{ ...a, samples: 150 * 24 }]);
    expect(playout.pull(240)).toMatchObject({ sounding: false });
  });

  it('reports such a device as drained only when that has been played too', () => {
    const playout = same(24_000, { discardedMs: 50 });
    playout.enqueue(a, constant(2400));
    playout.endPart(a);
    pull(playout, 24_000, 140);
    expect(playout.takeDrained()).toBe(false);
    pull(playout, 24_000, 20);
    expect(playout.takeDrained()).toBe(true);
    expect(playout.takeRendered()).toEqual([{ ...a, samples: 2400 }]);
  });

  it('joins samples that were split between two chunks', () => {
    const playout = same();
    const pcm = noise(2400);
    playout.enqueue(a, pcm.subarray(0, 1001));
    playout.enqueue(a, pcm.subarray(1001, 1002));
    playout.enqueue(a, pcm.subarray(1002));
    playout.endPart(a);
    expect(pcmOf(pull(playout, 24_000, 100))).toEqual(pcm);
  });

  it('drops sound beyond its limit, and the part still ends', () => {
    const playout = same(24_000, { maxQueuedMs: 1000 });
    for (let n = 0; n < 30; n += 1) playout.enqueue(a, constant(2400));
    playout.endPart(a);
    const heard = pull(playout, 24_000, 1500);
    expect(heard.filter((sample) => sample !== 0)).toHaveLength(24_000);
    expect(playout.takeRendered()).toEqual([{ ...a, samples: 72_000 }]);
    expect(playout.takeDrained()).toBe(true);
  });

  it('keeps an hour that arrives at once', () => {
    const playout = same();
    const minute = constant(60 * 24_000);
    for (let n = 0; n < 60; n += 1) playout.enqueue(a, minute);
    const startedMs = performance.now();
    pull(playout, 24_000, 60_000);
    expect(playout.takeRendered()).toEqual([{ ...a, samples: 60 * 24_000 }]);
    expect(performance.now() - startedMs).toBeLessThan(5000);
  });

  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('play' as const), part: fc.nat(2), bytes: fc.nat(9000) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('end' as const), part: fc.nat(2) }) },
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant('pull' as const), blocks: fc.integer({ min: 1, max: 30 }) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const) }) },
  );
  const rates = fc.constantFrom(8000, 16_000, 22_050, 24_000, 44_100, 48_000);

  it('never counts more than it received, never backwards, and all of it in the end', () => {
    fc.assert(
      fc.property(
        rates,
        rates,
        fc.constantFrom(0, 70),
        fc.array(step, { maxLength: 40 }),
        (fromHz, toHz, discardedMs, steps) => {
          const playout = new Playout({ fromHz, toHz, discardedMs });
          const frames = Math.round(toHz / 100);
          let generation = 0;
          let received = new Map<string, number>();
          let rendered = new Map<string, number>();
          const ended = new Set<string>();
          const key = (part: number) => ({ itemId: `${part}.${generation}`, contentIndex: part });
          const check = (positions: readonly { itemId: string; samples: number }[]) => {
            for (const { itemId, samples } of positions) {
              expect(samples).toBeGreaterThanOrEqual(rendered.get(itemId) ?? 0);
              expect(samples).toBeLessThanOrEqual(Math.floor((received.get(itemId) ?? 0) / 2));
              rendered.set(itemId, samples);
            }
          };
          for (const one of steps) {
            if (one.do === 'play') {
              const part = key(one.part);
              if (ended.has(part.itemId)) continue;
              playout.enqueue(part, new Uint8Array(one.bytes).fill(64));
              received.set(part.itemId, (received.get(part.itemId) ?? 0) + one.bytes);
            } else if (one.do === 'end') {
              playout.endPart(key(one.part));
              ended.add(key(one.part).itemId);
            } else if (one.do === 'pull') {
              for (let n = 0; n < one.blocks; n += 1) playout.pull(frames);
              check(playout.takeRendered());
            } else {
              check(playout.clear());
              generation += 1;
              received = new Map();
              rendered = new Map();
              for (let n = 0; n < 2; n += 1) playout.pull(frames);
              expect(playout.pull(frames).samples.every((sample) => sample === 0)).toBe(true);
              expect(playout.takeRendered()).toEqual([]);
            }
          }
          for (const part of [0, 1, 2]) playout.endPart(key(part));
          while (playout.active) playout.pull(frames);
          check(playout.takeRendered());
          // A byte without its other half is not a sample; interleaved parts lose at most one each time they alternate.
          for (const [itemId, bytes] of received) {
            expect(rendered.get(itemId) ?? 0).toBeGreaterThanOrEqual(Math.floor(bytes / 2) - steps.length);
          }
          expect(playout.pull(frames).samples.every((sample) => sample === 0)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});
