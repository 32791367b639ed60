/** The same without the keys that hold nothing, so that laying it over something overwrites only what was said. */
export function said<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const present: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const key in fields) {
    const value = fields[key];
    if (isSaid(value)) present[key] = value;
  }
  return present;
}

function isSaid<T>(value: T): value is Exclude<T, undefined> {
  return value !== undefined;
}
