/** What `{{…}}` in a scenario can reach. */
export interface TemplateValues {
  /** Outputs of the tools just called, in the order of the calls. */
  readonly outputs: readonly string[];
  /** Groups of the turn's `when`; 0 is the whole match. */
  readonly match: readonly (string | undefined)[];
}

/**
 * Fills in `{{tool.output}}`, `{{tool.path.in.json}}`, `{{tools.1.path}}` and `{{match.1}}`; of several paths separated
 * by `|`, the first that exists. A path that does not exist stays visible, so that it is noticed.
 */
export function fill(text: string, values: TemplateValues): string {
  return text.replaceAll(/\{\{\s*([^{}\s]+)\s*\}\}/g, (braces: string, paths: string) => {
    const found = paths.split('|').map((path) => lookUp(path.split('.'), values));
    const value = found.find((candidate) => candidate !== undefined && candidate !== null);
    if (value === undefined) return braces;
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}

/** The same in every text inside JSON arguments. */
export function fillJson(value: unknown, values: TemplateValues): unknown {
  if (typeof value === 'string') return fill(value, values);
  if (Array.isArray(value)) return value.map((item) => fillJson(item, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillJson(item, values)]));
}

function lookUp([root, ...path]: readonly string[], { outputs, match }: TemplateValues): unknown {
  switch (root) {
    case 'match':
      return match[Number(path[0])];
    case 'tool':
      return inOutput(outputs[0], path);
    case 'tools':
      return inOutput(outputs[Number(path[0])], path.slice(1));
    default:
      return undefined;
  }
}

function inOutput(output: string | undefined, path: readonly string[]): unknown {
  if (output === undefined || path[0] === 'output') return output;
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, key)
        ? Object.getOwnPropertyDescriptor(at, key)?.value
        : undefined,
    parse(output),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
