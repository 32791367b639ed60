import type { Sound, SoundOptions } from '../../audio/sound.js';
import type { Settings } from '../../config/settings.js';
import { ExitCode } from '../../contract/exit.js';
import type { Profile } from '../../contract/profile.js';
import type { EchoMode } from '../../contract/sound-options.js';
import type { SavedHistory } from '../../history/read-history.js';
import { findProvider } from '../../providers/registry.js';
import { type StartOptions, startSession } from '../../session/start/start.js';
import type { VoiceSession } from '../../session/voice-session.js';
import type { McpServerOptions } from '../../tools/mcp/mcp-server.js';
import { createConfiguredTeam } from './configured-team.js';
import { remembering } from './resume-store.js';

export interface ConnectOptions {
  /** Default: the microphone and speaker of the settings. */
  readonly openSound?: ((profile: Profile) => Promise<Sound | null>) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** A telephone call to take part in. */
  readonly callId?: string | undefined;
  /** Reconnect when the connection breaks; default true. */
  readonly retry?: boolean | undefined;
  /** Whether there is a user who can be asked if a tool may run; default false. */
  readonly asks?: boolean | undefined;
  /** The conversation to start from. */
  readonly earlier?: SavedHistory | undefined;
  /** MCP servers of the project that the user agreed to. */
  readonly projectServers?: readonly McpServerOptions[] | undefined;
  readonly congested?: StartOptions['congested'];
  readonly log?: ((line: string) => void) | undefined;
}

/**
 * A session as the settings describe it: provider, agents, tools and sound.
 * @throws VoxtermError when any of them is not available.
 */
export async function connect(settings: Settings, options: ConnectOptions = {}): Promise<VoiceSession> {
  const { env, language, output } = settings;
  const { earlier, projectServers, log } = options;
  const { provider, resume } = remembering(await findProvider(settings.provider), settings, log);
  const asks = options.asks ?? false;
  const team = await createConfiguredTeam(settings, {
    asks,
    earlierAgent: earlier?.agent,
    projectServers,
    log,
  });
  return startSession({
    ...settings.conversation,
    provider,
    connection: {
      model: settings.model,
      url: settings.url,
      insecure: settings.insecure,
      env,
      scenario: settings.scenario,
      language,
      voice: settings.session.voice,
      options: settings.options,
      resume,
      callId: options.callId,
    },
    settings: settings.session,
    turnsExitCode: settings.turnsSource === 'flag' ? ExitCode.usage : ExitCode.configuration,
    team,
    guardrails: { debounceCharacters: settings.team.guardrailDebounce },
    history: earlier?.items,
    openSound: options.openSound ?? ((profile) => openDevices(settings, profile, log)),
    watchEcho: settings.audio.echo === 'auto',
    audioInEvents: output.jsonAudio,
    reconnectDelaysMs: options.retry === false ? [] : undefined,
    signal: options.signal,
    congested: options.congested,
    log,
  });
}

/** The microphone and speaker of the settings. @throws VoxtermError exit 4 when there are no such devices. */
export async function openDevices(
  settings: Settings,
  profile: Profile,
  log: ConnectOptions['log'],
): Promise<Sound> {
  const { openSound } = await import('../../audio/open-sound.js');
  return openSound(soundOptions(settings, profile), { env: settings.env, log });
}

/** The same where they could not be opened: tried again for as long as the session lives. */
export async function awaitDevices(
  settings: Settings,
  profile: Profile,
  log: ConnectOptions['log'],
): Promise<Sound> {
  const { awaitSound } = await import('../../audio/open-sound.js');
  return awaitSound(soundOptions(settings, profile), { env: settings.env, log });
}

function soundOptions({ audio }: Settings, { inputRateHz, outputRateHz }: Profile): SoundOptions {
  const echo: EchoMode = audio.echo === 'auto' ? 'gate' : audio.echo;
  return { ...audio, echo, inputRateHz, outputRateHz };
}
