import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Order, Report } from '../../src/audio/helper/messages.js';
import type { Helper, HelperListener } from '../../src/audio/helper-process.js';
import type { OpenedHelper, Reopening } from '../../src/audio/open-helper.js';
import type { SoundEvent } from '../../src/audio/sound.js';
import { SupervisedSound } from '../../src/audio/supervised-sound.js';
import type { PartKey } from '../../src/contract/events.js';

const a = { itemId: 'a', contentIndex: 0 };
const b = { itemId: 'b', contentIndex: 0 };

/** A helper that the test controls. Beats like a healthy one unless told not to. */
class FakeHelper implements Helper, OpenedHelper {
  readonly helper = this;
  readonly backend = 'fake';
  readonly inputName = 'mic';
  readonly outputName = 'speaker';
  readonly orders: Order[] = [];
  readonly played: PartKey[] = [];
  killed = false;
  private listener: HelperListener | undefined;
  private readonly timer: NodeJS.Timeout;

  constructor() {
    let count = 0;
    this.timer = setInterval(() => {
      count += 1;
      this.report({ type: 'beat', framesRead: count, blocksWritten: count });
    }, 200);
  }

  attach(listener: HelperListener): void {
    this.listener = listener;
  }

  report(report: Report): void {
    if (!this.killed) this.listener?.report(report);
  }

  freeze(): void {
    clearInterval(this.timer);
  }

  die(): void {
    this.freeze();
    this.listener?.ended('the sound helper ended with SIGSEGV');
  }

  send(order: Order): void {
    this.orders.push(order);
  }

  play(part: PartKey): void {
    this.played.push(part);
  }

  async close(): Promise<void> {
    this.kill();
  }

  kill(): void {
    this.killed = true;
    this.freeze();
  }
}

class Scene {
  readonly helpers: FakeHelper[] = [new FakeHelper()];
  readonly reopenings: Reopening[] = [];
  readonly events: SoundEvent[] = [];
  refuse = false;
  refusalMs = 100;
  readonly sound: SupervisedSound;

  constructor() {
    const open = async (reopening: Reopening): Promise<OpenedHelper> => {
      this.reopenings.push(reopening);
      if (this.refuse) {
        await new Promise((resolve) => setTimeout(resolve, this.refusalMs));
        throw new Error('no device');
      }
      this.helpers.push(new FakeHelper());
      return this.helper;
    };
    this.sound = new SupervisedSound(open, this.helper, 'gate');
    this.sound.onEvent = (event) => this.events.push(event);
  }

  get helper(): FakeHelper {
    const last = this.helpers.at(-1);
    if (last === undefined) throw new Error('no helper');
    return last;
  }

  get types(): string[] {
    return this.events.map(({ type }) => type);
  }

  rendered(part: PartKey, samples: number): void {
    this.helper.report({ type: 'rendered', parts: [{ ...part, samples }], level: 0.5 });
  }
}

describe('SupervisedSound', () => {
  let scene: Scene;

  beforeEach(() => {
    vi.useFakeTimers();
    scene = new Scene();
  });

  afterEach(async () => {
    await scene.sound.close();
    vi.useRealTimers();
  });

  it('passes on what the helper reports, in order', () => {
    scene.sound.play(a, new Uint8Array(4));
    scene.rendered(a, 2);
    scene.helper.report({ type: 'drained' });
    expect(scene.helper.played).toEqual([a]);
    expect(scene.events).toEqual([
      { type: 'rendered', parts: [{ ...a, samples: 2 }], level: 0.5 },
      { type: 'drained' },
    ]);
  });

  it('answers a clear with what the helper says', () => {
    scene.sound.play(a, new Uint8Array(4000));
    scene.rendered(a, 1000);
    scene.sound.clear(1);
    scene.rendered(a, 1100);
    scene.helper.report({ type: 'cleared', epoch: 1, parts: [{ ...a, samples: 1200 }] });
    expect(scene.events.slice(1)).toEqual([{ type: 'cleared', epoch: 1, parts: [{ ...a, samples: 1200 }] }]);
  });

  it('answers a clear itself when the helper does not, once, with the last known positions', () => {
    scene.sound.play(a, new Uint8Array(4000));
    scene.rendered(a, 1000);
    scene.sound.clear(1);
    scene.rendered(a, 1100);
    vi.advanceTimersByTime(499);
    scene.helper.report({ type: 'cleared', epoch: 1, parts: [{ ...a, samples: 1200 }] });
    expect(scene.events.filter(({ type }) => type === 'cleared')).toEqual([
      { type: 'cleared', epoch: 1, parts: [{ ...a, samples: 1100 }] },
    ]);
  });

  it('answers an outstanding clear before it reports the loss', () => {
    scene.sound.play(a, new Uint8Array(4000));
    scene.sound.clear(1);
    scene.helper.die();
    expect(scene.types).toEqual(['cleared', 'lost']);
  });

  it('replaces a helper that died and counts on from where the lost one was', async () => {
    scene.sound.play(a, new Uint8Array(4000));
    scene.rendered(a, 1000);
    scene.helper.die();
    expect(scene.events.at(-1)).toMatchObject({ type: 'lost', message: expect.stringContaining('SIGSEGV') });
    scene.sound.play(a, new Uint8Array(4000));
    scene.sound.endPart(a);
    scene.sound.setMuted(true);
    await vi.advanceTimersByTimeAsync(10);
    expect(scene.events.at(-1)).toEqual({
      type: 'restored',
      message: 'Sound is back: now using "mic" and "speaker".',
    });
    expect(scene.helper.played).toEqual([a]);
    expect(scene.helper.orders).toContainEqual({ type: 'mute', muted: true });
    expect(scene.helper.orders.at(-1)).toEqual({ type: 'end', ...a });
    scene.rendered(a, 500);
    expect(scene.events.at(-1)).toMatchObject({ parts: [{ ...a, samples: 1500 }] });
  });

  it('drops what waits for a new helper when it is cleared', async () => {
    scene.helper.die();
    scene.sound.play(a, new Uint8Array(4000));
    scene.sound.clear(3);
    scene.sound.play(b, new Uint8Array(4000));
    await vi.advanceTimersByTimeAsync(10);
    expect(scene.events).toContainEqual({ type: 'cleared', epoch: 3, parts: [{ ...a, samples: 0 }] });
    expect(scene.helper.played).toEqual([b]);
  });

  it('kills a stalled helper within 1.4 s', async () => {
    const first = scene.helper;
    first.freeze();
    await vi.advanceTimersByTimeAsync(1400);
    expect(first.killed).toBe(true);
    expect(scene.types).toEqual(['lost', 'restored']);
  });

  it('tells after seven seconds that the device stays away, and goes on trying, every other time with any device', async () => {
    scene.refuse = true;
    scene.helper.die();
    await vi.advanceTimersByTimeAsync(6500);
    expect(scene.types).toEqual(['lost']);
    await vi.advanceTimersByTimeAsync(1500);
    expect(scene.types).toEqual(['lost', 'failed']);
    expect(scene.sound.away).toBe(true);
    expect(scene.reopenings.slice(0, 7).map(({ anyDevice }) => anyDevice)).toEqual([
      ...[false, false, false, false],
      ...[true, false, true],
    ]);
    scene.sound.play(a, new Uint8Array(4));
    scene.sound.clear(9);
    await vi.advanceTimersByTimeAsync(500);
    expect(scene.events.at(-1)).toEqual({ type: 'cleared', epoch: 9, parts: [{ ...a, samples: 0 }] });
  });

  it.each([5, 25, 120, 590])('is back within a second of its return after %i s', async (awayS) => {
    scene.refuse = true;
    scene.helper.die();
    await vi.advanceTimersByTimeAsync(awayS * 1000);
    scene.refuse = false;
    await vi.advanceTimersByTimeAsync(1000);
    expect(scene.types.at(-1)).toBe('restored');
    expect(scene.types.filter((type) => type === 'failed')).toHaveLength(awayS > 7 ? 1 : 0);
    expect(scene.sound.away).toBe(false);
    scene.sound.play(b, new Uint8Array(4));
    expect(scene.helper.played).toEqual([b]);
  });

  it('tries again soon what cost nothing, and keeps to the chosen devices then', async () => {
    scene.refuse = true;
    scene.refusalMs = 1;
    scene.helper.die();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(scene.reopenings.length).toBeGreaterThan(250);
    scene.refuse = false;
    await vi.advanceTimersByTimeAsync(300);
    expect(scene.types.at(-1)).toBe('restored');
    expect(scene.reopenings.some(({ anyDevice }) => anyDevice)).toBe(false);
  });

  it('asks less often for a device that is away for longer than ten minutes', async () => {
    scene.refuse = true;
    scene.helper.die();
    await vi.advanceTimersByTimeAsync(700_000);
    const before = scene.reopenings.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(scene.reopenings.length - before).toBeLessThan(15);
    scene.refuse = false;
    await vi.advanceTimersByTimeAsync(5000);
    expect(scene.types.at(-1)).toBe('restored');
  });

  it('reopens what was open before, and nothing else', async () => {
    scene.refuse = true;
    scene.helper.die();
    await vi.advanceTimersByTimeAsync(20_000);
    const before = { backend: 'fake', input: true, output: true };
    expect(
      scene.reopenings.every((reopening) => JSON.stringify(reopening.before) === JSON.stringify(before)),
    ).toBe(true);
  });

  it('comes back however often a device is lost again at once, but not faster than it can', async () => {
    for (let n = 0; n < 12; n += 1) {
      scene.helper.die();
      await vi.advanceTimersByTimeAsync(800);
      expect(scene.types.at(-1)).toBe('restored');
    }
    expect(scene.reopenings).toHaveLength(12);
  });

  it('waits for devices that could not be opened at first, without a loss to tell', async () => {
    let there = false;
    const helper = new FakeHelper();
    const open = async (): Promise<OpenedHelper> => {
      if (!there) throw new Error('no device');
      return helper;
    };
    const sound = new SupervisedSound(open, undefined, 'gate');
    const events: SoundEvent[] = [];
    sound.onEvent = (event) => events.push(event);
    expect([sound.away, sound.backend, sound.inputName]).toEqual([true, 'none', null]);
    await vi.advanceTimersByTimeAsync(40_000);
    expect(events).toEqual([]);
    there = true;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(events).toEqual([{ type: 'restored', message: 'Sound is there: now using "mic" and "speaker".' }]);
    expect([sound.away, sound.backend, sound.inputName]).toEqual([false, 'fake', 'mic']);
    await sound.close();
    expect(helper.killed).toBe(true);
  });

  it('emits nothing after closing, even when a helper opens late', async () => {
    const events = scene.events;
    scene.helper.die();
    await scene.sound.close();
    const told = events.length;
    await vi.advanceTimersByTimeAsync(20_000);
    scene.helper.report({ type: 'drained' });
    scene.sound.play(a, new Uint8Array(4));
    expect(events).toHaveLength(told);
    await scene.sound.close();
  });

  it('answers what is outstanding when it is closed', async () => {
    scene.sound.clear(5);
    await scene.sound.close();
    expect(scene.events).toEqual([{ type: 'cleared', epoch: 5, parts: [] }]);
    expect(scene.helper.killed).toBe(true);
  });
});
