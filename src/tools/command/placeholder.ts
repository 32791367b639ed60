/** `{{name}}`. Other text in braces, such as docker's `{{.Names}}`, is left to the program. */
const placeholder = /\{\{\s*([A-Za-z_][A-Za-z0-9_-]*)\s*\}\}/g;

/** A text with placeholders: `texts` has one more element than `names`. */
export interface Template {
  readonly texts: readonly string[];
  readonly names: readonly string[];
}

export function readTemplate(text: string): Template {
  // Splitting by a pattern with one group yields text, name, text, name, text.
  const parts = text.split(placeholder);
  return {
    texts: parts.filter((_, index) => index % 2 === 0),
    names: parts.filter((_, index) => index % 2 === 1),
  };
}

export function fill({ texts, names }: Template, wordsFor: (name: string) => string): string {
  return names.reduce(
    (text, name, index) => text + wordsFor(name) + (texts[index + 1] ?? ''),
    texts[0] ?? '',
  );
}

/** The texts of a parameter: none if it is absent, several for a list. */
export function textsOf(args: Readonly<Record<string, unknown>>, name: string): readonly string[] {
  const value = Object.hasOwn(args, name) ? args[name] : undefined;
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.map(textOf) : [textOf(value)];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
