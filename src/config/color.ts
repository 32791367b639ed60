type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Whether output to a stream is coloured: `--no-color`, then NO_COLOR (no-color.org), then FORCE_COLOR, then TERM=dumb,
 * then whether it is a terminal.
 */
export function colorAllowed(
  stream: { readonly isTTY?: boolean | undefined },
  env: Environment,
  flag: boolean | undefined,
): boolean {
  if (flag === false) return false;
  if (env.NO_COLOR) return false;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return env.TERM !== 'dumb' && stream.isTTY === true;
}
