import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../src/testing/fake-clock.js';

describe('FakeClock', () => {
  it('stands still until it is advanced', async () => {
    const clock = new FakeClock(1000);
    const { now } = clock;
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(now()).toBe(1000);
    await clock.advance(250);
    expect([now(), clock.nowMs()]).toEqual([1250, 1250]);
  });

  it('begins at the real time', () => {
    expect(Math.abs(new FakeClock().now() - Date.now())).toBeLessThan(1000);
  });

  it('calls in order of time, and lets each call set off the next', async () => {
    const clock = new FakeClock(0);
    const calls: string[] = [];
    clock.after(30, () => calls.push(`late at ${clock.now()}`));
    clock.after(10, () => {
      calls.push(`early at ${clock.now()}`);
      void Promise.resolve().then(() => clock.after(5, () => calls.push(`after it at ${clock.now()}`)));
    });
    const callOff = clock.after(20, () => calls.push('called off'));
    callOff();
    callOff();
    await clock.advance(20);
    expect(calls).toEqual(['early at 10', 'after it at 15']);
    expect(clock.waiting).toBe(1);
    await clock.advance(10);
    expect(calls.at(-1)).toBe('late at 30');
  });
});
