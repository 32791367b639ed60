import { VoxtermError } from '../../contract/failure.js';
import type { McpServerOptions } from '../../tools/mcp/mcp-server.js';
import type { Origin, Path } from '../layer.js';
import { absolutePath } from '../paths.js';
import type { McpServersSection } from './mcp-schema.js';
import { expand } from './mcp-variables.js';

type Environment = Readonly<Record<string, string | undefined>>;
type Section = McpServersSection[string];
type Place = Pick<Origin, 'nameOf' | 'exitCode' | 'directory'>;

const serverName = /^[A-Za-z0-9_-]{1,32}$/;

/**
 * The servers of a section that are not disabled, with variables expanded and paths absolute.
 * @param origin names places by paths that begin at `mcpServers`.
 * @throws VoxtermError naming the place of the first inconsistency, or the missing variable.
 */
export function mcpServersOf(
  section: McpServersSection,
  origin: Place,
  env: Environment,
): readonly McpServerOptions[] {
  checkServers(section, origin);
  return Object.entries(section).flatMap(([name, server]) =>
    server.disabled === true ? [] : [optionsOf(name, server, origin, env)],
  );
}

/** @throws VoxtermError naming the place of the first inconsistency. */
export function checkServers(section: McpServersSection, origin: Place): void {
  for (const [name, server] of Object.entries(section)) checkServer(name, server, origin);
}

function optionsOf(name: string, server: Section, origin: Place, env: Environment): McpServerOptions {
  const filled = (text: string, ...path: Path) =>
    expand(text, env, { server: name, path: ['mcpServers', name, ...path], origin });
  const filledAll = (texts: Readonly<Record<string, string>>, key: string) =>
    Object.fromEntries(Object.entries(texts).map(([each, value]) => [each, filled(value, key, each)]));
  const { allow, deny, approval, timeoutMs, command, url, args, cwd, headers } = server;
  const common = { name, allow, deny, approval, timeoutMs };
  if (url !== undefined) {
    const address = webAddress(filled(url, 'url'), name, origin);
    return { ...common, url: address, headers: headers && filledAll(headers, 'headers') };
  }
  const program = filled(command ?? '', 'command');
  return {
    ...common,
    // A bare name is looked up in PATH; a path is relative to the file, like all other paths in it.
    command: /[/\\]/.test(program) ? absolutePath(program, origin.directory, env) : program,
    args: args?.map((arg, index) => filled(arg, 'args', index)),
    env: server.env && filledAll(server.env, 'env'),
    cwd: cwd === undefined ? undefined : absolutePath(filled(cwd, 'cwd'), origin.directory, env),
  };
}

/** The message does not contain the URL: a key may have been expanded into it. */
function webAddress(address: string, server: string, origin: Place): string {
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return address;
  throw wrong(
    origin,
    ['mcpServers', server, 'url'],
    'is no web address',
    'Write an address such as https://example.org/mcp.',
  );
}

const ofPrograms = ['command', 'args', 'env', 'cwd'] as const;
const ofAddresses = ['url', 'headers'] as const;

function checkServer(name: string, server: Section, origin: Place): void {
  const at: Path = ['mcpServers', name];
  if (!serverName.test(name)) {
    const hint = 'A name is 1 to 32 letters (A-Z, a-z), digits, "_" or "-": its tools are called by it.';
    throw wrong(origin, at, 'cannot be the name of a server', hint, 'key');
  }
  const http = server.type === undefined ? server.url !== undefined : server.type !== 'stdio';
  const needed = http ? 'url' : 'command';
  const foreign = (http ? ofPrograms : ofAddresses).find((key) => server[key] !== undefined);
  const kinds = 'A program has command, args, env and cwd; a server on the network has url and headers.';
  if (foreign !== undefined) {
    const what = http
      ? 'is for programs, and this server has a web address'
      : 'is for web addresses, and this server is a program';
    throw wrong(origin, [...at, foreign], what, kinds, 'key');
  }
  if (server[needed] === undefined) throw wrong(origin, at, `has no "${needed}"`, kinds, 'key');
}

function wrong(
  origin: Place,
  path: Path,
  problem: string,
  hint: string,
  place: 'key' | 'value' = 'value',
): VoxtermError {
  return new VoxtermError(`${origin.nameOf(path, place)} ${problem}.`, {
    code: 'config.invalid',
    exitCode: origin.exitCode,
    hint,
  });
}
