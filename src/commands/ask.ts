import type { AudioInput } from '../audio/decode.js';
import { VirtualSound } from '../audio/virtual-sound.js';
import type { Io, Settings } from '../config/settings.js';
import { type Ending, ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import type { Profile } from '../contract/profile.js';
import type { SavedHistory } from '../history/read-history.js';
import { findProvider } from '../providers/registry.js';
import type { Image } from '../session/images/image.js';
import { readImage } from '../session/images/read-image.js';
import { playRecording } from '../session/voice/recorded-turns.js';
import type { VoiceSession } from '../session/voice-session.js';
import type { Trace } from '../tracing/trace.js';
import { AskFiles } from './ask/ask-files.js';
import type { AskOptions } from './ask/ask-options.js';
import { AskOutput } from './ask/ask-output.js';
import { judge, noSpeech, takesNoText, timedOut, unwritten } from './ask/ask-verdict.js';
import { Expectations } from './ask/expectations.js';
import { firstAgent } from './session/configured-team.js';
import { congestion } from './session/congestion.js';
import { connect } from './session/open-session.js';
import { agreedServers } from './session/project-servers.js';
import { onSignals } from './session/signals.js';
import { startTrace } from './session/tracing.js';
import { readEarlierTalk, SavedTalk } from './talk/saved-talk.js';

/**
 * One shot: a recording or a text in, a spoken and written reply out.
 * @throws VoxtermError for anything that ends it before or while it runs; everything written so far is complete.
 */
export async function ask(options: AskOptions, settings: Settings, io: Io): Promise<ExitCode> {
  const output = new AskOutput(options, settings, io);
  try {
    const run = new AskRun(options, settings, io, output);
    return await run.toEnd();
  } catch (error) {
    output.failed(error);
    throw error;
  }
}

class AskRun {
  private readonly expectations: Expectations;
  private readonly stop = new AbortController();
  private input: AudioInput | undefined;
  private images: readonly Image[] = [];
  private files: AskFiles | undefined;
  private session: VoiceSession | undefined;
  private stopped: Ending | undefined;
  private earlier: SavedHistory | undefined;
  private saved: SavedTalk | undefined;
  private trace: Trace | undefined;

  constructor(
    private readonly options: AskOptions,
    private readonly settings: Settings,
    private readonly io: Io,
    private readonly output: AskOutput,
  ) {
    checkSource(options);
    if (options.output === '-' && settings.output.json) {
      throw usage(
        'Standard output cannot hold both the WAV and the events.',
        'Give -o a file name, or leave out --json.',
      );
    }
    this.expectations = new Expectations(options);
  }

  async toEnd(): Promise<ExitCode> {
    const release = onSignals(
      (exitCode) => this.halt({ exitCode, reason: 'signal' }),
      (exitCode) => this.leaveNow(exitCode),
    );
    this.io.stdout.on('error', this.readerGone);
    process.on('exit', this.keepAtExit);
    const { timeoutS } = this.options;
    const timer =
      timeoutS === undefined ? undefined : setTimeout(() => this.halt(timedOut(timeoutS)), timeoutS * 1000);
    try {
      this.output.begin();
      return this.conclude(await this.converse());
    } finally {
      clearTimeout(timer);
      this.io.stdout.off('error', this.readerGone);
      process.off('exit', this.keepAtExit);
      release();
    }
  }

  /** Ends cleanly, at any point. */
  private halt(ending: Ending): void {
    this.stopped ??= ending;
    this.stop.abort();
    void this.session?.end(ending);
  }

  private leaveNow(exitCode: ExitCode): never {
    this.output.done({ exitCode, reason: 'signal' });
    process.exit(exitCode);
  }

  /** The process is exiting early: after a second signal, or after an uncaught error in a user's tool. */
  private readonly keepAtExit = (): void => {
    this.files?.keepNow(this.session);
    this.trace?.close();
    try {
      this.saved?.keep(this.session, this.output.facts.agent);
    } catch {
      // The process is exiting: an error can no longer be reported.
    }
    this.output.failed(undefined);
  };

  /** The reader has closed stdout (`| head -1`). Stops, unless files or checks were asked for as well. */
  private readonly readerGone = (): void => {
    const { output, transcript, expectHeard, expectSaid, expectTool } = this.options;
    const files = [output, transcript, this.settings.record, this.settings.saveHistory, this.settings.trace];
    const checks = [...expectHeard, ...expectSaid, ...expectTool];
    if (checks.length > 0 || files.some((file) => file !== undefined)) return;
    this.halt({ exitCode: ExitCode.ok, reason: 'output.closed' });
  };

  private async converse(): Promise<Ending> {
    try {
      const profile = await this.prepare();
      const warn = (message: string, hint?: string): void => this.output.warn(message, hint);
      const projectServers = await agreedServers(this.settings, { confirm: undefined, warn });
      this.trace = await startTrace(this.settings, warn);
      this.session = await connect(handsFree(this.settings), {
        earlier: this.earlier,
        projectServers,
        openSound: async () => this.speaker(profile),
        // Audio lost with a connection cannot be sent again; the caller can run the command again.
        retry: false,
        signal: this.stop.signal,
        congested: congestion(this.io),
        log: this.output.log,
      });
      if (this.stopped !== undefined) void this.session.end(this.stopped);
      this.output.follow(this.session, this.files?.reply, firstAgent(this.settings, this.earlier?.agent));
      this.trace.follow(this.session);
      this.saved?.follow(
        this.session,
        () => this.output.facts.agent,
        ({ message, hint }) => this.output.warn(message, hint),
      );
      this.files?.recording?.follow(this.session);
      return await this.session.end(await this.speak(this.session));
    } catch (error) {
      if (this.stopped === undefined) throw error;
      return this.session === undefined ? this.stopped : await this.session.end(this.stopped);
    } finally {
      await this.close();
    }
  }

  /** First everything that can fail without the network. */
  private async prepare(): Promise<Profile> {
    const provider = await findProvider(this.settings.provider);
    const profile = provider.profile(this.settings.model, this.settings.options);
    const onWarning = ({ message }: { readonly message: string }): void => this.output.warn(message);
    AskFiles.check(this.options, this.io);
    this.earlier = await readEarlierTalk(this.settings);
    this.saved = SavedTalk.open(this.settings);
    if (this.options.text !== undefined && !profile.typedText) throw takesNoText(profile.model);
    const { images = [] } = this.options;
    const reading = { profile, env: this.settings.env, signal: this.stop.signal };
    this.images = await Promise.all(images.map((path) => readImage(path, reading)));
    const { input } = this.options;
    if (input !== undefined) {
      const { openAudio } = await import('../audio/decode.js'); // a typed question needs no decoders
      this.input = await openAudio(input, {
        rateHz: profile.inputRateHz,
        stdin: input === '-' ? this.io.stdin : undefined, // looking at it opens it
        env: this.settings.env,
        signal: this.stop.signal,
        onWarning,
      });
    }
    this.files = AskFiles.open(this.options, this.settings, { profile, stdout: this.io.stdout, onWarning });
    return profile;
  }

  /**
   * Writes what was rendered: in the file, an interrupted answer ends where a listener would have stopped hearing it.
   */
  private speaker({ outputRateHz }: Profile): VirtualSound {
    const instant = this.options.pace === 'fast' || this.options.text !== undefined;
    return new VirtualSound({
      outputRateHz,
      pace: instant ? 'instant' : 'realtime',
      onRendered: (pcm) =>
        void this.files?.reply?.write(pcm).catch((error: unknown) => this.halt(unwritten(error))),
    });
  }

  /** Resolves when everything is answered, or with the reason if there was nothing to answer. */
  private async speak(session: VoiceSession): Promise<Ending | undefined> {
    const { input } = this;
    for (const image of this.images) session.sendImage(image);
    if (input === undefined) {
      session.sendText(this.options.text ?? '');
      await this.answered(session);
      return undefined;
    }
    // A pipe may stay silent for ever, so do not wait for it when the session is over.
    void session.ended.then(() => input.close());
    const { turnDetection } = this.settings.session;
    const { speechFound, noticedTurns } = await playRecording({
      session,
      frames: input.frames,
      pace: this.options.pace,
      silenceMs: turnDetection?.type === 'server' ? (turnDetection.silenceMs ?? 500) : 500,
      onProgress: (fedMs) => this.output.progress(fedMs, input.durationMs),
    });
    const silent = noticedTurns === 0 && this.output.totals.responses === 0;
    return silent ? noSpeech(input.name, speechFound) : undefined;
  }

  private async answered(session: VoiceSession): Promise<void> {
    while (session.state !== 'listening' && session.state !== 'ended') {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  private async close(): Promise<void> {
    await this.input?.close();
    await this.session?.end();
    this.trace?.close();
    try {
      this.saved?.keep(this.session, this.output.facts.agent);
    } finally {
      await this.files?.keep(this.session);
    }
  }

  private conclude(ending: Ending): ExitCode {
    const { totals, heard, said } = this.output;
    const over = this.stopped !== undefined || ending.exitCode !== ExitCode.ok;
    const verdict = over
      ? ending
      : judge(totals, this.expectations.unmet({ heard, said, tools: totals.tools }));
    this.output.done(verdict);
    return verdict.exitCode;
  }
}

/** Without push to talk: no keys are pressed while a recording plays. */
function handsFree(settings: Settings): Settings {
  const { session } = settings;
  if (session.turnDetection?.type !== 'none') return settings;
  return { ...settings, session: { ...session, turnDetection: { type: 'client' } } };
}

function checkSource({ input, text }: AskOptions): void {
  if (input !== undefined && text !== undefined) {
    throw usage(
      'There is a recording and a text; only one can be asked.',
      'Leave out --text or the recording.',
    );
  }
  if (input === undefined && (text === undefined || text.trim() === '')) {
    throw usage(
      'There is nothing to ask.',
      'Name a recording ("voxterm ask question.wav"), "-" for standard input, or --text.',
    );
  }
}

function usage(message: string, hint: string): VoxtermError {
  return new VoxtermError(message, { code: 'usage', exitCode: ExitCode.usage, hint });
}
