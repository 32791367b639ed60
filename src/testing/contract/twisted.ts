/** Wrong values to put in place of a right one. Undefined: the field is missing. */
const twists: readonly unknown[] = [undefined, null, 7, -1.5, '', 'odd', true, [], {}, [[]], { id: {} }];

/** One copy of the value for every place in it and every wrong value, with that value in that place. */
export function* twisted(value: unknown): Generator<unknown> {
  for (const path of pathsOf(value)) for (const twist of twists) yield replaced(value, path, twist);
}

type Path = readonly string[];

function pathsOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...at, key]))];
}

/** A copy in which every string for which `choice` returns a replacement is replaced. */
export function reworded(value: unknown, choice: (text: string, key: string) => string, key = ''): unknown {
  if (typeof value === 'string') return choice(value, key);
  if (Array.isArray(value)) return value.map((inner) => reworded(inner, choice, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, reworded(inner, choice, name)]),
  );
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by ?? null;
  if (Array.isArray(value))
    return value.map((inner, place) => (String(place) === key ? replaced(inner, rest, by) : inner));
  const fields = Object.entries(Object(value)).map(([name, inner]) => {
    return [name, name === key ? (rest.length === 0 ? by : replaced(inner, rest, by)) : inner];
  });
  return Object.fromEntries(fields);
}
