import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';

/** A function of the program answers within this time, or counts as failed. */
const patienceMs = 10_000;

/**
 * What a function of the program returns, also where it throws at once.
 * @param what names it in errors, for example `the instructions of agent "billing"`.
 * @throws VoxtermError exit 3 when it is late; whatever it throws.
 */
export async function inTime<Value>(what: string, work: () => Value | Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooLate(what)), patienceMs);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function tooLate(what: string): VoxtermError {
  return new VoxtermError(`${what} did not answer within ${patienceMs / 1000} s.`, {
    code: 'program.late',
    exitCode: ExitCode.configuration,
    hint: 'A function given to the session has to answer sooner: give what it waits for a time limit of its own.',
  });
}
