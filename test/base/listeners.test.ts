import { expect, it, vi } from 'vitest';
import { Listeners } from '../../src/base/listeners.js';

it('tells all listeners, whatever one of them throws, and none that were removed', () => {
  const listeners = new Listeners<number>();
  const heard: number[] = [];
  const reject = vi.spyOn(Promise, 'reject').mockImplementation(() => new Promise(() => {}));
  const mistake = new Error('a mistake of the program');
  listeners.add(() => {
    throw mistake;
  });
  const listener = (value: number) => heard.push(value);
  const remove = listeners.add(listener);
  listeners.add(listener);
  listeners.tell(1);
  expect(heard).toEqual([1, 1]);
  expect(reject).toHaveBeenCalledWith(mistake);
  expect(listeners.size).toBe(3);
  remove();
  listeners.tell(2);
  expect(heard).toEqual([1, 1, 2]);
  expect(listeners.size).toBe(2);
  reject.mockRestore();
});
