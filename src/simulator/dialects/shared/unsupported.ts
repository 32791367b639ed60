import { Refusal } from '../../core/refusal.js';

/** An event the vendor does not know, in the words its relatives use for a value they do not know. */
export function unknownEvent(type: unknown, known: readonly string[]): Refusal {
  const names = known.map((name) => `'${name}'`).join(', ');
  return new Refusal(`Invalid value: '${String(type)}'. Supported values are: ${names}.`, {
    code: 'invalid_value',
    param: 'type',
  });
}

/** Something well formed that the vendor does not take. */
export function unsupported(message: string, param: string | null = null): Refusal {
  return new Refusal(message, { code: 'invalid_value', param });
}
