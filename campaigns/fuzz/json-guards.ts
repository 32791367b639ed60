import {
  InvalidData,
  isObject,
  optionalNumber,
  optionalObject,
  optionalText,
  requireList,
  requireNumber,
  requireObject,
  requireText,
} from '../../src/base/json.js';
import { jsonTarget } from '../fuzzing/inputs.js';

const guards: readonly ((parent: Readonly<Record<string, unknown>>, key: string) => unknown)[] = [
  requireObject,
  requireText,
  requireList,
  requireNumber,
  optionalObject,
  optionalText,
  optionalNumber,
];

export const target = jsonTarget({
  about: 'the guards that all decoders use: a value of the promised type, or InvalidData',
  seeds: [{ a: { b: [1, 'x', null] }, c: 'text', d: 1.5, e: null, f: [] }],
  check(text) {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return;
    }
    visit(value);
  },
});

function visit(value: unknown, depth = 0): void {
  if (depth > 20) return;
  if (Array.isArray(value)) for (const inner of value.slice(0, 20)) visit(inner, depth + 1);
  if (!isObject(value)) return;
  for (const key of [...Object.keys(value).slice(0, 50), 'missing', '__proto__', 'constructor']) {
    for (const guard of guards) check(guard, value, key);
  }
  for (const inner of Object.values(value).slice(0, 20)) visit(inner, depth + 1);
}

function check(guard: (typeof guards)[number], parent: Readonly<Record<string, unknown>>, key: string): void {
  try {
    const found = guard(parent, key);
    if (typeof found === 'number' && !Number.isFinite(found)) throw new Error(`${guard.name} gave ${found}`);
    if (found === undefined && guard.name.startsWith('require'))
      throw new Error(`${guard.name} gave nothing`);
  } catch (error) {
    if (!(error instanceof InvalidData)) throw error;
  }
}
