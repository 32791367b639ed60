import { expect, it, vi } from 'vitest';
import { ListenersByType } from '../../../src/session/events/listeners-by-type.js';

it('tells the listeners of the type, whatever one of them throws, and none that were removed', () => {
  const listeners = new ListenersByType<{ a: number; b: string }>();
  const heard: number[] = [];
  const reject = vi.spyOn(Promise, 'reject').mockImplementation(() => new Promise(() => {}));
  const mistake = new Error('a mistake of the program');
  listeners.add('a', () => {
    throw mistake;
  });
  const listener = (value: number) => heard.push(value);
  const remove = listeners.add('a', listener);
  listeners.add('a', listener);
  listeners.tell('a', 1);
  expect(heard).toEqual([1, 1]);
  expect(reject).toHaveBeenCalledWith(mistake);
  remove();
  listeners.tell('a', 2);
  listeners.tell('b', 'no listeners');
  expect(heard).toEqual([1, 1, 2]);
  expect([listeners.anyFor('a'), listeners.anyFor('b')]).toEqual([true, false]);
  reject.mockRestore();
});
