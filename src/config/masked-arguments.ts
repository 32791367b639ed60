const secretName =
  /key|token|secret|passw|passphrase|passwd|pwd|pass$|credential|bearer|auth(?!or)|cookie|^-u$|^--?user$/i;
const header = /^(-H|--?headers?)$/i;

/**
 * The arguments of a program without what may be a secret: the value after an option whose name says so (`--api-key
 * x`), in the same argument (`--token=x`, `API_KEY=x`), in headers and in addresses. Variables (`${X}`) and
 * placeholders stay: they only name it.
 */
export function maskedArguments(
  args: readonly unknown[],
  withoutSecrets: (address: string) => string,
): unknown[] {
  return args.map((argument, index) => {
    if (typeof argument !== 'string') return argument;
    const before = args[index - 1];
    const option =
      typeof before === 'string' && before.startsWith('-') && !before.includes('=') ? before : '';
    // After a flag such as `--skip-auth` the next argument may be an option of its own.
    if (secretName.test(option) && !/^(--[a-z][\w-]*(=|$)|-[a-z]$)/i.test(argument)) return hidden(argument);
    const [, name, value] = /^([^=:/\s]+=)(.*)$/s.exec(argument) ?? [];
    if (name !== undefined && value !== undefined) {
      if (secretName.test(name.slice(0, -1))) return name + hidden(value);
      if (header.test(name.slice(0, -1))) return name + withoutHeader(value);
      return name + withoutAddress(value, withoutSecrets);
    }
    if (header.test(option) || /^[\w-]+:\s/.test(argument)) return withoutHeader(argument);
    return withoutAddress(argument, withoutSecrets);
  });
}

function withoutHeader(text: string): string {
  const [, name, value] = /^([\w-]+:\s*)(.*)$/s.exec(text) ?? [];
  return name === undefined || value === undefined ? hidden(text) : name + hidden(value);
}

function withoutAddress(text: string, withoutSecrets: (address: string) => string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? withoutSecrets(text) : text;
}

function hidden(text: string): string {
  return text.replace(/\$\{\w+\}|\{\{[^{}]+\}\}|(?:(?!\$\{\w+\}|\{\{[^{}]+\}\}).)+/gs, (part) =>
    /^(\$\{|\{\{)/.test(part) ? part : '***',
  );
}
