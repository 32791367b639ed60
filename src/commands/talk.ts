import type { Sound } from '../audio/sound.js';
import { adviceOn } from '../cli/advice.js';
import type { Io, Settings } from '../config/settings.js';
import { type Ending, ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import type { Profile } from '../contract/profile.js';
import type { SavedHistory } from '../history/read-history.js';
import { findProvider } from '../providers/registry.js';
import type { VoiceSession } from '../session/voice-session.js';
import { confirm } from '../terminal/input/confirm.js';
import { sendTypedLines } from '../terminal/input/typed-lines.js';
import { startSpinner } from '../terminal/spinner.js';
import type { McpServerOptions } from '../tools/mcp/mcp-server.js';
import type { Trace } from '../tracing/trace.js';
import { firstAgent } from './session/configured-team.js';
import { congestion } from './session/congestion.js';
import { awaitDevices, connect, openDevices } from './session/open-session.js';
import { agreedServers } from './session/project-servers.js';
import { type Recording, startRecording } from './session/record.js';
import { onSignals } from './session/signals.js';
import { startTrace } from './session/tracing.js';
import { readEarlierTalk, SavedTalk } from './talk/saved-talk.js';
import { TalkOutput } from './talk/talk-output.js';

/** What tests replace. */
export interface TalkParts {
  readonly connect: typeof connect;
  readonly openDevices: typeof openDevices;
  readonly awaitDevices?: typeof awaitDevices;
  /** The session goes on when standard input has ended; default false. */
  readonly outlivesInput?: boolean;
  /** Ends the process immediately. */
  readonly exit: (exitCode: ExitCode) => void;
}

const noMicrophone = 'No microphone was found. Type your messages; the answers are spoken.';
const noMicrophoneHint = 'Connect one and start again, or choose a device with --input-device.';

const realParts: TalkParts = {
  connect,
  openDevices,
  awaitDevices,
  exit: (exitCode) => process.exit(exitCode),
};

/**
 * A conversation by microphone, speaker and keyboard until the user ends it. Without sound, it continues in writing.
 * @throws VoxtermError when it cannot start.
 */
export async function talk(settings: Settings, io: Io, parts: TalkParts = realParts): Promise<ExitCode> {
  const output = new TalkOutput(settings, io);
  try {
    return await new Talk(settings, io, output, parts).toEnd();
  } catch (error) {
    output.failed(error);
    throw error;
  }
}

class Talk {
  private readonly stop = new AbortController();
  private session: VoiceSession | undefined;
  private departure: Ending | undefined;
  private recording: Recording | undefined;
  private saved: SavedTalk | undefined;
  private trace: Trace | undefined;
  private agent: string | undefined;
  private noSound: VoxtermError | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly io: Io,
    private readonly output: TalkOutput,
    private readonly parts: TalkParts,
  ) {}

  async toEnd(): Promise<ExitCode> {
    const { stdout } = this.io;
    const release = onSignals(
      (exitCode) => this.leave({ exitCode, reason: 'signal' }),
      (exitCode) => this.leaveNow(exitCode),
    );
    stdout.on('error', this.outputLost);
    process.on('exit', this.keep);
    try {
      const earlier = await readEarlierTalk(this.settings);
      this.agent = firstAgent(this.settings, earlier?.agent);
      this.saved = SavedTalk.open(this.settings);
      this.recording = await this.record();
      this.trace = await startTrace(this.settings, (message, hint) =>
        this.output.note('warning', message, hint),
      );
      this.session = await this.connect(earlier);
      this.saved.follow(
        this.session,
        () => this.output.facts.agent,
        (error) => this.output.note('warning', error.message, error.hint),
      );
      return await this.converse(this.session);
    } catch (error) {
      if (this.departure === undefined) throw error;
      return this.departure.exitCode; // stopped while connecting
    } finally {
      release();
      process.off('exit', this.keep);
      this.recording?.close();
      this.trace?.close();
      this.saved?.keep(this.session, this.output.facts.agent);
      // Later writes to a closed pipe still need an error listener.
      this.output.close();
    }
  }

  /** Called before connecting, so that an unwritable directory costs nothing. */
  private async record(): Promise<Recording | undefined> {
    const { settings, output } = this;
    if (settings.record === undefined) return undefined;
    const profile = (await findProvider(settings.provider)).profile(settings.model, settings.options);
    return startRecording(settings, profile, (warning) =>
      output.note('warning', warning.message, adviceOn(warning)),
    );
  }

  private async connect(earlier: SavedHistory | undefined): Promise<VoiceSession> {
    const { settings, io, output } = this;
    const projectServers = await this.projectServers();
    const spinner = startSpinner(`Connecting to ${settings.provider}`, io.stderr, !settings.output.quiet);
    try {
      return await this.parts.connect(settings, {
        openSound: (profile) => this.openSound(profile),
        signal: this.stop.signal,
        asks: output.asks,
        earlier,
        projectServers,
        congested: congestion(io),
        log: this.output.log,
      });
    } finally {
      (await spinner).stop();
    }
  }

  /** The project's file can start any program, so the user has to agree to it. */
  private projectServers(): Promise<readonly McpServerOptions[]> {
    const { io, output, settings } = this;
    return agreedServers(settings, {
      confirm: output.asks ? (text) => confirm(text, io, this.stop.signal) : undefined,
      warn: (message, hint) => output.note('warning', message, hint),
    });
  }

  /** A device that was chosen must exist; without a choice and without sound, the conversation continues in writing. */
  private async openSound(profile: Profile): Promise<Sound | null> {
    const { inputDevice, outputDevice, backend } = this.settings.audio;
    try {
      return await this.parts.openDevices(this.settings, profile, this.output.log);
    } catch (error) {
      const asked = inputDevice !== undefined || outputDevice !== undefined || backend !== 'auto';
      if (asked || !(error instanceof VoxtermError)) throw error;
      this.noSound = error;
      // A device may be connected, and a busy sound server may answer later.
      return (await this.parts.awaitDevices?.(this.settings, profile, this.output.log)) ?? null;
    }
  }

  private async converse(session: VoiceSession): Promise<ExitCode> {
    const { output, recording } = this;
    await output.open(session, this.agent, {
      leave: () => this.leave({ exitCode: ExitCode.ok, reason: 'quit' }),
      leaveNow: () => this.leaveNow(ExitCode.interrupted),
    });
    session.subscribe(output.onEvent);
    recording?.follow(session);
    this.trace?.follow(session);
    this.greet(session);
    if (this.departure !== undefined) void session.end(this.departure);
    if (!output.interactive) void this.readLines(this.io.stdin, session);
    const ending = await session.ended;
    recording?.close();
    output.done(session, ending, recording?.path);
    return ending.exitCode;
  }

  private greet(session: VoiceSession): void {
    const { sound, profile } = session;
    const { output } = this;
    if (this.noSound !== undefined) {
      const { message } = this.noSound;
      output.note(
        'warning',
        `${message} Type your messages; the answers are printed.`,
        adviceOn(this.noSound),
      );
    }
    if (sound === null) return;
    const device = (name: string | null): string => name ?? 'none';
    const sides = `microphone: ${device(sound.inputName)}, speaker: ${device(sound.outputName)}`;
    output.note('info', `${profile.provider} · ${profile.model}, ${sides} (${sound.backend})`);
    if (sound.inputName === null) output.note('warning', noMicrophone, noMicrophoneHint);
  }

  private async readLines(stdin: NodeJS.ReadableStream, session: VoiceSession): Promise<void> {
    await sendTypedLines(stdin, session, this.output.linesHost(session));
    if (this.parts.outlivesInput !== true) this.leave({ exitCode: ExitCode.ok, reason: 'end of input' });
  }

  private leave(ending: Ending): void {
    this.departure ??= ending;
    this.stop.abort();
    void this.session?.end(ending);
  }

  /** For exits that cannot wait. */
  private readonly keep = (): void => {
    try {
      this.saved?.keep(this.session, this.output.facts.agent);
    } catch {
      // The process is exiting: an error can no longer be reported.
    }
  };

  private leaveNow(exitCode: ExitCode): void {
    this.keep();
    this.recording?.close();
    this.trace?.close();
    this.output.close();
    this.parts.exit(exitCode);
  }

  private readonly outputLost = (error: NodeJS.ErrnoException): void => {
    // A reader that stops early (`| head`) is not a failure; a full disk is.
    const ending: Ending =
      error.code === 'EPIPE' || error.code === 'EIO'
        ? { exitCode: ExitCode.ok, reason: 'output.closed' }
        : { exitCode: ExitCode.usage, reason: 'output.failed', message: `Standard output: ${error.message}` };
    this.leave(ending);
  };
}
