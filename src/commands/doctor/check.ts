import { adviceOn } from '../../cli/advice.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';

/** What a check found. `warning`: it works, but not as well as it could. */
export interface Finding {
  readonly status: 'ok' | 'warning' | 'failed';
  readonly detail: string;
  /** What to do about it. */
  readonly remedy?: string | undefined;
  /** Exit code if it failed; default: that of the check. */
  readonly exitCode?: ExitCode | undefined;
}

export interface Check {
  /** Stable id for scripts. */
  readonly id: string;
  readonly title: string;
  readonly timeoutMs: number;
  /** The exit code of the program if this fails. */
  readonly exitCode: ExitCode;
  /** Id of a check that must pass first: if it failed or was skipped, this one is skipped. */
  readonly needs?: string | undefined;
  /** May throw; the message of a VoxtermError becomes the finding. */
  find(signal: AbortSignal): Promise<Finding>;
}

export interface CheckResult extends Finding {
  readonly id: string;
  readonly title: string;
  readonly exitCode: ExitCode;
}

/** Never rejects, and never takes longer than the deadline of the check. */
export async function runCheck(check: Check): Promise<CheckResult> {
  const { id, title, timeoutMs } = check;
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => {
      stop.abort();
      resolve({ status: 'failed', detail: `no answer within ${timeoutMs / 1000} s` });
    }, timeoutMs);
  });
  const found = check.find(stop.signal).catch(fromError);
  const finding = await Promise.race([found, overdue]);
  clearTimeout(timer);
  const exitCode = finding.status === 'failed' ? (finding.exitCode ?? check.exitCode) : ExitCode.ok;
  return { ...finding, id, title, exitCode };
}

function fromError(error: unknown): Finding {
  if (error instanceof VoxtermError) {
    const { message, exitCode } = error;
    return { status: 'failed', detail: message, remedy: adviceOn(error), exitCode };
  }
  return { status: 'failed', detail: error instanceof Error ? error.message : String(error) };
}
