import { ExitCode } from '../../contract/exit.js';

/** Leaving in order may take this long. */
const patienceMs = 5000;

const exitCodes = [
  ['SIGINT', ExitCode.interrupted],
  ['SIGTERM', ExitCode.terminated],
  ['SIGHUP', ExitCode.terminated],
] as const;

/**
 * The first signal leaves in order; the second, or order that takes too long, at once. Returns the way to stop
 * listening.
 */
export function onSignals(
  leave: (exitCode: ExitCode) => void,
  leaveNow: (exitCode: ExitCode) => void = (exitCode) => process.exit(exitCode),
): () => void {
  let deadline: NodeJS.Timeout | undefined;
  const stops = exitCodes.map(([signal, exitCode]) => {
    const receive = (): void => {
      if (deadline !== undefined) {
        leaveNow(exitCode);
        return;
      }
      deadline = setTimeout(() => leaveNow(exitCode), patienceMs);
      leave(exitCode);
    };
    process.on(signal, receive);
    return () => process.off(signal, receive);
  });
  return () => {
    clearTimeout(deadline);
    for (const stop of stops) stop();
  };
}
