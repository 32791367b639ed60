import type { WavWriter } from '../audio/wav-writer.js';
import type { Io, Settings } from '../config/settings.js';
import type { Ending } from '../conversation/exit.js';
import { ExitCode } from '../conversation/exit.js';
import { VoxtermError } from '../conversation/failure.js';
import type { SessionEvent } from '../conversation/session-events.js';
import { noUsage } from '../conversation/usage.js';
import { Tally } from '../session/tally.js';
import type { VoiceSession } from '../session/voice-session.js';
import { createNdjsonWriter, type NdjsonWriter } from '../terminal/ndjson.js';
import { Plain } from '../terminal/plain.js';
import { Progress } from '../terminal/progress.js';
import type { AskOptions } from './ask.js';
import { version } from './version.js';

interface Done {
  readonly session: VoiceSession;
  readonly verdict: Ending;
  readonly heard: readonly string[];
  readonly said: readonly string[];
  readonly wav: WavWriter | undefined;
}

/** What `ask` tells: results on stdout (the transcript, or NDJSON), everything else on stderr. */
export class AskOutput {
  readonly tally = new Tally();
  readonly log: ((line: string) => void) | undefined;
  private readonly json: NdjsonWriter | undefined;
  private readonly plain: Plain | undefined;
  private readonly meter: Progress;

  constructor(
    options: AskOptions,
    private readonly settings: Settings,
    private readonly io: Io,
  ) {
    const { json, jsonAudio, quiet, verbose } = settings.output;
    // With the WAV on stdout, the words have to go where they do no harm.
    const words = options.output === '-' ? io.stderr : io.stdout;
    if (json) this.json = createNdjsonWriter(io.stdout, { version: version(), jsonAudio });
    else this.plain = new Plain({ stdout: words, stderr: io.stderr, quiet });
    this.log = verbose ? (line) => io.stderr.write(`${line}\n`) : undefined;
    this.meter = new Progress(io.stderr, !quiet);
    this.json?.header();
  }

  readonly onEvent = (event: SessionEvent): void => {
    this.tally.onEvent(event);
    this.json?.event(event);
    this.plain?.hear(event);
  };

  progress(fedMs: number, totalMs: number | undefined): void {
    this.meter.update(fedMs, totalMs);
  }

  warn(message: string): void {
    this.meter.clear();
    this.io.stderr.write(`warning: ${message}\n`);
  }

  /** The last line, whatever the verdict. */
  done({ session, verdict, heard, said, wav }: Done): void {
    this.close();
    const { exitCode, reason, message, hint } = verdict;
    if (exitCode !== ExitCode.ok && message !== undefined) this.complain(message, hint);
    const { tools, turns, firstAudioMs } = this.tally;
    this.json?.result({
      exitCode,
      reason,
      message,
      provider: session.profile.provider,
      model: session.profile.model,
      turns,
      heard: [...heard],
      said: [...said],
      tools,
      output: wav === undefined ? null : { path: wav.name, durationMs: wav.durationMs },
      latencies: { firstAudioMs },
      usage: session.usage,
      cost: null,
    });
  }

  /** It ended before there was a result; the error itself is told by whoever catches it. */
  failed(error: unknown): void {
    this.close();
    const known = error instanceof VoxtermError;
    this.json?.result({
      exitCode: known ? error.exitCode : ExitCode.unexpected,
      reason: known ? error.code : 'unexpected',
      message: known ? error.message : 'An unexpected error.',
      provider: this.settings.provider,
      model: this.settings.model,
      turns: this.tally.turns,
      heard: [],
      said: [],
      tools: this.tally.tools,
      output: null,
      latencies: { firstAudioMs: this.tally.firstAudioMs },
      usage: noUsage,
      cost: null,
    });
  }

  private close(): void {
    this.meter.clear();
    this.plain?.close();
  }

  private complain(message: string, hint: string | undefined): void {
    for (const line of message.split('\n')) this.io.stderr.write(`error: ${line}\n`);
    if (hint !== undefined) this.io.stderr.write(`hint: ${hint}\n`);
  }
}
