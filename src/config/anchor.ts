import { fileURLToPath } from 'node:url';
import { readTextFile } from '../base/text-file.js';
import type { Layer, Origin } from './layer.js';
import { absolutePath } from './paths.js';
import type { Config } from './schema.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Makes values independent of the place where they were given: paths become absolute, `@file` becomes the text of the
 * file.
 * @throws VoxtermError when instructions cannot be read.
 */
export async function anchor(config: Config, origin: Origin, env: Environment): Promise<Layer> {
  const absolute = (path: string): string => absolutePath(path, origin.directory, env);
  const {
    instructions,
    tools,
    programs,
    agents,
    mcpConfig,
    turns,
    scenario,
    record,
    logFile,
    trace,
    providers,
    ...rest
  } = config;
  return {
    ...origin,
    config: {
      ...rest,
      ...(instructions !== undefined && { instructions: await read(instructions, absolute, origin) }),
      ...(tools !== undefined && { tools: anchorTools(tools, absolute) }),
      ...(programs !== undefined && {
        programs: programs.map((program) => programPath(program, absolute)),
      }),
      ...(agents !== undefined && { agents: await anchorAgents(agents, absolute, origin) }),
      ...(mcpConfig !== undefined && { mcpConfig: absolute(mcpConfig) }),
      ...(turns !== undefined && { turns: anchorTurns(turns, absolute) }),
      ...(scenario !== undefined && { scenario: absolute(scenario) }),
      ...(record !== undefined && { record: absolute(record) }),
      ...(logFile !== undefined && { logFile: absolute(logFile) }),
      ...(trace !== undefined && { trace: absolute(trace) }),
      ...(providers !== undefined && { providers: anchorProviders(providers, absolute) }),
    },
  };
}

type Tools = NonNullable<Config['tools']>;

function anchorTools(tools: Tools, absolute: (path: string) => string): Tools {
  return tools.map((tool) => {
    if (typeof tool === 'string') return toolPath(tool, absolute);
    const { command, cwd } = tool;
    return {
      ...tool,
      command: programPath(command, absolute),
      cwd: absolute(cwd ?? '.'),
    };
  });
}

/** A bare name is looked up in PATH. */
function programPath(program: string, absolute: (path: string) => string): string {
  return /[/\\]/.test(program) ? absolute(program) : program;
}

type Agents = NonNullable<Config['agents']>;

async function anchorAgents(
  agents: Agents,
  absolute: (path: string) => string,
  origin: Origin,
): Promise<Agents> {
  const anchored = Object.entries(agents).map(async ([name, agent]) => {
    const { instructions, tools } = agent;
    const words = instructions === undefined ? undefined : await read(instructions, absolute, origin);
    return [
      name,
      {
        ...agent,
        ...(words !== undefined && { instructions: words }),
        ...(tools !== undefined && { tools: anchorTools(tools, absolute) }),
      },
    ] as const;
  });
  return Object.fromEntries(await Promise.all(anchored));
}

type Turns = NonNullable<Config['turns']>;

function anchorTurns(turns: Turns, absolute: (path: string) => string): Turns {
  return turns.type === 'client' && turns.model !== undefined
    ? { ...turns, model: absolute(turns.model) }
    : turns;
}

type Providers = NonNullable<Config['providers']>;

/** The model file of a turn detector is the only path in it. */
function anchorProviders(providers: Providers, absolute: (path: string) => string): Providers {
  const entries = Object.entries(providers).map(([id, section]) => {
    const turns = section.engines?.turns;
    if (turns?.model === undefined) return [id, section] as const;
    const engines = { ...section.engines, turns: { ...turns, model: absolute(turns.model) } };
    return [id, { ...section, engines }] as const;
  });
  return Object.fromEntries(entries);
}

/** `@file` is replaced with the text of the file; `@@…` is text that begins with an @. */
async function read(text: string, absolute: (path: string) => string, origin: Origin): Promise<string> {
  if (text.startsWith('@@')) return text.slice(1);
  if (!text.startsWith('@')) return text;
  const what = 'instructions file';
  return (await readTextFile(absolute(text.slice(1)), { what, exitCode: origin.exitCode })).trim();
}

/** Built-in tools have plain names; anything that looks like a path is a module. */
function toolPath(tool: string, absolute: (path: string) => string): string {
  if (tool.startsWith('file:')) return fileURLToPath(tool);
  return /[/\\]|\.[cm]?[jt]s$/.test(tool) ? absolute(tool) : tool;
}
