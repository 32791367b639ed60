import type { McpServerOptions } from './mcp-server.js';

/** Whether a name is this name, or fits this pattern with `*`. */
function fits(name: string, pattern: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  if (others.length === 0) return name === pattern;
  const last = others.pop() ?? '';
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last))
    return false;
  let at = first.length;
  const end = name.length - last.length;
  for (const middle of others) {
    const found = name.indexOf(middle, at);
    if (found < 0 || found + middle.length > end) return false;
    at = found + middle.length;
  }
  return true;
}

/** Whether a server's lists let a tool of this name through. */
export function isAllowed(tool: string, { allow, deny }: Pick<McpServerOptions, 'allow' | 'deny'>): boolean {
  if (deny?.some((pattern) => fits(tool, pattern)) === true) return false;
  return allow === undefined || allow.some((pattern) => fits(tool, pattern));
}
