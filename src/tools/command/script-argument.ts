import { basename } from 'node:path';

/** Programs that run text from their arguments as a program. */
const interpreter =
  /^(sh|bash|dash|ash|zsh|ksh|fish|cmd|powershell|pwsh|node|deno|bun|perl|ruby|php|python[\d.]*)$/i;
/** Options after which such text stands, in one word with it or in the next. */
const scriptOption =
  /^(-[A-Za-z]*[ceEp]|--(eval|execute|print|command|run|init-command)|-(command|encodedcommand)|\/[ck])=?$/i;

/**
 * The first argument that would let the model write program text, although there is no shell of ours: `sh -c "ls {{folder}}"`.
 * As an argument of its own (`sh -c 'ls -- "$1"' sh {{folder}}`) the value stays a value.
 */
export function scriptWithPlaceholder(command: string, templates: readonly string[]): string | undefined {
  if (!interpreter.test(basename(command).replace(/\.(exe|com)$/i, ''))) return undefined;
  for (const [index, text] of templates.entries()) {
    const at = text.indexOf('{{');
    const before = templates[index - 1];
    const follows = before !== undefined && scriptOption.test(before);
    const within = at > 0 && scriptOption.test(text.slice(0, at));
    if (at >= 0 && (follows || within)) return text;
    // From its script's name on, arguments are the script's.
    if (!text.startsWith('-') && !text.startsWith('/') && !follows) return undefined;
  }
  return undefined;
}
