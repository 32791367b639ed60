import { randomInt } from 'node:crypto';
import type { NewId } from './server-event.js';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export const randomId: NewId = (prefix) =>
  `${prefix}_${Array.from({ length: 21 }, () => letters[randomInt(letters.length)]).join('')}`;
