/** Something is going on; twice stopped does no harm. */
export interface Spinner {
  stop(): void;
}

/** Turns on `stderr` while we wait, where that is a terminal. Loaded only then: ora costs 40 ms. */
export async function startSpinner(
  text: string,
  stderr: NodeJS.WriteStream,
  shown: boolean,
): Promise<Spinner> {
  if (!shown || !stderr.isTTY) return { stop: () => undefined };
  const { default: ora } = await import('ora');
  // Discarding stdin would swallow Ctrl+C.
  const spinner = ora({ text, stream: stderr, discardStdin: false }).start();
  return { stop: () => void spinner.stop() };
}
