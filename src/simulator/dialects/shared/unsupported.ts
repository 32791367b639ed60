import { Refusal } from '../../core/refusal.js';

/** An event that the vendor does not know. The text is what related servers say about an unknown value. */
export function unknownEvent(type: unknown, known: readonly string[]): Refusal {
  const names = known.map((name) => `'${name}'`).join(', ');
  return new Refusal(`Invalid value: '${String(type)}'. Supported values are: ${names}.`, {
    code: 'invalid_value',
    param: 'type',
  });
}

/** A well-formed request that the vendor does not support. */
export function unsupported(message: string, param: string | null = null): Refusal {
  return new Refusal(message, { code: 'invalid_value', param });
}
