/**
 * Ctrl+Z and `fg`: gives the terminal back before the process stops and takes it again when it goes on. Raw mode
 * turns the key into a character, so {@link suspend} is called for it; the signal itself may also come from outside.
 */
export class Suspension {
  private stopping = false;

  constructor(
    private readonly onSuspend: () => void,
    private readonly onResume: () => void,
  ) {
    process.on('SIGTSTP', this.suspend);
    process.on('SIGCONT', this.resume);
  }

  readonly suspend = (): void => {
    if (this.stopping || process.platform === 'win32') return;
    this.stopping = true;
    this.onSuspend();
    process.off('SIGTSTP', this.suspend); // without a listener the signal stops the process
    // The whole group, as the terminal does it: a wrapper such as `npm start` stops with us, and so does the sound.
    process.kill(0, 'SIGTSTP');
    // A group without a job-control shell is never stopped, and never told to go on.
    setTimeout(() => {
      if (this.stopping) this.resume();
    }, 50);
  };

  private readonly resume = (): void => {
    if (this.stopping) process.on('SIGTSTP', this.suspend);
    this.stopping = false;
    this.onResume();
  };

  close(): void {
    process.off('SIGTSTP', this.suspend);
    process.off('SIGCONT', this.resume);
  }
}
