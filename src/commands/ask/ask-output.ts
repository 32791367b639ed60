import type { WavWriter } from '../../audio/files/wav/wav-writer.js';
import { advised, advisedEnding } from '../../cli/advice.js';
import type { Io, Settings } from '../../config/settings.js';
import { type Ending, ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { SessionEvent } from '../../contract/session-events.js';
import { noUsage } from '../../contract/usage.js';
import { SessionTotals, wordsOf } from '../../session/events/session-totals.js';
import type { VoiceSession } from '../../session/voice-session.js';
import { createNdjsonWriter, type NdjsonWriter } from '../../terminal/ndjson.js';
import { PlainDisplay } from '../../terminal/plain-display.js';
import { SendProgress } from '../../terminal/send-progress.js';
import { cleanText } from '../../terminal/text/clean-text.js';
import { problemText } from '../../terminal/text/problem-text.js';
import { type LogFile, openLogFile } from '../session/log-file.js';
import { tellOfMissingPermission } from '../session/missing-permission.js';
import { SessionFacts } from '../session/session-facts.js';
import { version } from '../version.js';
import type { AskOptions } from './ask-options.js';

/** The output of `ask`: results on stdout (the transcript, or NDJSON), everything else on stderr. */
export class AskOutput {
  readonly totals = new SessionTotals();
  readonly facts = new SessionFacts();
  private readonly json: NdjsonWriter | undefined;
  private readonly plain: PlainDisplay | undefined;
  private readonly meter: SendProgress;
  private readonly stderr: { write(text: string): unknown };
  private logFile: LogFile | undefined;
  private headed = false;
  private session: VoiceSession | undefined;
  private reply: WavWriter | undefined;

  constructor(
    options: AskOptions,
    private readonly settings: Settings,
    io: Io,
  ) {
    const { json, jsonAudio, quiet } = settings.output;
    this.meter = new SendProgress(io.stderr, !quiet);
    const stdout = this.overMeter(io.stdout);
    this.stderr = this.overMeter(io.stderr);
    // If the WAV goes to stdout, the transcript goes to stderr.
    const words = options.output === '-' ? this.stderr : stdout;
    if (json) this.json = createNdjsonWriter(stdout, { version: version(), jsonAudio });
    else this.plain = new PlainDisplay({ stdout: words, stderr: this.stderr, quiet });
  }

  /** Writes the first line. @throws VoxtermError exit 2 when the log file cannot be written. */
  begin(): void {
    this.header();
    const { logFile } = this.settings;
    if (logFile !== undefined) this.logFile = openLogFile(logFile);
  }

  /** What the user said, turn by turn. */
  get heard(): string[] {
    return wordsOf(this.session === undefined ? [] : this.facts.since(this.session), 'user');
  }

  /** What the assistant said, as far as it was heard. */
  get said(): string[] {
    return wordsOf(this.session === undefined ? [] : this.facts.since(this.session), 'assistant');
  }

  /** Receives every frame; undefined if frames are not logged, so that none are prepared for it. */
  get log(): ((line: string) => void) | undefined {
    const { verbose } = this.settings.output;
    if (!verbose && this.settings.logFile === undefined) return undefined;
    return (line) => {
      this.logFile?.write(line);
      if (verbose) this.stderr.write(`${cleanText(line)}\n`);
    };
  }

  /** Reports what happens in a session, from its first event on. */
  follow(session: VoiceSession, reply: WavWriter | undefined, agent?: string): void {
    this.session = session;
    this.reply = reply;
    this.facts.begin(session, agent);
    session.subscribe((event) => this.hear(event));
  }

  progress(fedMs: number, totalMs: number | undefined): void {
    this.meter.update(fedMs, totalMs);
  }

  warn(message: string, hint?: string): void {
    this.stderr.write(problemText(message, hint, 'warning:'));
  }

  /** Writes the result, whatever the verdict. */
  done(verdict: Ending): void {
    this.close();
    const { exitCode, message, hint } = advisedEnding(verdict);
    // The transcript may already contain it.
    const told = this.plain !== undefined && message === this.totals.lastError && hint === undefined;
    if (exitCode !== ExitCode.ok && message !== undefined && !told)
      this.stderr.write(problemText(message, hint));
    this.result(verdict);
  }

  /** It ended with an error, which is reported where it is caught. */
  failed(error: unknown): void {
    this.close();
    const known = error instanceof VoxtermError;
    this.result({
      exitCode: known ? error.exitCode : ExitCode.unexpected,
      reason: known ? error.code : 'unexpected',
      message: known ? error.message : 'An unexpected error.',
    });
  }

  private hear(given: SessionEvent): void {
    const event = advised(given);
    this.totals.onEvent(event);
    this.facts.onEvent(event);
    tellOfMissingPermission(event, (text, hint) => this.warn(text, hint));
    this.json?.event(event);
    this.plain?.show(event);
  }

  private header(): void {
    if (!this.headed) this.json?.header();
    this.headed = true;
  }

  private result({ exitCode, reason, message }: Ending): void {
    const { tools, turns, firstAudioMs } = this.totals;
    const { session, reply, heard, said, settings, facts } = this;
    this.header();
    this.json?.result({
      exitCode,
      reason,
      message,
      provider: session?.profile.provider ?? settings.provider,
      model: session?.profile.model ?? settings.model,
      agent: facts.agent,
      turns,
      heard,
      said,
      tools,
      output: reply === undefined ? null : { path: reply.name, durationMs: Math.round(reply.durationMs) },
      latencies: { firstAudioMs },
      usage: session?.usage ?? noUsage,
      cost: facts.cost,
    });
  }

  private close(): void {
    this.meter.clear();
    this.plain?.close();
    this.logFile?.close();
  }

  /** Lines and the meter may share a terminal; the meter is cleared for a line. */
  private overMeter(stream: { write(text: string): unknown }): { write(text: string): unknown } {
    return {
      write: (text) => {
        this.meter.clear();
        return stream.write(text);
      },
    };
  }
}
