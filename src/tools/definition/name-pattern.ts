/** Whether a name equals the pattern or matches it; `*` in a pattern stands for any characters, or none. */
export function fitsPattern(name: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return name === pattern;
  if (!name.startsWith(first)) return false;
  // The leftmost match of each part leaves the most room for the others.
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}

interface NameLists {
  readonly allow?: readonly string[] | undefined;
  readonly deny?: readonly string[] | undefined;
}

/** Whether the lists admit this name: `deny` overrides `allow`; without `allow`, all other names are allowed. */
export function isAllowed(name: string, { allow, deny }: NameLists): boolean {
  const fits = (pattern: string) => fitsPattern(name, pattern);
  return deny?.some(fits) !== true && (allow === undefined || allow.some(fits));
}
