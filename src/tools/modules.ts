import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ExitCode } from '../conversation/exit.js';
import { VoxtermError } from '../conversation/failure.js';
import { nearestName } from '../nearest-name.js';
import { readDefinition } from './definition.js';
import { exportedDefinitions } from './module-exports.js';
import { createTimeTool } from './time.js';
import type { Tool } from './tool.js';
import { createWeatherTool, type WeatherOptions } from './weather/weather.js';

export interface LoadToolsOptions {
  readonly weather?: WeatherOptions | undefined;
  /** `VOXTERM_WEATHER_GEOCODING_URL` and `VOXTERM_WEATHER_FORECAST_URL` win over `weather`. Default: empty. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** @throws VoxtermError exit 3 when an address of the weather service is not a URL. */
export function builtinTools({ weather = {}, env = {} }: LoadToolsOptions = {}): Tool[] {
  return [
    createWeatherTool({
      geocodingUrl: env.VOXTERM_WEATHER_GEOCODING_URL ?? weather.geocodingUrl,
      forecastUrl: env.VOXTERM_WEATHER_FORECAST_URL ?? weather.forecastUrl,
    }),
    createTimeTool(),
  ];
}

/**
 * Tools by name or module.
 * @param specs names of built-in tools, or paths of ES modules; a name twice counts once.
 * @throws VoxtermError exit 3 that names the file, the export and what is wrong with it.
 */
export async function loadTools(specs: readonly string[], options: LoadToolsOptions = {}): Promise<Tool[]> {
  const origins = new Map<string, string>();
  const tools: Tool[] = [];
  for (const spec of new Set(specs)) {
    const found = isPath(spec) ? await moduleTools(spec) : [builtin(spec, options)];
    for (const tool of found) {
      const other = origins.get(tool.name);
      if (other !== undefined) throw duplicate(tool.name, other, spec);
      origins.set(tool.name, spec);
      tools.push(tool);
    }
  }
  return tools;
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
    hint: `Built in: ${names.join(', ')}. For a tool of your own give its file: --tool ./${name || 'my-tool'}.mjs`,
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
    hint: 'The model calls a tool by its name: rename one of them, or leave it out.',
  });
}
