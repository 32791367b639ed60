import { ExitCode } from '../../contract/exit.js';

/** Maximum time for a clean exit. */
const patienceMs = 5000;

const exitCodes = [
  ['SIGINT', ExitCode.interrupted],
  ['SIGTERM', ExitCode.terminated],
  ['SIGHUP', ExitCode.terminated],
] as const;

/**
 * The first signal exits cleanly; a second signal, or a clean exit that takes too long, exits at once. Returns a
 * function that stops listening.
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
