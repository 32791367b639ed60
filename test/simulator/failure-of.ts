import { VoxtermError } from '../../src/contract/failure.js';

/** The failure a call ends with. */
export function failureOf(run: () => unknown): VoxtermError {
  try {
    run();
  } catch (error) {
    if (error instanceof VoxtermError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
