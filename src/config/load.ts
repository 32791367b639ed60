import { z } from 'zod';
import type { ConversationRules } from '../contract/conversation-options.js';
import { VoxtermError } from '../contract/failure.js';
import { catalog } from '../providers/catalog.js';
import { startAgent } from './check-agents.js';
import { colorAllowed } from './color.js';
import { conversationKeys } from './conversation-schema.js';
import { defaults } from './defaults.js';
import { type Effective, weigh } from './effective.js';
import { readEnvFile } from './files/env-file.js';
import { fileLayer } from './files/file-layer.js';
import { environmentLayer, flagLayer } from './given.js';
import type { Layer } from './layer.js';
import { modelSettings } from './model-settings.js';
import { absolutePath, namedConfigPath, userConfigPath } from './paths.js';
import type { Config } from './schema.js';
import type { CommonFlags, Settings } from './settings.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The environment of the program; tests pass their own. */
export interface Surroundings {
  /** Default: the working directory. */
  readonly directory?: string | undefined;
  readonly stdout?: { readonly isTTY?: boolean | undefined } | undefined;
  readonly stderr?: { readonly isTTY?: boolean | undefined } | undefined;
}

/** Settings, and where they came from. */
export interface ResolvedSettings {
  readonly settings: Settings;
  readonly effective: Effective;
  /** The files that were read, highest precedence first. */
  readonly files: readonly string[];
}

/**
 * Everything a command needs to know: flag > environment > `--config` file > the user's file > default.
 * @throws VoxtermError exit 2 for a wrong flag; exit 3 for a wrong variable or file, with the place.
 */
export async function resolveSettings(
  flags: CommonFlags,
  env: Environment,
  surroundings: Surroundings = {},
): Promise<Settings> {
  return (await resolveWithOrigins(flags, env, surroundings)).settings;
}

/** Like {@link resolveSettings}, with the origin of every value. */
export async function resolveWithOrigins(
  flags: CommonFlags,
  given: Environment,
  { directory = process.cwd(), stdout = process.stdout, stderr = process.stderr }: Surroundings = {},
): Promise<ResolvedSettings> {
  const { envFile } = flags;
  const env =
    envFile === undefined
      ? given
      : { ...(await readEnvFile(absolutePath(envFile, directory, given))), ...given };
  const fromFlags = await flagLayer(flags, directory, env);
  const fromEnvironment = await environmentLayer(env, directory);
  const files = await fileLayers(flags.config, env, directory);
  const effective = weigh([fromFlags, fromEnvironment, ...files.map(({ layer }) => layer)]);
  checkScenario(effective);
  checkUrl(effective);
  const color = (stream: { readonly isTTY?: boolean | undefined }) => colorAllowed(stream, env, flags.color);
  const output = {
    json: flags.json ?? flags.jsonAudio ?? false,
    jsonAudio: flags.jsonAudio ?? false,
    quiet: flags.quiet ?? false,
    verbose: flags.verbose ?? false,
    color: { stdout: color(stdout), stderr: color(stderr) },
  };
  const file = (path: string | undefined) =>
    path === undefined ? undefined : absolutePath(path, directory, env);
  const settings = {
    ...settingsOf(effective, env, output),
    newConversation: flags.newConversation,
    resume: file(flags.resume),
    saveHistory: file(flags.saveHistory),
  };
  return { settings, effective, files: files.map(({ path }) => path) };
}

/** A file named explicitly must exist; the user's default file need not. */
async function fileLayers(
  flag: string | undefined,
  env: Environment,
  directory: string,
): Promise<{ readonly path: string; readonly layer: Layer }[]> {
  const named = namedConfigPath(flag, env, directory);
  const own = userConfigPath(env);
  const layers = [];
  if (named !== undefined) layers.push({ path: named, layer: await fileLayer(named, env) });
  if (own === undefined || named === own) return layers;
  try {
    layers.push({ path: own, layer: await fileLayer(own, env) });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return layers;
}

/** ENOTDIR: the home directory is a file, such as `/dev/null` for accounts of services. */
function isMissing(error: unknown): boolean {
  const cause = error instanceof VoxtermError ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
}

/** If a scenario were silently ignored, a real, paid session would run instead. */
function checkScenario({ config, provider, originOf }: Effective): void {
  const origin = originOf(['scenario']);
  if (config.scenario === undefined || origin === undefined || readsScenarios(provider)) return;
  if (origin.source !== 'flag' && origin.source !== 'environment') return;
  throw new VoxtermError(`${origin.nameOf(['scenario'])} does nothing with the provider ${provider}.`, {
    code: 'config.scenario',
    exitCode: origin.exitCode,
    hint: 'A scenario scripts the built-in provider. Leave out the scenario, or use --provider local.',
  });
}

/**
 * Without this check, a user who gives `--url` without `--provider` would talk to the built-in provider instead of
 * their server.
 */
function checkUrl({ config, provider, originOf }: Effective): void {
  const origin = originOf(['url']);
  if (config.url === undefined || origin?.source !== 'flag' || !readsScenarios(provider)) return;
  const others = catalog.filter(({ scenarios }) => scenarios !== true).map(({ id }) => id);
  throw new VoxtermError(`${origin.nameOf(['url'])} does nothing with the built-in provider.`, {
    code: 'config.url',
    exitCode: origin.exitCode,
    hint: `Say with --provider whose language the server speaks: ${others.join(', ')}. Most speak that of ${others[0]}.`,
  });
}

function readsScenarios(provider: string): boolean {
  return catalog.some(({ id, scenarios }) => id === provider && scenarios === true);
}

const conversationGroup = z.object(conversationKeys);

function settingsOf(
  effective: Effective,
  env: Environment,
  output: Settings['output'],
): Omit<Settings, 'resume' | 'saveHistory'> {
  const { config, provider, model, section, keyVariables, originOf } = effective;
  const { audio, weather } = config;
  const { model: _model, voice: _voice, url: _url, session: extra, ...options } = section;
  return {
    provider,
    providerSource: originOf(['provider'])?.source ?? 'default',
    turnsSource: originOf(['turns'])?.source ?? 'default',
    model,
    url: config.url,
    insecure: config.insecure ?? defaults.insecure,
    language: config.language,
    session: modelSettings(config, env, extra),
    conversation: conversationRules(config),
    keyVariables,
    options,
    audio: {
      ...audio,
      backend: audio?.backend ?? defaults.audio.backend,
      echo: audio?.echo ?? defaults.audio.echo,
      inputDevice: audio?.inputDevice?.toString(),
      outputDevice: audio?.outputDevice?.toString(),
    },
    tools: config.tools ?? defaults.tools,
    team: teamSettings(effective),
    trace: config.trace,
    toolTimeoutMs: config.toolTimeoutMs ?? defaults.toolTimeoutMs,
    weather: { geocodingUrl: weather?.geocodingUrl, forecastUrl: weather?.forecastUrl },
    scenario: readsScenarios(provider) ? config.scenario : undefined,
    record: config.record,
    logFile: config.logFile,
    env,
    output,
  };
}

/** The rules of the conversation, except those that have a different form in the file. */
function conversationRules(config: Config): ConversationRules {
  const { historyLimit, limits, ...others } = conversationGroup.parse(config);
  const { cost, turns, durationS, toolRounds, callsPerAnswer, textLength } = limits ?? {};
  return {
    ...others,
    limits: {
      maxCost: cost,
      maxTurns: turns,
      maxDurationMs: durationS === undefined ? undefined : durationS * 1000,
      maxToolRounds: toolRounds,
      maxCallsPerResponse: callsPerAnswer,
      maxTextLength: textLength,
    },
    historyLimit: historyLimitOf(historyLimit),
  };
}

function historyLimitOf(limit: Config['historyLimit']): ConversationRules['historyLimit'] {
  if (limit?.turns !== undefined) return { turns: limit.turns };
  return limit?.tokens === undefined ? undefined : { tokens: limit.tokens };
}

function teamSettings({ config, originOf, mcpSources }: Effective): Settings['team'] {
  return {
    agents: config.agents ?? {},
    start: startAgent(config, originOf),
    startNamed: ['flag', 'environment'].includes(originOf(['agent'])?.source ?? 'default'),
    guardrails: config.guardrails ?? [],
    guardrailDebounce: config.guardrailDebounce,
    variables: config.variables ?? {},
    programs: config.programs ?? [],
    approvals: config.approvals ?? {},
    allowTools: config.allowTools ?? [],
    mcpSources,
    mcpConfig: config.mcpConfig,
  };
}
