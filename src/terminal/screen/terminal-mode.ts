/** Leaves room for what is said about the crash. */
const eraseRest = '\r\x1b[J';

/** What a terminal needs from its input side. */
export interface RawInput {
  setRawMode(raw: boolean): unknown;
}

/** Bracketed paste on; the title of the window put aside. */
const enter = '\x1b[?2004h\x1b[22;2t';
/** Paste mode off, wrapping on, cursor shown, colours off, title back. */
const leave = '\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[m\x1b[23;2t';

/**
 * The terminal as we need it, and as we found it. Between {@link enter} and {@link leave} every way out of the process
 * (exit, an uncaught error) puts it back; both may be called twice.
 */
export class TerminalMode {
  private active = false;
  private title = '';
  private cursorShown = true;
  private readonly restore = (): void => {
    if (this.active) this.write(eraseRest);
    this.leave();
  };

  constructor(
    private readonly input: RawInput,
    private readonly write: (text: string) => void,
  ) {}

  enter(): void {
    if (this.active) return;
    this.active = true;
    process.on('exit', this.restore);
    process.on('uncaughtExceptionMonitor', this.restore);
    this.input.setRawMode(true);
    this.write(enter);
    if (this.title !== '') this.write(titleOf(this.title));
    if (!this.cursorShown) this.write(cursor(false));
  }

  leave(): void {
    if (!this.active) return;
    this.active = false;
    process.off('exit', this.restore);
    process.off('uncaughtExceptionMonitor', this.restore);
    this.write(leave);
    try {
      this.input.setRawMode(false);
    } catch {
      // The terminal has gone (its window was closed): nothing is left to restore.
    }
  }

  setTitle(title: string): void {
    if (title === this.title) return;
    this.title = title;
    if (this.active) this.write(titleOf(title));
  }

  showCursor(shown: boolean): void {
    if (shown === this.cursorShown) return;
    this.cursorShown = shown;
    if (this.active) this.write(cursor(shown));
  }
}

function titleOf(title: string): string {
  return `\x1b]2;${title}\x07`;
}

function cursor(shown: boolean): string {
  return shown ? '\x1b[?25h' : '\x1b[?25l';
}
