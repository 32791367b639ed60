import type { McpServerOptions } from './mcp-server.js';

/** Shorter values may be ordinary words, and replacing them would mangle the sentence. */
const shortestSecret = 6;

/** Returns a function that masks a server's secrets in a text: values of its headers, environment and address. */
export function secretMask(server: McpServerOptions): (text: string) => string {
  const secrets = [...new Set(secretsOf(server))]
    .filter((secret) => secret.length >= shortestSecret)
    .sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const secret of secrets) clean = clean.replaceAll(secret, '[secret]');
    return clean.replace(/\b(Bearer|Basic)\s+[\w~+/.=-]{6,}/gi, '$1 [secret]');
  };
}

function secretsOf(server: McpServerOptions): string[] {
  if (!('url' in server)) return Object.values(server.env ?? {});
  const headers = Object.values(server.headers ?? {});
  // The secret of `Bearer abc` may also appear as `abc`.
  const parts = headers.flatMap((value) => [value, value.split(/\s+/).at(-1) ?? '']);
  if (!URL.canParse(server.url)) return parts;
  const { password, search, searchParams } = new URL(server.url);
  return [...parts, password, decodeURIComponent(password), search, ...searchParams.values()];
}
