import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';

/** How long open handles may keep the process alive after its command is done. */
const graceMs = 2000;

type Report = (error: unknown) => ExitCode;

/** Handles crashes and closed streams while a command runs, and ends the process afterwards. */
export class ProcessGuard {
  private writeFailure: NodeJS.ErrnoException | undefined;
  private finished = false;

  constructor(private readonly report: Report) {
    const bug = (error: unknown): void => {
      // Code that changed the terminal restores it on `exit`.
      process.exit(report(error));
    };
    process.on('uncaughtException', bug);
    process.on('unhandledRejection', bug);
    process.stdout.on('error', (error) => this.outputLost(error));
    process.stderr.on('error', () => {}); // nowhere left to report it
  }

  /** Sets the exit code and lets the event loop drain; exits if the process does not end by itself. */
  finish(exitCode: ExitCode): void {
    process.exitCode = exitCode;
    this.finished = true;
    this.judgeOutput();
    setTimeout(() => this.exitWhenWritten(), graceMs).unref();
  }

  private judgeOutput(): void {
    if (!this.finished || this.writeFailure === undefined || process.exitCode !== ExitCode.ok) return;
    process.exitCode = this.report(unwritable(this.writeFailure));
  }

  /** Waits for a slow reader, so that no output is lost. */
  private exitWhenWritten(): void {
    if (process.stdout.writableLength > 0 && this.writeFailure === undefined) {
      process.stdout.write('', () => process.exit());
    } else {
      process.exit();
    }
  }

  private outputLost(error: NodeJS.ErrnoException): void {
    // A reader that stops early (`| head`) is not a failure.
    if (error.code !== 'EPIPE' && error.code !== 'EIO') this.writeFailure ??= error;
    this.judgeOutput(); // the last write may fail after the command is done
  }
}

function unwritable(cause: NodeJS.ErrnoException): VoxtermError {
  return new VoxtermError(`Standard output cannot be written: ${cause.code ?? cause.message}.`, {
    code: 'output.failed',
    exitCode: ExitCode.usage,
    hint: 'Check the disk or the program it is redirected to.',
    cause,
  });
}
