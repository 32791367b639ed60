import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/contract/commands.js';
import { Upstream } from '../../../src/session/voice/upstream.js';
import { frames } from '../frames.js';

const frameMs = 20;
const speech = frames('speech', 1000);
const silence = frames('silence', 1000);

interface LineOptions {
  /** How much of the sound the network takes, 1 = just as fast as it is said. */
  readonly speed: (atMs: number) => number;
  readonly roundTripMs?: number;
  readonly answers?: boolean;
}

/** A network that takes so much at a time, and shows how late each piece of sound arrives. */
class Line {
  readonly told: number[] = [];
  readonly arrived: Command[] = [];
  /** When the microphone heard it, and when it arrived, in milliseconds. */
  readonly lateMs: number[] = [];
  nowMs = 0;
  readonly upstream: Upstream;
  private queue: ({ command: Command; ms: number } | { probe: number })[] = [];
  private signs: { id: number; atMs: number }[] = [];
  private readonly heardAtMs = new Map<Uint8Array, number>();
  private takenMs = 0;

  constructor(private readonly options: LineOptions) {
    const { answers = true } = options;
    this.upstream = new Upstream(
      24_000,
      {
        send: (command) =>
          this.queue.push({
            command,
            ms: command.type === 'audio.append' ? command.audio.byteLength / 48 : 0,
          }),
        probe: (id) => answers && this.queue.push({ probe: id }) > 0,
        bufferedBytes: () => this.onTheWayMs * 48 * 1.4,
        slow: (lostMs) => this.told.push(lostMs),
      },
      () => this.nowMs,
    );
  }

  get worstMs(): number {
    return Math.max(0, ...this.lateMs);
  }

  private get onTheWayMs(): number {
    return this.queue.reduce((sum, entry) => sum + ('ms' in entry ? entry.ms : 0), 0) - this.takenMs;
  }

  /** `pattern`: speech or silence for each second. */
  say(pattern: string): void {
    for (const letter of pattern) {
      for (const sound of letter === 's' ? speech : silence) {
        const frame = sound.slice();
        // Marks the frame, so that it is known again where it arrives.
        new DataView(frame.buffer).setUint32(0, this.heardAtMs.size, true);
        this.heardAtMs.set(frame, this.nowMs);
        this.upstream.sound(frame, true);
        this.step();
      }
    }
  }

  wait(ms: number): void {
    for (let past = 0; past < ms; past += frameMs) this.step();
  }

  private step(): void {
    const { speed, roundTripMs = 50 } = this.options;
    this.nowMs += frameMs;
    this.takenMs += frameMs * speed(this.nowMs);
    for (let next = this.queue[0]; next !== undefined; next = this.queue[0]) {
      if ('ms' in next && next.ms > this.takenMs) break;
      this.queue.shift();
      if ('probe' in next) this.signs.push({ id: next.probe, atMs: this.nowMs + roundTripMs });
      else {
        this.takenMs -= next.ms;
        this.arrived.push(next.command);
        this.measure(next.command);
      }
    }
    if (this.queue.length === 0) this.takenMs = 0;
    const due = this.signs.filter(({ atMs }) => atMs <= this.nowMs);
    this.signs = this.signs.filter(({ atMs }) => atMs > this.nowMs);
    for (const { id } of due) this.upstream.arrived(id);
    if (this.nowMs % 100 === 0) this.upstream.tick();
  }

  private measure(command: Command): void {
    if (command.type !== 'audio.append') return;
    const { buffer, byteOffset } = command.audio;
    const mark = new DataView(buffer, byteOffset).getUint32(0, true);
    this.lateMs.push(this.nowMs - mark * frameMs);
  }

  get lostMs(): number {
    return this.told.reduce((sum, ms) => sum + ms, 0);
  }
}

describe('the way into the network', () => {
  it.each([
    [20, 0],
    [200, 1000],
    [900, 5000],
  ])('holds nothing back where a fast network takes %d ms there and back', (roundTripMs, learnedMs) => {
    const line = new Line({ speed: () => 20, roundTripMs });
    line.say('ssssssssss');
    expect(line.worstMs).toBeLessThanOrEqual(800);
    expect(Math.max(...line.lateMs.slice(learnedMs / frameMs))).toBeLessThanOrEqual(40);
    expect(line.lateMs).toHaveLength(500);
    expect(line.told).toEqual([]);
  });

  it.each([0.9, 0.5, 0.25])('never falls more than 2 s behind at %d of the speed that it needs', (speed) => {
    const line = new Line({ speed: () => speed });
    line.say('s'.repeat(30));
    expect(line.worstMs).toBeLessThanOrEqual(2000);
    expect(line.told.length).toBeGreaterThan(0);
    line.wait(12_000);
    const spokenMs = 30_000 - line.lateMs.length * frameMs;
    expect(spokenMs).toBeGreaterThan(500);
    expect(Math.abs(line.lostMs - spokenMs)).toBeLessThan(2500);
  });

  it('notices a network that becomes slow in the middle', () => {
    const line = new Line({ speed: (atMs) => (atMs < 6000 ? 20 : 0.4) });
    line.say('s'.repeat(20));
    expect(line.worstMs).toBeLessThanOrEqual(2000);
    expect(line.lostMs).toBeGreaterThan(0);
  });

  it('drops pauses before words', () => {
    const line = new Line({ speed: () => 0.7 });
    line.say('s-s-s-s-s-s-s-s-s-s-');
    expect(line.worstMs).toBeLessThanOrEqual(2000);
    expect(line.lostMs).toBe(0);
  });

  it('loses nothing where the other end is busy for a while', () => {
    const line = new Line({ speed: (atMs) => (atMs > 3000 && atMs < 7000 ? 0 : 20) });
    line.say('sssssssssss');
    line.wait(1000);
    expect(line.lateMs).toHaveLength(550);
    expect(line.lostMs).toBe(0);
  });

  it('keeps up by what the network has not taken, where the other end cannot be asked', () => {
    const line = new Line({ speed: () => 0.5, answers: false });
    line.say('s'.repeat(20));
    expect(line.worstMs).toBeLessThanOrEqual(2000);
    expect(line.lostMs).toBeGreaterThan(0);
  });

  it('drops nothing that a program sends faster than it is said', () => {
    const line = new Line({ speed: () => 2 });
    for (let second = 0; second < 20; second += 1)
      for (const frame of speech) line.upstream.sound(frame, false);
    line.wait(11_000);
    expect(line.arrived).toHaveLength(1000);
    expect(line.told).toEqual([]);
  });

  it('keeps the end of a turn behind its sound, and what follows behind that', () => {
    const line = new Line({ speed: () => 0.5 });
    line.say('ssss');
    line.upstream.command({ type: 'item.delete', itemId: 'a', eventId: 'e0' });
    line.upstream.command({ type: 'audio.commit', eventId: 'e1' });
    line.upstream.command({ type: 'response.create', eventId: 'e2' });
    line.wait(4000);
    const types = line.arrived.map(({ type }) => type);
    expect(types.slice(-2)).toEqual(['audio.commit', 'response.create']);
    expect(types.indexOf('item.delete')).toBeLessThan(types.lastIndexOf('audio.append'));
  });
});
