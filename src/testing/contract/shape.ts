/** What is wrong with a value, beginning with its path (`item.text must be …`); undefined if it is valid. */
export type Check = (value: unknown, at: string) => string | undefined;

/** One check for every field of an object type. */
export type Shape<T> = { readonly [K in keyof T]-?: Check };

function must(accepted: (value: unknown) => boolean, what: string): Check {
  return (value, at) => (accepted(value) ? undefined : `${at} must be ${what}, not ${shown(value)}`);
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

export const text = must((value) => typeof value === 'string', 'a string');
export const flag = must((value) => typeof value === 'boolean', 'a boolean');
export const number = must(isNumber, 'a finite number');
export const amount = must((value) => isNumber(value) && value >= 0, 'a number of at least 0');
export const positive = must((value) => isNumber(value) && value > 0, 'a number above 0');
export const anything: Check = () => undefined;

/** PCM16: two bytes per sample. */
export const samples = must(
  (value) => value instanceof Uint8Array && value.byteLength % 2 === 0,
  'a Uint8Array with an even number of bytes',
);

export function oneOf(...allowed: readonly (string | boolean)[]): Check {
  return must((value) => allowed.some((one) => one === value), allowed.map(shown).join(' or '));
}

export function between(least: number, most: number): Check {
  const inside = (value: unknown) =>
    isNumber(value) && Number.isInteger(value) && value >= least && value <= most;
  return must(inside, `a whole number from ${least} to ${most}`);
}

export function optional(check: Check): Check {
  return (value, at) => (value === undefined ? undefined : check(value, at));
}

export function nullable(check: Check): Check {
  return (value, at) => (value === null ? undefined : check(value, at));
}

export function listOf(check: Check): Check {
  return (value, at) => {
    if (!Array.isArray(value)) return `${at} must be an array, not ${shown(value)}`;
    const wrong = value.map((entry: unknown, place) => check(entry, `${at}[${place}]`));
    return wrong.find((words) => words !== undefined);
  };
}

/** An object with these fields and no others. */
export function fields(shape: Readonly<Record<string, Check>>): Check {
  return (value, at) => {
    if (typeof value !== 'object' || value === null) return `${at} must be an object, not ${shown(value)}`;
    const found: Readonly<Record<string, unknown>> = { ...value };
    const unknown = Object.keys(found).find((name) => !Object.hasOwn(shape, name));
    if (unknown !== undefined) return `${at}.${unknown} is not a known field`;
    const wrong = Object.entries(shape).map(([name, check]) => check(found[name], `${at}.${name}`));
    return wrong.find((words) => words !== undefined);
  };
}

/** Values by name, as messages carry them. */
export const facts: Check = (value, at) => {
  if (typeof value !== 'object' || value === null) return `${at} must be an object, not ${shown(value)}`;
  const wrong = Object.entries(value).map(([name, fact]) => factFault(fact, `${at}.${name}`));
  return wrong.find((words) => words !== undefined);
};

const factFault: Check = (value, at) => {
  if (Array.isArray(value)) return listOf(text)(value, at);
  return ['string', 'number', 'boolean'].includes(typeof value)
    ? undefined
    : `${at} must be a string, a number, a boolean or a list of strings, not ${shown(value)}`;
};

/** A value for a message: short, whatever it is. */
export function shown(value: unknown): string {
  const written =
    value instanceof Uint8Array ? `${value.byteLength} bytes` : (JSON.stringify(value) ?? String(value));
  return written.length > 200 ? `${written.slice(0, 199)}…` : written;
}
