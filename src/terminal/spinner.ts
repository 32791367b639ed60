/** An animated line while we wait. May be stopped twice. */
export interface Spinner {
  stop(): void;
}

/** Shows a spinner on `stderr` if that is a terminal. ora takes 40 ms to load, so it is loaded only then. */
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
