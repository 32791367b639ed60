import { adviceOn, advised, advisedEnding } from '../../cli/advice.js';
import type { Io, Settings } from '../../config/settings.js';
import { type Ending, ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { SessionEvent } from '../../contract/session-events.js';
import { noUsage, type Usage } from '../../contract/usage.js';
import { SessionTotals, wordsOf } from '../../session/events/session-totals.js';
import type { VoiceSession } from '../../session/voice-session.js';
import type { Display, NoteLevel } from '../../terminal/display.js';
import { Questions } from '../../terminal/input/questions.js';
import type { LinesHost } from '../../terminal/input/typed-lines.js';
import { createNdjsonWriter, type NdjsonWriter } from '../../terminal/ndjson.js';
import { PlainDisplay } from '../../terminal/plain-display.js';
import { styles } from '../../terminal/text/color.js';
import { money } from '../../terminal/text/money.js';
import { problemText } from '../../terminal/text/problem-text.js';
import { type LogFile, openLogFile } from '../session/log-file.js';
import { tellOfMissingPermission } from '../session/missing-permission.js';
import { SessionFacts } from '../session/session-facts.js';
import { version } from '../version.js';
import { saveTalk } from './saved-talk.js';

export interface LeaveHost {
  readonly leave: () => void;
  readonly leaveNow: () => void;
}

/** What `talk` shows: a live screen, plain lines or NDJSON while it runs, and how it ended. */
export class TalkOutput {
  readonly totals = new SessionTotals();
  readonly facts = new SessionFacts();
  /** Whether there is a user who can be asked. */
  readonly asks: boolean;
  /** Keys are read from the terminal; otherwise lines are. */
  readonly interactive: boolean;
  private readonly json: NdjsonWriter | undefined;
  private readonly logFile: LogFile | undefined;
  private display: Display | undefined;
  private questions: Questions | undefined;
  private readonly startedAtMs = performance.now();

  constructor(
    private readonly settings: Settings,
    private readonly io: Io,
  ) {
    const { json, jsonAudio } = settings.output;
    const { TERM, CI } = io.env;
    const capable = TERM !== 'dumb' && (CI ?? '') === '';
    this.asks = !json && io.stdin.isTTY === true;
    this.interactive = !json && capable && io.stdin.isTTY === true && io.stdout.isTTY === true;
    this.logFile = settings.logFile === undefined ? undefined : openLogFile(settings.logFile);
    if (json) this.json = createNdjsonWriter(io.stdout, { version: version(), jsonAudio });
    this.json?.header();
  }

  readonly onEvent = (given: SessionEvent): void => {
    const event = advised(given);
    this.totals.onEvent(event);
    this.facts.onEvent(event);
    if (!this.asks) tellOfMissingPermission(event, (text, hint) => this.complain('warning', text, hint));
    this.json?.event(event);
    this.display?.show(event);
  };

  /** Receives every frame; undefined if frames are not logged, so that none are prepared for it. */
  get log(): ((line: string) => void) | undefined {
    const { verbose } = this.settings.output;
    if (!verbose && this.logFile === undefined) return undefined;
    return (line) => {
      this.logFile?.write(line);
      if (verbose) this.note('info', line);
    };
  }

  /** The session has started: events given to {@link onEvent} are shown from now on. */
  async open(session: VoiceSession, agent: string | undefined, host: LeaveHost): Promise<void> {
    const { team, output } = this.settings;
    const { quiet, color } = output;
    this.facts.begin(session, agent);
    const { stdin: input, stdout, stderr } = this.io;
    if (this.interactive) {
      const { Screen } = await import('../../terminal/screen/screen.js');
      this.display = new Screen({
        session,
        title: 'voxterm',
        adviceOn,
        input,
        output: stdout,
        style: styles(color.stdout),
        quiet,
        env: this.io.env,
        agent: Object.keys(team.agents).length > 1 ? agent : undefined,
        save: (path) => this.save(path, session),
        ...host,
      });
    } else if (this.json === undefined) {
      this.questions = this.asks ? new Questions(session) : undefined;
      this.display = new PlainDisplay({ stdout, stderr, quiet, questions: this.questions });
    }
  }

  /** Commands for typed lines, when keys are not read. */
  linesHost(session: VoiceSession): LinesHost {
    const { questions } = this;
    return {
      env: this.io.env,
      adviceOn,
      note: (level, text, hint) => this.note(level, text, hint),
      save: (path) => this.save(path, session),
      answer: questions === undefined ? undefined : (line) => questions.answer(line),
    };
  }

  private save(path: string, session: VoiceSession): void {
    saveTalk(path, session, this.facts.agent);
  }

  note(level: NoteLevel, text: string, hint?: string): void {
    if (this.display !== undefined) this.display.note(level, text, hint);
    else if (level !== 'info') this.complain(level, text, hint);
    else if (!this.settings.output.quiet) this.io.stderr.write(`${text}\n`);
  }

  /** Restores the terminal. May be called twice. */
  close(): void {
    this.display?.close();
    this.display = undefined;
    this.logFile?.close();
  }

  /** Writes the last lines: why it ended, and the totals. */
  done(session: VoiceSession, ending: Ending, recording: string | undefined): void {
    this.close();
    const { exitCode, reason, message, hint } = advisedEnding(ending);
    if (message !== undefined) this.complain(exitCode === ExitCode.ok ? 'note' : 'error', message, hint);
    const { total } = session.usage;
    const { turns } = this.totals;
    const counts = [
      `${turns} ${turns === 1 ? 'turn' : 'turns'} in ${clock(performance.now() - this.startedAtMs)}`,
    ];
    if (total > 0) counts.push(`${total.toLocaleString('en')} tokens`);
    const { cost } = this.facts;
    if (cost !== null) counts.push(`about ${money(cost.amount, cost.currency)} (prices of ${cost.pricesOf})`);
    if (recording !== undefined) counts.push(`recorded in ${recording}`);
    this.note('info', counts.join(' · '));
    const history = this.facts.since(session);
    const heard = wordsOf(history, 'user');
    const said = wordsOf(history, 'assistant');
    this.result({ exitCode, reason, message, heard, said, usage: session.usage });
  }

  /** It ended before there was a conversation; the error itself is reported where it is caught. */
  failed(error: unknown): void {
    this.close();
    const known = error instanceof VoxtermError;
    const exitCode = known ? error.exitCode : ExitCode.unexpected;
    const message = known ? error.message : 'An unexpected error.';
    const reason = known ? error.code : 'unexpected';
    this.result({ exitCode, reason, message, heard: [], said: [], usage: noUsage });
  }

  private result(end: {
    readonly exitCode: ExitCode;
    readonly reason: string;
    readonly message: string | undefined;
    readonly heard: string[];
    readonly said: string[];
    readonly usage: Usage;
  }): void {
    const { provider, model } = this.settings;
    const { turns, tools, firstAudioMs } = this.totals;
    const { agent, cost } = this.facts;
    this.json?.result({
      ...end,
      provider,
      model,
      agent,
      turns,
      tools,
      output: null,
      latencies: { firstAudioMs },
      cost,
    });
  }

  private complain(label: string, message: string, hint: string | undefined): void {
    const { stderr } = this.io;
    const style = styles(this.settings.output.color.stderr);
    stderr.write(problemText(message, hint, (label === 'error' ? style.red : style.yellow)(`${label}:`)));
  }
}

function clock(ms: number): string {
  const total = Math.round(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}
