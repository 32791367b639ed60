import type { EchoMode, Sound } from '../audio/sound.js';
import type { Settings } from '../config/settings.js';
import { ExitCode } from '../conversation/exit.js';
import type { Profile } from '../conversation/profile.js';
import { findProvider } from '../providers/registry.js';
import { type StartOptions, startSession } from '../session/start.js';
import type { VoiceSession } from '../session/voice-session.js';
import { createToolRunner } from '../tools/registry.js';
import { configuredTools } from './configured-tools.js';
import { remembering } from './conversation-memory.js';

export interface ConnectOptions {
  /** Default: microphone and speaker as the settings say. */
  readonly openSound?: ((profile: Profile) => Promise<Sound | null>) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** A connection that breaks is replaced; default true. */
  readonly retry?: boolean | undefined;
  readonly congested?: StartOptions['congested'];
  readonly log?: ((line: string) => void) | undefined;
}

/**
 * A session as the settings describe it: provider, tools and sound.
 * @throws VoxtermError when any of them cannot be had.
 */
export async function connect(settings: Settings, options: ConnectOptions = {}): Promise<VoiceSession> {
  const { env, language, output } = settings;
  const { provider, resume } = remembering(await findProvider(settings.provider), settings, options.log);
  const tools = await configuredTools(settings.tools, settings);
  return startSession({
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
    },
    settings: settings.session,
    turnsExitCode: settings.turnsSource === 'flag' ? ExitCode.usage : ExitCode.configuration,
    tools: createToolRunner(tools, { timeoutMs: settings.toolTimeoutMs, language, env }),
    openSound: options.openSound ?? ((profile) => openDevices(settings, profile, options.log)),
    watchEcho: settings.audio.echo === 'auto',
    audioInEvents: output.jsonAudio,
    reconnectDelaysMs: options.retry === false ? [] : undefined,
    signal: options.signal,
    congested: options.congested,
    log: options.log,
  });
}

/** Microphone and speaker as the settings say. @throws VoxtermError exit 4 when there are none. */
export async function openDevices(
  { audio, env }: Settings,
  { inputRateHz, outputRateHz }: Profile,
  log: ConnectOptions['log'],
): Promise<Sound> {
  const { openSound } = await import('../audio/open-sound.js');
  const echo: EchoMode = audio.echo === 'auto' ? 'gate' : audio.echo;
  const { backend, inputDevice, outputDevice } = audio;
  return openSound({ inputRateHz, outputRateHz, backend, inputDevice, outputDevice, echo }, { env, log });
}
