import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';

/** A function that takes longer counts as failed. */
const timeLimitMs = 10_000;

/**
 * Runs a function that the application supplied, with a time limit of 10 s.
 * @param what names the function in errors, for example `the instructions of agent "billing"`.
 * @throws VoxtermError exit 3 when it takes too long, and whatever the function throws.
 */
export async function withinTimeLimit<Value>(
  what: string,
  work: () => Value | Promise<Value>,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow(what)), timeLimitMs);
  });
  try {
    return await Promise.race([work(), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function tooSlow(what: string): VoxtermError {
  return new VoxtermError(`${what} did not answer within ${timeLimitMs / 1000} s.`, {
    code: 'program.late',
    exitCode: ExitCode.configuration,
    hint: 'A function given to the session must return sooner: set a time limit on what it waits for.',
  });
}
