import type { Agent } from '../../agents/agent.js';
import { createTeam } from '../../agents/create-team.js';
import type { McpServersFactory } from '../../agents/mcp-server-pool.js';
import type { Team } from '../../agents/team.js';
import { PlaybackTracker } from '../../audio/playback/playback-tracker.js';
import type { Sound } from '../../audio/sound.js';
import { VirtualSound } from '../../audio/virtual-sound.js';
import { withinTimeLimit } from '../../base/deadline.js';
import { version } from '../../base/version.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { Profile } from '../../contract/profile.js';
import type { SessionSettings } from '../../contract/settings.js';
import { catalog } from '../../providers/catalog.js';
import type { ConnectionSettings, Provider } from '../../providers/provider.js';
import { findProvider } from '../../providers/registry.js';
import { secretVariables } from '../../providers/secret-variables.js';
import { Approvals } from '../../tools/approval/approvals.js';
import type { ToolRunnerOptions } from '../../tools/tool-runner.js';
import { type AgentSession, type AgentSessionEvent, ConnectedSession } from '../agent-session.js';
import { EventStreams } from '../events/event-streams.js';
import { OrderedCalls } from '../ordered-calls.js';
import type { VoiceSession } from '../voice-session.js';
import type { ConnectOptions } from './connect-options.js';
import { checkHistory } from './given-history.js';
import { startSession } from './start.js';

type Environment = ConnectionSettings['env'];

/**
 * Starts a conversation, and resolves when the provider is ready to talk.
 * @throws VoxtermError when the provider cannot be reached or refuses (exit 6, 5, 3), when an agent is invalid (exit 3)
 * or needs what the model cannot do (exit 5), when there are no devices (exit 4) or the history is invalid (exit 2).
 * The signal's reason when aborted.
 */
export async function connect(options: ConnectOptions = {}): Promise<AgentSession> {
  const { signal, apiKey, env = process.env } = options;
  signal?.throwIfAborted();
  checkHistory(options.history);
  const provider = await providerOf(options, env);
  const settings = settingsOf(options);
  const team = teamOf(options, provider, settings, env);
  const streams = new EventStreams<AgentSessionEvent>(options.history?.length);
  let connected: ConnectedSession | undefined;
  const starting = startSession({
    ...options,
    reconnectDelaysMs: reconnectDelays(options),
    provider,
    connection: connectionOf(options, provider, env),
    renew: apiKey === undefined ? undefined : (connection) => withKey(connection, provider, apiKey),
    settings,
    team,
    tools: options.asyncTools === false ? new OrderedCalls(team.tools) : undefined,
    openSound: (profile) => openSound(options, profile, env),
    congested: () => streams.congested,
    attend: (running) => {
      options.trace?.follow(running);
      connected = new ConnectedSession({ session: running, team, streams, env });
    },
  });
  const session = await starting.catch((error: unknown) => {
    throw signal?.aborted ? signal.reason : error;
  });
  endWith(session, signal);
  // `attend` is called with the session that `startSession` returns.
  return connected ?? new ConnectedSession({ session, team, streams, env });
}

async function providerOf({ provider, headers }: ConnectOptions, env: Environment): Promise<Provider> {
  const given = provider ?? (env.VOXTERM_PROVIDER || 'local');
  const found = typeof given === 'string' ? await findProvider(given) : given;
  return headers === undefined || takesHeaders(found) ? found : withHeaders(found, headers);
}

/** Built-in providers that apply the `headers` option themselves, with variables and secrets. */
function takesHeaders({ id }: Provider): boolean {
  return catalog.some((entry) => entry.id === id && entry.options.includes('headers'));
}

function withHeaders(provider: Provider, own: Readonly<Record<string, string>>): Provider {
  const names = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  return {
    ...provider,
    endpoint: (settings) => {
      const endpoint = provider.endpoint(settings);
      const kept = Object.entries(endpoint.headers).filter(([name]) => !names.has(name.toLowerCase()));
      return {
        ...endpoint,
        headers: { ...Object.fromEntries(kept), ...own },
        secrets: [...(endpoint.secrets ?? []), ...Object.values(own)],
      };
    },
  };
}

function connectionOf(options: ConnectOptions, provider: Provider, env: Environment): ConnectionSettings {
  const { insecure, language, voice, headers, providerOptions, transport } = options;
  // The variables for model, URL and scenario belong to the provider that the variables choose, not to another one.
  const chosen = options.provider === undefined ? env : {};
  return {
    model: options.model ?? (chosen.VOXTERM_MODEL || provider.defaultModel),
    url: options.url ?? (chosen.VOXTERM_URL || undefined),
    insecure,
    transport,
    env,
    scenario: options.scenario ?? (chosen.VOXTERM_SCENARIO || undefined),
    language,
    voice,
    callId: options.callId,
    options:
      headers !== undefined && takesHeaders(provider)
        ? { ...providerOptions, headers: { ...providerOptions?.headers, ...headers } }
        : providerOptions,
  };
}

/** Sets all key variables of this provider to the key, in a copy of the environment. */
async function withKey(
  connection: ConnectionSettings,
  { keyVariables }: Provider,
  apiKey: NonNullable<ConnectOptions['apiKey']>,
): Promise<ConnectionSettings> {
  const key = typeof apiKey === 'function' ? await askForKey(apiKey) : apiKey;
  const keys = keyVariables.map((name, index) => [name, index === 0 ? key : undefined]);
  return { ...connection, env: { ...connection.env, ...Object.fromEntries(keys) } };
}

/** @throws VoxtermError exit 6: the source of the key may be temporarily unreachable, like the provider itself. */
async function askForKey(ask: () => string | Promise<string>): Promise<string> {
  try {
    return await withinTimeLimit('it', ask);
  } catch (cause) {
    const why = cause instanceof Error && cause.message !== '' ? cause.message : 'it does not say why';
    throw new VoxtermError(`The function for the key failed: ${why}`, {
      code: 'credentials.unavailable',
      exitCode: ExitCode.network,
      hint: '"apiKey" is asked before every connection.',
      cause,
    });
  }
}

function settingsOf({ settings = {}, voice, language }: ConnectOptions): SessionSettings {
  const transcription = { language: language?.split('-')[0], ...settings.transcription };
  return { ...settings, transcription, ...(voice !== undefined && { voice }) };
}

function teamOf(
  options: ConnectOptions,
  provider: Provider,
  settings: SessionSettings,
  env: Environment,
): Team {
  const { agent, instructions, tools, mcpServers, handoffs, outputGuardrails, variables } = options;
  const common = {
    settings,
    variables,
    toolOptions: toolOptionsOf(options, provider, env),
    createMcpServers: serversOf(options, env),
  };
  if (agent !== undefined) {
    return createTeam({ ...common, agent, instructions, tools, mcpServers, handoffs, outputGuardrails });
  }
  // Tools that the program passes belong to the agent, so they are checked against the model.
  const assistant: Agent = { name: 'assistant', instructions, tools, mcpServers, handoffs, outputGuardrails };
  return createTeam({ ...common, agent: assistant });
}

function toolOptionsOf(options: ConnectOptions, provider: Provider, env: Environment): ToolRunnerOptions {
  const { context, language, approvals, inputGuardrails, toolErrorFormatter, toolTimeoutMs, now } = options;
  const { apiKey, headers, providerOptions } = options;
  const holders = Object.keys(env).filter((name) => env[name] !== undefined && env[name] === apiKey);
  return {
    env,
    secretVariables: [
      ...secretVariables(provider, providerOptions),
      ...secretVariables(undefined, { headers }),
      ...holders,
    ],
    context,
    language,
    timeoutMs: toolTimeoutMs,
    approvals: new Approvals(approvals?.allow),
    inputGuardrails,
    errorFormatter: toolErrorFormatter,
    now,
  };
}

function serversOf({ log, insecure }: ConnectOptions, env: Environment): McpServersFactory {
  return async (servers) => {
    const { createMcpServers } = await import('../../tools/mcp/mcp-servers.js');
    return createMcpServers(servers, { env, version: version(), insecure, log });
  };
}

/** Delays before each attempt at a new connection; empty if a connection must not be replaced. */
function reconnectDelays({ reconnect = true }: ConnectOptions): readonly number[] | undefined {
  if (reconnect === false) return [];
  return typeof reconnect === 'object' ? reconnect.delaysMs : undefined;
}

async function openSound(
  { sound = 'virtual', now, log }: ConnectOptions,
  { inputRateHz, outputRateHz }: Profile,
  env: Environment,
): Promise<Sound | null> {
  if (sound === 'virtual') return new VirtualSound({ outputRateHz, pace: 'realtime', now });
  if (sound === 'devices') {
    const devices = await import('../../audio/open-sound.js');
    return devices.openSound({ inputRateHz, outputRateHz, echo: 'gate' }, { env, log });
  }
  return sound instanceof PlaybackTracker ? sound.open(outputRateHz) : sound;
}

function endWith(session: VoiceSession, signal: AbortSignal | undefined): void {
  if (signal === undefined) return;
  const abort = () => void session.end({ exitCode: ExitCode.interrupted, reason: 'aborted' });
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  void session.ended.then(() => signal.removeEventListener('abort', abort));
}
