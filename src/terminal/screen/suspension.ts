/**
 * Ctrl+Z and `fg`: restores the terminal before the process stops, and takes it again when the process continues. Raw
 * mode turns the key into a character, so {@link suspend} is called for it; the signal may also come from outside.
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
    // The whole process group, as the terminal does: a wrapper such as `npm start` stops with us, and so does the
    // sound.
    process.kill(0, 'SIGTSTP');
    // A group without a job-control shell is never stopped, and so never gets SIGCONT.
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
