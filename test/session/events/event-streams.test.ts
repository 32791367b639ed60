import { describe, expect, it } from 'vitest';
import { EventStreams } from '../../../src/session/events/event-streams.js';

async function take<Event>(iterator: AsyncIterator<Event>, count: number): Promise<Event[]> {
  const taken: Event[] = [];
  while (taken.length < count) {
    const { done, value } = await iterator.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}

describe('EventStreams', () => {
  it('gives the first iterator what came before it, and the others what comes', async () => {
    const streams = new EventStreams<number>();
    streams.put(1);
    const first = streams.iterator();
    const second = streams.iterator();
    streams.put(2);
    expect(await take(first, 2)).toEqual([1, 2]);
    expect(await take(second, 1)).toEqual([2]);
  });

  it('is congested while anybody is behind, and loses nothing', async () => {
    const streams = new EventStreams<number>();
    const quick = streams.iterator();
    const slow = streams.iterator();
    for (let i = 0; i < 300; i++) streams.put(i);
    await take(quick, 300);
    expect(streams.congested).toBe(true);
    expect(await take(slow, 300)).toEqual(Array.from({ length: 300 }, (_, i) => i));
    expect(streams.congested).toBe(false);
  });

  it('waits for nobody who left, who only listens, or who came after the end', async () => {
    const streams = new EventStreams<number>();
    for (let i = 0; i < 5000; i++) streams.put(i);
    expect(streams.congested).toBe(false);
    const leaving = streams.iterator();
    for (let i = 0; i < 300; i++) streams.put(i);
    expect(streams.congested).toBe(true);
    await leaving.return?.();
    expect(streams.congested).toBe(false);
    expect(await leaving.next()).toEqual({ done: true, value: undefined });
    streams.end();
    expect(await streams.iterator().next()).toEqual({ done: true, value: undefined });
  });

  it('ends for whoever waits, and after what is left for whoever is behind', async () => {
    const streams = new EventStreams<number>();
    const waiting = streams.iterator();
    const pending = [waiting.next(), waiting.next()];
    const behind = streams.iterator();
    streams.put(1);
    streams.end();
    expect(await Promise.all(pending)).toEqual([
      { done: false, value: 1 },
      { done: true, value: undefined },
    ]);
    expect(await take(behind, 5)).toEqual([1]);
  });
});
