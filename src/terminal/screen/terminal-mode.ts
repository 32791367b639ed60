/** Makes room for the message about the crash. */
const eraseRest = '\r\x1b[J';

/** The input side of a terminal. */
export interface RawInput {
  setRawMode(raw: boolean): unknown;
}

/** Bracketed paste on; the window's title saved. */
const enter = '\x1b[?2004h\x1b[22;2t';
/** Paste mode off, wrapping on, cursor shown, colours off, title restored. */
const leave = '\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[m\x1b[23;2t';

/**
 * Switches the terminal to the mode we need, and back. Between {@link enter} and {@link leave} the mode is restored
 * however the process ends (exit, an uncaught error); both may be called twice.
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
      // The terminal has gone (its window was closed): there is nothing to restore.
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
