import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nearestName } from '../base/nearest-name.js';
import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import type { CommandToolOptions } from './command/command-tool.js';
import { readDefinition } from './definition/read-definition.js';
import type { Tool } from './definition/tool.js';
import { exportedDefinitions } from './modules/module-exports.js';
import { createTimeTool } from './time.js';
import { createWeatherTool, type WeatherOptions } from './weather/weather.js';

export interface LoadToolsOptions {
  readonly weather?: WeatherOptions | undefined;
  /**
   * `VOXTERM_WEATHER_GEOCODING_URL` and `VOXTERM_WEATHER_FORECAST_URL` override `weather`; `HTTPS_PROXY` and the like
   * name the proxy. Default: empty, but for the proxy `process.env`.
   */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Programs that command tools may start: names of programs in PATH, or paths. Default: none. */
  readonly programs?: readonly string[] | undefined;
  /** Where relative paths of command tools start. Default: the current directory. */
  readonly directory?: string | undefined;
}

/** @throws VoxtermError exit 3 when an address of the weather service is not a URL. */
export function builtinTools({ weather = {}, env }: LoadToolsOptions = {}): Tool[] {
  const addresses = {
    geocodingUrl: env?.VOXTERM_WEATHER_GEOCODING_URL ?? weather.geocodingUrl,
    forecastUrl: env?.VOXTERM_WEATHER_FORECAST_URL ?? weather.forecastUrl,
  };
  return [createWeatherTool(addresses, env), createTimeTool()];
}

/**
 * Loads tools by name, module or program. @param specs names of built-in tools, paths of ES modules, or programs;
 * duplicates count once. @throws VoxtermError exit 3 that names the file, the export and what is wrong with it.
 */
export async function loadTools(
  specs: readonly (string | CommandToolOptions)[],
  options: LoadToolsOptions = {},
): Promise<Tool[]> {
  const origins = new Map<string, string>();
  const tools: Tool[] = [];
  for (const spec of new Set(specs)) {
    const origin = typeof spec === 'string' ? spec : `the program ${spec.command}`;
    for (const tool of await toolsOf(spec, options)) {
      const other = origins.get(tool.name);
      if (other !== undefined) throw duplicate(tool.name, other, origin);
      origins.set(tool.name, origin);
      tools.push(tool);
    }
  }
  return tools;
}

async function toolsOf(spec: string | CommandToolOptions, options: LoadToolsOptions): Promise<Tool[]> {
  if (typeof spec !== 'string') return [await commandTool(spec, options)];
  return isPath(spec) ? moduleTools(spec) : [builtin(spec, options)];
}

async function commandTool(spec: CommandToolOptions, options: LoadToolsOptions): Promise<Tool> {
  const { programs = [], env = {}, directory = process.cwd() } = options;
  const { createCommandTool } = await import('./command/command-tool.js');
  return readDefinition(
    createCommandTool(spec, { programs, env, directory }),
    `The command tool "${spec.name}"`,
  );
}

function isPath(spec: string): boolean {
  return isAbsolute(spec) || /[/\\]|\.[cm]?[jt]s$/.test(spec);
}

function builtin(name: string, options: LoadToolsOptions): Tool {
  const tools = builtinTools(options);
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool !== undefined) return tool;
  const names = tools.map((candidate) => candidate.name);
  const nearest = nearestName(name, names);
  const meant = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  throw new VoxtermError(`There is no built-in tool named "${name}".${meant}`, {
    code: 'tool.unknown',
    exitCode: ExitCode.configuration,
    hint: `Built in: ${names.join(', ')}. For a tool of your own give its file: ./${name || 'my-tool'}.mjs`,
    facts: { tool: name, known: names, options: ['tools'] },
  });
}

async function moduleTools(spec: string): Promise<Tool[]> {
  const path = spec.startsWith('file:') ? fileURLToPath(spec) : resolve(spec);
  const found = await exportedDefinitions(path);
  return found.map(({ definition, exportName }) => readDefinition(definition, `${exportName} of ${path}`));
}

function duplicate(name: string, first: string, second: string): VoxtermError {
  const where = first === second ? `both come from ${first}` : `one from ${first}, one from ${second}`;
  return new VoxtermError(`Two tools are named "${name}": ${where}.`, {
    code: 'tool.duplicate',
    exitCode: ExitCode.configuration,
    hint: 'The model calls a tool by its name: rename or remove one of them.',
  });
}
