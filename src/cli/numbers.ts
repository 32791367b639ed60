import { InvalidArgumentError } from 'commander';

/** Reads a number of seconds; fractions are fine. */
export function seconds(value: string): number {
  const number = Number(value);
  if (value.trim() !== '' && number > 0 && number <= 86_400) return number;
  throw new InvalidArgumentError('Allowed: seconds from 0.001 to 86400 (a day), for example 30.');
}

/** Reads the number of a TCP port. */
export function port(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number <= 65_535) return number;
  throw new InvalidArgumentError('Allowed: 0 (any free port) to 65535.');
}
