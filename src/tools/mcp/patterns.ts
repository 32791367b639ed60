import { fitsPattern } from '../name-pattern.js';
import type { McpServerOptions } from './mcp-server.js';

/** Whether a server's lists let a tool of this name through. */
export function isAllowed(tool: string, { allow, deny }: Pick<McpServerOptions, 'allow' | 'deny'>): boolean {
  const fits = (pattern: string) => fitsPattern(tool, pattern);
  return deny?.some(fits) !== true && (allow === undefined || allow.some(fits));
}
