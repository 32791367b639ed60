import type { SessionEvent } from '../../contract/session-events.js';
import type { VoiceSession } from '../../session/voice-session.js';
import type { Display, NoteLevel } from '../display.js';
import { Questions } from '../input/questions.js';
import { sendTyped, type TypedHost } from '../input/typed-message.js';
import { Keyboard, type KeyInput } from '../keys/keyboard.js';
import { type KeyHost, Keys } from '../keys/keys.js';
import type { Styles } from '../text/color.js';
import { money } from '../text/money.js';
import { truncate, widthOf } from '../text/wrap.js';
import { Transcript } from '../transcript/transcript.js';
import { helpRows } from './help.js';
import { lineRows } from './line-view.js';
import { type LiveFrame, Region } from './region.js';
import { type Status, statusRows } from './status-line.js';
import { Suspension } from './suspension.js';
import { type RawInput, TerminalMode } from './terminal-mode.js';

/** About 15 frames a second: smooth for a meter, cheap over ssh. */
const frameMs = 66;
/** The share of its level that a meter keeps per frame when nothing new arrives. */
const decay = 0.6;
const prompt = '› ';

interface ScreenOutput {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string): unknown;
}

export interface ScreenOptions {
  readonly session: VoiceSession;
  /** Of the terminal's window, before what goes on. */
  readonly title: string;
  readonly input: KeyInput & RawInput;
  readonly output: ScreenOutput;
  readonly style: Styles;
  readonly quiet: boolean;
  readonly leave: () => void;
  readonly leaveNow: () => void;
  /** The first agent, where there are several. */
  readonly agent?: string | undefined;
  /** Saves the conversation. @throws VoxtermError when it cannot. */
  readonly save: (path: string) => void;
  readonly adviceOn: TypedHost['adviceOn'];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The live screen: finished lines scroll up; below them stay the lines that still change, the line being typed, and the
 * status. No alternate screen: everything said remains in the scrollback.
 */
export class Screen implements Display {
  private readonly transcript = new Transcript();
  private readonly keys: Keys;
  private readonly keyboard: Keyboard;
  private readonly region: Region;
  private readonly mode: TerminalMode;
  private readonly suspension: Suspension;
  private readonly levels = { input: 0, output: 0 };
  private readonly questions: Questions;
  private latencyMs: number | null = null;
  private cost: string | undefined;
  private agent: string | undefined;
  private clock: NodeJS.Timeout | undefined;
  private closed = false;
  private paused = false;

  constructor(private readonly options: ScreenOptions) {
    const { session, input, output } = options;
    const write = (text: string): void => void output.write(text);
    this.region = new Region(write);
    this.mode = new TerminalMode(input, write);
    this.suspension = new Suspension(
      () => this.pause(),
      () => this.resume(),
    );
    this.questions = new Questions(session);
    this.agent = options.agent;
    this.keys = new Keys(session, this.keyHost());
    this.keyboard = new Keyboard(
      input,
      (key) => {
        this.keys.handle(key);
        this.draw();
      },
      options.leave,
    );
    session.onLevel = (side, level) => {
      this.levels[side] = Math.max(this.levels[side], level);
    };
    this.resume();
    this.keyboard.start();
  }

  note(level: NoteLevel, text: string, hint?: string): void {
    if (level !== 'info' || !this.options.quiet) this.transcript.note(level, text, hint);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.options.session.onLevel = undefined;
    this.keyboard.stop();
    this.suspension.close();
    this.transcript.finish();
    this.pause();
  }

  private readonly noted = (level: 'info' | 'warning', text: string, hint?: string): void => {
    this.note(level, text, hint);
  };

  private keyHost(): KeyHost {
    return {
      leave: this.options.leave,
      leaveNow: this.options.leaveNow,
      suspend: () => this.suspension.suspend(),
      answer: (letter) => this.questions.answer(letter),
      typed: (text) => {
        const { session, env, save, adviceOn } = this.options;
        void sendTyped(text, session, { env, note: this.noted, save, adviceOn });
      },
    };
  }

  show(event: SessionEvent): void {
    this.transcript.apply(event);
    this.questions.apply(event);
    if (event.type === 'response.done')
      this.latencyMs = event.heardMs ?? event.firstAudioMs ?? this.latencyMs;
    if (event.type === 'usage' && event.cost !== undefined)
      this.cost = money(event.cost.session, event.cost.currency);
    if (event.type === 'agent.handoff') this.agent = event.to;
  }

  /** Hands the terminal to another program, with everything finished above. */
  private pause(): void {
    clearInterval(this.clock);
    this.paused = true;
    this.region.draw(this.finishedRows(), { rows: [] }, this.columns);
    this.region.erase();
    this.mode.leave();
  }

  private resume(): void {
    if (this.closed) return;
    clearInterval(this.clock);
    this.paused = false;
    this.region.forget();
    this.mode.leave(); // the other program may have changed the terminal's modes
    this.mode.enter();
    this.clock = setInterval(() => this.draw(), frameMs);
    this.draw();
  }

  private draw(): void {
    // The key that suspends is still being handled when the process continues; do not draw before `resume`.
    if (this.closed || this.paused) return;
    const { session, title } = this.options;
    this.mode.setTitle(`${title} – ${session.muted ? 'muted' : this.deaf ? 'no microphone' : 'listening'}`);
    this.mode.showCursor(this.keys.typing);
    this.region.draw(this.finishedRows(), this.frame(), this.columns);
    this.levels.input *= decay;
    this.levels.output *= decay;
  }

  private get columns(): number {
    return Math.max(16, this.options.output.columns || 80);
  }

  private finishedRows(): string[] {
    const { style } = this.options;
    return this.transcript.takeSettled().flatMap((line) => lineRows(line, this.columns, style));
  }

  private frame(): LiveFrame {
    const { style, output } = this.options;
    const { columns, keys } = this;
    const help = keys.help ? helpRows(this.abilities(), columns).map((row) => style.dim(row)) : [];
    const caret = keys.typing ? this.caret() : undefined;
    const typed = caret === undefined ? [] : [caret.before + caret.after];
    const question = this.questions.text(columns, keys.typing ? ', then Enter' : '');
    const asked = question === undefined ? [] : [style.yellow(truncate(question, columns))];
    const below = [...help, ...asked, ...statusRows(this.status(), columns, style), ...typed];
    // One row stays free, so that the first live row does not scroll away when finished lines are added above.
    const height = Math.max(1, (output.rows || 24) - 1);
    const live = this.transcript.live.flatMap((line) => lineRows(line, columns, style));
    return { rows: [...live, ...below].slice(-height), caret };
  }

  private caret(): LiveFrame['caret'] {
    const { before, after } = this.keys.editor.view(this.columns - widthOf(prompt));
    return { before: this.options.style.cyan(prompt) + before, after };
  }

  private abilities(): { manualTurns: boolean; typedText: boolean; images: boolean } {
    const { turns, profile } = this.options.session;
    return {
      manualTurns: turns === 'hand',
      typedText: profile.typedText,
      images: profile.images !== null,
    };
  }

  /** It is the user's turn and they have not muted the microphone, but there is none. */
  private get deaf(): boolean {
    const { state, muted } = this.options.session;
    return state === 'muted' && !muted;
  }

  private status(): Status {
    const { profile, sound, state, muted, usage } = this.options.session;
    const { keys, levels } = this;
    return {
      state: keys.leaving
        ? 'leaving'
        : keys.talking
          ? 'talking'
          : muted && state === 'listening'
            ? 'muted'
            : this.deaf && state === 'muted'
              ? 'no microphone'
              : state,
      input: (sound?.inputName ?? null) === null ? null : muted ? 0 : levels.input,
      output: (sound?.outputName ?? null) === null ? null : levels.output,
      latencyMs: this.latencyMs,
      tokens: usage.total,
      cost: this.cost,
      agent: this.agent,
      provider: profile.provider,
      model: profile.model,
      ...this.abilities(),
      typing: keys.typing,
      notice: keys.notice,
    };
  }
}
