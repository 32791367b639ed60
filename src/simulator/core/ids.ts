import { randomInt } from 'node:crypto';

/** Makes ids like the real ones: a prefix and 21 letters and digits. */
export type NewId = (prefix: 'event' | 'item' | 'resp' | 'call' | 'sess' | 'conv') => string;

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export const randomId: NewId = (prefix) =>
  `${prefix}_${Array.from({ length: 21 }, () => letters[randomInt(letters.length)]).join('')}`;
