import { dirname } from 'node:path';
import { z } from 'zod';
import { isObject } from '../../base/json.js';
import { readTextFile } from '../../base/text-file.js';
import { ExitCode } from '../../contract/exit.js';
import type { McpServerOptions } from '../../tools/mcp/mcp-server.js';
import { checkAgainst } from '../check.js';
import { parseJsonc } from '../jsonc.js';
import type { Path } from '../layer.js';
import { type McpServersSection, mcpServersSchema } from './mcp-schema.js';
import { checkServers, mcpServersOf } from './mcp-servers.js';

type Environment = Readonly<Record<string, string | undefined>>;

const exitCode = ExitCode.configuration;
const fileSchema = z.strictObject({ $schema: z.string().optional(), mcpServers: mcpServersSchema });

/**
 * The servers of a file in the format that MCP programs share: `{"mcpServers": {…}}`, or only the inner object.
 * @throws VoxtermError exit 3 with file, line and column of what is wrong in it.
 */
export async function readMcpFile(path: string, env: Environment): Promise<readonly McpServerOptions[]> {
  return mcpServersIn(await readTextFile(path, { what: 'MCP configuration', exitCode }), path, env);
}

/** Like {@link readMcpFile}, for text that has already been read. */
export function mcpServersIn(text: string, path: string, env: Environment): readonly McpServerOptions[] {
  const { section, origin } = parse(text, path);
  return mcpServersOf(section, origin, env);
}

/**
 * What a file would start or connect to, one line per server, variables not expanded. Characters that could make a
 * terminal show something else are escaped as in JSON.
 * @throws VoxtermError exit 3 with file, line and column of what is wrong in it.
 */
export function mcpServerLines(text: string, path: string): readonly string[] {
  const { section, origin } = parse(text, path);
  checkServers(section, origin);
  return Object.entries(section)
    .filter(([, { disabled }]) => disabled !== true)
    .map(([name, server]) => {
      const what = server.url === undefined ? started(server) : quoted(server.url);
      return `${name}: ${what}${server.approval === 'never' ? '; its tools run without asking' : ''}`;
    });
}

/** As in a shell: the variables of a program come before it. */
function started({ command = '', args = [], env = {}, cwd }: McpServersSection[string]): string {
  const variables = Object.entries(env).map(([name, value]) => `${quoted(name)}=${quoted(value)}`);
  const where = cwd === undefined ? '' : ` (in ${quoted(cwd)})`;
  return [...variables, ...[command, ...args].map(quoted)].join(' ') + where;
}

function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  const escaped = (letter: string) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(word).replace(/[^\x20-\x7e]/g, escaped);
}

function parse(text: string, path: string) {
  const { value, positionOf } = parseJsonc(text, path);
  const wrapped = isWrapped(value);
  const origin = {
    exitCode,
    directory: dirname(path),
    nameOf: (at: Path, place: 'key' | 'value' = 'value') => {
      const where = wrapped ? at : at.slice(1);
      return `${path}:${positionOf(where, place)}: ${where.length === 0 ? 'the file' : where.join('.')}`;
    },
  };
  const section: McpServersSection = checkAgainst(
    fileSchema,
    wrapped ? value : { mcpServers: value },
    origin,
  ).mcpServers;
  return { section, origin };
}

/** A server may be named `mcpServers`, but then it has a command or a URL. */
function isWrapped(value: unknown): boolean {
  const inner = isObject(value) ? value.mcpServers : undefined;
  if (inner === undefined) return false;
  return !isObject(inner) || !(typeof inner.command === 'string' || typeof inner.url === 'string');
}
