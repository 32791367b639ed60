import { basename } from 'node:path';

/** Programs that run text from their arguments as code. */
const interpreter =
  /^(sh|bash|dash|ash|zsh|ksh|fish|cmd|powershell|pwsh|node|deno|bun|perl|ruby|php|python[\d.]*)$/i;
/** Options that are followed by such text, in the same argument or in the next one. */
const scriptOption =
  /^(-[A-Za-z]*[ceEp]|--(eval|execute|print|command|run|init-command)|-(command|encodedcommand)|\/[ck])=?$/i;

/**
 * The first argument that would let the model write code, although we use no shell: `sh -c "ls {{folder}}"`. As a
 * separate argument (`sh -c 'ls -- "$1"' sh {{folder}}`) the value stays a value.
 */
export function scriptWithPlaceholder(command: string, templates: readonly string[]): string | undefined {
  if (!interpreter.test(basename(command).replace(/\.(exe|com)$/i, ''))) return undefined;
  for (const [index, text] of templates.entries()) {
    const at = text.indexOf('{{');
    const before = templates[index - 1];
    const follows = before !== undefined && scriptOption.test(before);
    const within = at > 0 && scriptOption.test(text.slice(0, at));
    if (at >= 0 && (follows || within)) return text;
    // After the script's name, arguments belong to the script.
    if (!text.startsWith('-') && !text.startsWith('/') && !follows) return undefined;
  }
  return undefined;
}
