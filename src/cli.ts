import { Console } from 'node:console';
import { reportFailure } from './cli/failure-report.js';
import { ProcessGuard } from './cli/process-guard.js';
import { runProgram } from './cli/program.js';
import type { Io } from './config/settings.js';
import type { ExitCode } from './contract/exit.js';

/**
 * The command line. Loads the one command that `argv` (as `process.argv`) names, and sets the exit code of the process;
 * never rejects.
 */
export async function main(argv: readonly string[]): Promise<void> {
  const { stdout, stderr, env } = process;
  // A user's tool may log; standard output is for results only.
  globalThis.console = new Console(stderr);
  // Reading process.stdin opens it, which costs time and may keep the process alive.
  const io: Io = {
    get stdin() {
      return process.stdin;
    },
    stdout,
    stderr,
    env,
  };
  const verbose = argv.includes('--verbose');
  const report = (error: unknown): ExitCode => reportFailure(error, io, verbose);
  const guard = new ProcessGuard(report);
  try {
    guard.finish(await runProgram(argv, io));
  } catch (error) {
    guard.finish(report(error));
  }
}
