import { statSync } from 'node:fs';
import { type AudioInput, openAudio } from '../audio/decode.js';
import { VirtualSound } from '../audio/virtual-sound.js';
import { createWavWriter, type WavWriter } from '../audio/wav-writer.js';
import type { Io, Settings } from '../config/settings.js';
import { type Ending, ExitCode } from '../conversation/exit.js';
import { VoxtermError } from '../conversation/failure.js';
import type { Profile } from '../conversation/profile.js';
import { findProvider } from '../providers/registry.js';
import { writeTranscript } from '../recording/transcript-file.js';
import { playRecording } from '../session/recorded-turns.js';
import { wordsOf } from '../session/tally.js';
import type { VoiceSession } from '../session/voice-session.js';
import { AskOutput } from './ask-output.js';
import { connect } from './connect.js';
import { Expectations } from './expectations.js';
import { type Recording, startRecording } from './record.js';
import { onSignals } from './signals.js';

export interface AskOptions {
  /** A recording, or `-` for standard input. */
  readonly input?: string | undefined;
  /** Where the spoken reply goes as WAV; `-` is standard output. */
  readonly output?: string | undefined;
  readonly text?: string | undefined;
  readonly transcript?: string | undefined;
  readonly pace: 'realtime' | 'fast';
  /** Longest time for everything, in seconds. */
  readonly timeoutS?: number | undefined;
  readonly expectHeard: readonly string[];
  readonly expectSaid: readonly string[];
  readonly expectTool: readonly string[];
}

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
  private session: VoiceSession | undefined;
  private wav: WavWriter | undefined;
  private recording: Recording | undefined;
  private stopped: Ending | undefined;
  private outputFailure: Error | undefined;

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
    const { timeoutS } = this.options;
    const timer =
      timeoutS === undefined ? undefined : setTimeout(() => this.halt(timedOut(timeoutS)), timeoutS * 1000);
    try {
      return await this.converse();
    } finally {
      clearTimeout(timer);
      release();
    }
  }

  /** Ends in order, wherever we are. */
  private halt(ending: Ending): void {
    this.stopped ??= ending;
    this.stop.abort();
    void this.session?.end(ending);
  }

  private leaveNow(exitCode: ExitCode): never {
    this.wav?.closeSync();
    this.recording?.close();
    process.exit(exitCode);
  }

  private async converse(): Promise<ExitCode> {
    const { profile, input } = await this.prepare();
    let ending: Ending;
    try {
      this.session = await connect(this.settings, {
        openSound: async () => this.speaker(profile),
        signal: this.stop.signal,
        log: this.output.log,
      });
      if (this.stopped !== undefined) void this.session.end(this.stopped);
      this.session.subscribe(this.output.onEvent);
      this.recording?.follow(this.session);
      const silent = await this.speak(this.session, input);
      ending = await this.session.end(silent ? noSpeech(this.options.input) : undefined);
    } catch (error) {
      throw this.stopped === undefined ? error : stoppedEarly(this.stopped);
    } finally {
      await input?.close();
      await this.session?.end();
      this.recording?.close();
      await this.keep();
    }
    if (this.outputFailure !== undefined) throw this.outputFailure;
    return this.conclude(this.session, ending);
  }

  /** What can fail without the network fails first. */
  private async prepare(): Promise<{ profile: Profile; input: AudioInput | undefined }> {
    const provider = await findProvider(this.settings.provider);
    const profile = provider.profile(this.settings.model);
    const { input: source, output: target } = this.options;
    const input =
      source === undefined
        ? undefined
        : await openAudio(source, {
            rateHz: profile.inputRateHz,
            stdin: this.io.stdin,
            env: this.settings.env,
            signal: this.stop.signal,
            onWarning: ({ message }) => this.output.warn(message),
          });
    try {
      this.recording = startRecording(this.settings, profile, ({ message }) => this.output.warn(message));
      if (target !== undefined) {
        refuseToOverwrite(source, target);
        this.wav = createWavWriter(target, { rateHz: profile.outputRateHz, channels: 1 }, this.io.stdout);
      }
    } catch (error) {
      await input?.close();
      throw error;
    }
    return { profile, input };
  }

  /** What is rendered is what is written: an interrupted answer ends in the file where a listener stopped hearing it. */
  private speaker({ outputRateHz }: Profile): VirtualSound {
    const instant = this.options.pace === 'fast' || this.options.text !== undefined;
    return new VirtualSound({
      outputRateHz,
      pace: instant ? 'instant' : 'realtime',
      onRendered: (pcm) => void this.wav?.write(pcm).catch((error: unknown) => this.outputLost(error)),
    });
  }

  private outputLost(error: unknown): void {
    if (this.outputFailure !== undefined) return;
    this.outputFailure = error instanceof Error ? error : new Error(String(error));
    this.halt({ exitCode: ExitCode.usage, reason: 'output.failed' });
  }

  /** Returns true when the recording holds no speech. */
  private async speak(session: VoiceSession, input: AudioInput | undefined): Promise<boolean> {
    const { turnDetection } = this.settings.session;
    if (input === undefined) {
      session.sendText(this.options.text ?? '');
      await this.answered(session);
      return false;
    }
    const { speechFound } = await playRecording({
      session,
      frames: input.frames,
      pace: this.options.pace,
      manual: session.profile.turns === 'none' || turnDetection?.type === 'none',
      silenceMs: turnDetection?.type === 'server' ? (turnDetection.silenceMs ?? 500) : 500,
      onProgress: (fedMs) => this.output.progress(fedMs, input.durationMs),
    });
    return !speechFound && this.output.tally.responses === 0;
  }

  private async answered(session: VoiceSession): Promise<void> {
    while (session.state !== 'listening' && session.state !== 'ended') {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Whatever happened: what there is of the reply and of the transcript is kept. */
  private async keep(): Promise<void> {
    const { transcript } = this.options;
    try {
      await this.wav?.close();
    } finally {
      if (transcript !== undefined && this.session !== undefined) {
        writeTranscript(transcript, this.session.history);
      }
    }
  }

  private conclude(session: VoiceSession, ending: Ending): ExitCode {
    const { tally } = this.output;
    const heard = wordsOf(session.history, 'user');
    const said = wordsOf(session.history, 'assistant');
    const unmet = this.expectations.unmet({ heard, said, tools: tally.tools });
    const verdict = judge(ending, said.length === 0 && tally.failedResponses > 0, unmet, tally.lastError);
    this.output.done({ session, verdict, heard, said, wav: this.wav });
    return verdict.exitCode;
  }
}

function judge(
  ending: Ending,
  failed: boolean,
  unmet: readonly string[],
  lastError: string | undefined,
): Ending {
  if (ending.exitCode !== ExitCode.ok) return ending;
  if (failed) return { exitCode: ExitCode.refused, reason: 'response.failed', message: lastError };
  if (unmet.length > 0)
    return { exitCode: ExitCode.expectation, reason: 'expectation', message: unmet.join('\n') };
  return { exitCode: ExitCode.ok, reason: 'done' };
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

/** A target that is the recording itself would empty it before it is read. */
function refuseToOverwrite(source: string | undefined, target: string): void {
  if (source === undefined || source === '-' || target === '-') return;
  const [from, to] = [source, target].map((path) => statSync(path, { throwIfNoEntry: false }));
  if (from === undefined || to === undefined || from.ino !== to.ino || from.dev !== to.dev) return;
  throw usage(
    `"${target}" is the recording itself.`,
    'Give -o another name, so that the question is not overwritten.',
  );
}

function usage(message: string, hint: string): VoxtermError {
  return new VoxtermError(message, { code: 'usage', exitCode: ExitCode.usage, hint });
}

function timedOut(seconds: number): Ending {
  return {
    exitCode: ExitCode.limit,
    reason: 'timeout',
    message: `Not finished within ${seconds} s (--timeout).`,
  };
}

function noSpeech(input: string | undefined): Ending {
  const name = input === '-' || input === undefined ? 'standard input' : `"${input}"`;
  return {
    exitCode: ExitCode.usage,
    reason: 'no.speech',
    message: `There is no speech in ${name}.`,
    hint: 'Check that the recording is loud enough and holds a voice.',
  };
}

function stoppedEarly({ exitCode, reason, message, hint }: Ending): VoxtermError {
  return new VoxtermError(message ?? 'Stopped before the session began.', { code: reason, exitCode, hint });
}
