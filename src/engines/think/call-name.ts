/**
 * The offered tool that a model means: some write the namespace of their chat template before the name
 * (`functions.get_time`), a number or tokens behind it. A name that fits no tool stays as it is.
 */
export function toolNamed(written: string, offered: readonly string[]): string {
  const name = written.trim();
  if (offered.includes(name)) return name;
  const bare = name
    .replace(/^.*\bto=/s, '')
    .replace(/<[|｜].*$/s, '')
    .trim();
  const candidates = [bare, bare.replace(/:\d+$/, ''), bare.replace(/^["'`]+|["'`]+$/g, '')];
  for (const candidate of candidates) {
    if (offered.includes(candidate)) return candidate;
    const last = candidate.replace(/^(?:functions?|tools?|default_api|api)(?:\.|::|:|\/)/, '');
    if (offered.includes(last)) return last;
  }
  return name;
}
