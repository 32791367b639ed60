import { expect, it, vi } from 'vitest';
import { Listeners } from '../../../src/session/events/listeners.js';

it('tells all that listen, whatever one of them throws, and none that left', () => {
  const listeners = new Listeners<{ a: number; b: string }>();
  const heard: number[] = [];
  const reject = vi.spyOn(Promise, 'reject').mockImplementation(() => new Promise(() => {}));
  const mistake = new Error('a mistake of the program');
  listeners.add('a', () => {
    throw mistake;
  });
  const listener = (value: number) => heard.push(value);
  const leave = listeners.add('a', listener);
  listeners.add('a', listener);
  listeners.tell('a', 1);
  expect(heard).toEqual([1, 1]);
  expect(reject).toHaveBeenCalledWith(mistake);
  leave();
  listeners.tell('a', 2);
  listeners.tell('b', 'nobody listens');
  expect(heard).toEqual([1, 1, 2]);
  expect([listeners.anyFor('a'), listeners.anyFor('b')]).toEqual([true, false]);
  reject.mockRestore();
});
