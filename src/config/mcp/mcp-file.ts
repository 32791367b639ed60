import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { isObject } from '../../base/json.js';
import { readTextFile } from '../../base/text-file.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { McpServerOptions } from '../../tools/mcp/mcp-server.js';
import { checkAgainst } from '../check.js';
import { parseJsonc } from '../files/jsonc.js';
import type { Path } from '../layer.js';
import { type McpServersSection, mcpServersSchema } from './mcp-schema.js';
import { checkServers, mcpServersOf } from './mcp-servers.js';
import { variablesIn } from './mcp-variables.js';

type Environment = Readonly<Record<string, string | undefined>>;
type Server = McpServersSection[string];

const exitCode = ExitCode.configuration;
const fileSchema = z.strictObject({ $schema: z.string().optional(), mcpServers: mcpServersSchema });

/**
 * The servers of a file in the format that MCP programs share: `{"mcpServers": {…}}`, or only the inner object.
 * @param isKey variables that the file of a project, `.mcp.json`, must not use.
 * @throws VoxtermError exit 3 with file, line and column of what is wrong in it.
 */
export async function readMcpFile(
  path: string,
  env: Environment,
  isKey: (variable: string) => boolean = () => false,
): Promise<readonly McpServerOptions[]> {
  const text = await readTextFile(path, { what: 'MCP configuration', exitCode });
  if (basename(path) === '.mcp.json') refuseKeys(text, path, isKey);
  return mcpServersIn(text, path, env);
}

function refuseKeys(text: string, path: string, isKey: (variable: string) => boolean): void {
  for (const { name, variables } of shownServers(text, path)) {
    const key = variables.find(isKey);
    if (key === undefined) continue;
    const problem = `the MCP server ${name} asks for ${key}, and keys of providers are not given to a project's servers`;
    throw new VoxtermError(`${path}: ${problem}.`, {
      code: 'config.key-withheld',
      exitCode,
      hint: 'Remove the variable from the file. A server that you trust with the key goes into your own configuration.',
    });
  }
}

/**
 * Like {@link readMcpFile}, for text that has already been read.
 * @param isWithheld servers that use such a variable are left out.
 */
export function mcpServersIn(
  text: string,
  path: string,
  env: Environment,
  isWithheld: (variable: string) => boolean = () => false,
): readonly McpServerOptions[] {
  const { section, origin } = parse(text, path);
  checkServers(section, origin);
  const given = Object.entries(section).filter(([, server]) => !variablesOf(server).some(isWithheld));
  return mcpServersOf(Object.fromEntries(given), origin, env);
}

/** A server as the user is asked about it. */
export interface ShownServer {
  readonly name: string;
  /**
   * What it would start or connect to, variables not expanded, and what it would get; of several lines. Characters that
   * could make a terminal show something else are escaped as in JSON.
   */
  readonly text: string;
  /** The environment variables whose values it would get. */
  readonly variables: readonly string[];
}

/**
 * The servers of a file that are not disabled.
 * @throws VoxtermError exit 3 with file, line and column of what is wrong in it.
 */
export function shownServers(text: string, path: string): readonly ShownServer[] {
  const { section, origin } = parse(text, path);
  checkServers(section, origin);
  return Object.entries(section)
    .filter(([, { disabled }]) => disabled !== true)
    .map(([name, server]) => {
      const variables = variablesOf(server);
      return { name, variables, text: shown(name, server, variables) };
    });
}

function shown(name: string, server: Server, variables: readonly string[]): string {
  const { url, headers = {}, approval } = server;
  const what = url === undefined ? started(server) : quoted(url);
  const lines = [`${name}: ${what}${approval === 'never' ? '; its tools run without asking' : ''}`];
  for (const [header, value] of Object.entries(headers))
    lines.push(`header ${quoted(header)}: ${quoted(value)}`);
  if (variables.length > 0) {
    const values = `the values of your environment variables ${variables.join(', ')}`;
    lines.push(url === undefined ? `gets ${values}` : `is sent ${values}`);
  }
  return lines.join('\n    ');
}

/** As in a shell: the variables of a program come before it. */
function started({ command = '', args = [], env = {}, cwd }: Server): string {
  const variables = Object.entries(env).map(([name, value]) => `${quoted(name)}=${quoted(value)}`);
  const where = cwd === undefined ? '' : ` (in ${quoted(cwd)})`;
  return [...variables, ...[command, ...args].map(quoted)].join(' ') + where;
}

/** The variables of everything in a server that is expanded. */
function variablesOf({ command, args = [], env = {}, cwd, url, headers = {} }: Server): readonly string[] {
  const texts = [command, ...args, ...Object.values(env), cwd, url, ...Object.values(headers)];
  return [...new Set(texts.flatMap((text) => (text === undefined ? [] : variablesIn(text))))];
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
