import { VoxtermError } from '../../src/contract/failure.js';

/** Our own error for people: what is wrong, and where. Anything else would be reported as a bug in voxterm. */
export function isForPeople(error: unknown): boolean {
  return error instanceof VoxtermError;
}
