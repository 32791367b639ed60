import type { Random } from '../../src/testing/contract/random.js';
import { mutateText } from './mutate-text.js';
import { oddJson, oddValue } from './odd-values.js';

/** Where {@link oddJson} goes: a marker that no seed contains. */
const hole = '\u0001hole\u0001';

/**
 * The text of a JSON value with a few changes: a part replaced, removed, renamed, repeated or taken from elsewhere, and
 * now and then damage to the text itself, so that keys stand there twice or quotes are missing.
 */
export function mutateJson(seed: unknown, others: readonly unknown[], random: Random): string {
  let value = seed;
  for (let change = 0; change <= random.below(4); change++) {
    value = changed(value, random, () => partOf(random.pick(others), random));
  }
  const text = (JSON.stringify(value) ?? 'null').replace(JSON.stringify(hole), () => oddJson(random));
  return random.below(8) === 0 ? mutateText(text, [], random) : text;
}

/** Walks down to a random place, and changes what is there. */
function changed(value: unknown, random: Random, elsewhere: () => unknown): unknown {
  const stop = random.below(4) === 0;
  if (!stop && Array.isArray(value) && value.length > 0) {
    const at = random.below(value.length);
    return value.map((inner, index) => (index === at ? changed(inner, random, elsewhere) : inner));
  }
  if (!stop && isFields(value) && Object.keys(value).length > 0) {
    const key = random.pick(Object.keys(value));
    const entries = Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
      if (name !== key) return [[name, inner]];
      switch (random.below(8)) {
        case 0:
          return [];
        case 1:
          return [[random.text(8), inner]];
        case 2:
          return [
            [name, inner],
            [random.text(8), oddValue(random)],
          ];
        default:
          return [[name, changed(inner, random, elsewhere)]];
      }
    });
    return Object.fromEntries(entries);
  }
  switch (random.below(6)) {
    case 0:
      return elsewhere();
    case 1:
      return [value, value, oddValue(random)];
    case 2:
      return hole;
    case 3:
      return typeof value === 'string' ? mutateText(value, [], random) : oddValue(random);
    case 4:
      return typeof value === 'number' ? value * random.pick([-1, 0.1, 1e6, 2 ** 32]) : oddValue(random);
    default:
      return oddValue(random);
  }
}

function partOf(value: unknown, random: Random): unknown {
  const parts = typeof value === 'object' && value !== null ? Object.values(value) : [];
  return parts.length === 0 || random.below(3) === 0 ? value : partOf(random.pick(parts), random);
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
