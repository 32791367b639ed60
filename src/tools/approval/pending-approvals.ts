import type { ApprovalAnswer } from '../definition/tool.js';
import { RefusedCall } from '../definition/tool-error.js';
import type { Approvals } from './approvals.js';

/** A call that needs permission. */
export interface AskingCall {
  readonly callId: string;
  readonly name: string;
  readonly approval: 'ask' | 'always';
  /** Aborted when the call is cancelled. */
  readonly signal: AbortSignal;
}

interface PendingApprovalsOptions {
  readonly approvals: Approvals;
  /** False: there is no user to answer, so waiting is pointless. */
  readonly asksSomebody: boolean;
  readonly timeoutMs: number;
}

interface Waiting {
  readonly name: string;
  settle(refusal?: RefusedCall): void;
}

/** Calls that wait until the user allows or refuses them. */
export class PendingApprovals {
  private readonly waiting = new Map<string, Waiting>();

  constructor(private readonly options: PendingApprovalsOptions) {}

  /**
   * Resolves when the call may run. `asked` is called when the user must be asked first. @throws RefusedCall with a
   * message for the model; the signal's reason when the call was cancelled.
   */
  async pass(call: AskingCall, asked: () => void): Promise<void> {
    const { approvals, asksSomebody } = this.options;
    const known = approvals.of(call.name, call.approval);
    if (known === 'allowed') return;
    if (known !== undefined) throw rejected(call.name, known.message);
    if (!asksSomebody) throw notAllowed(call.name);
    await this.wait(call, asked);
  }

  approve(callId: string, { always = false }: ApprovalAnswer = {}): boolean {
    const call = this.waiting.get(callId);
    if (call === undefined) return false;
    call.settle();
    if (always) this.options.approvals.allow(call.name);
    return true;
  }

  reject(callId: string, answer: ApprovalAnswer & { readonly message?: string | undefined } = {}): boolean {
    const call = this.waiting.get(callId);
    if (call === undefined) return false;
    call.settle(rejected(call.name, answer.message));
    if (answer.always === true) this.options.approvals.refuse(call.name, answer.message);
    return true;
  }

  private async wait({ callId, name, approval, signal }: AskingCall, asked: () => void): Promise<void> {
    const { approvals, timeoutMs } = this.options;
    const cleanups: (() => void)[] = [];
    try {
      await new Promise<void>((resolve, reject) => {
        const settle = (refusal?: RefusedCall) => {
          this.waiting.delete(callId);
          if (refusal === undefined) resolve();
          else reject(refusal);
        };
        this.waiting.set(callId, { name, settle });
        const timer = setTimeout(() => settle(tooLate(name, timeoutMs)), timeoutMs);
        const cancelled = () => reject(signal.reason);
        signal.addEventListener('abort', cancelled);
        // When two calls of one tool wait, "always" for the first also answers the second.
        const stopListening = approvals.onAnswer(() => {
          const known = approvals.of(name, approval);
          if (known === 'allowed') settle();
          else if (known !== undefined) settle(rejected(name, known.message));
        });
        cleanups.push(() => clearTimeout(timer), stopListening);
        cleanups.push(() => signal.removeEventListener('abort', cancelled));
        // Last, because the answer may come synchronously.
        asked();
      });
    } finally {
      this.waiting.delete(callId);
      for (const cleanup of cleanups) cleanup();
    }
  }
}

function rejected(name: string, message: string | undefined): RefusedCall {
  return new RefusedCall('rejected', message ?? `${name} was not run: the user did not allow it.`);
}

function notAllowed(name: string): RefusedCall {
  return new RefusedCall(
    'approval.missing',
    `${name} was not run: it is not allowed, and there is no one here to ask.`,
  );
}

function tooLate(name: string, timeoutMs: number): RefusedCall {
  return new RefusedCall(
    'approval.timeout',
    `${name} was not run: it was not allowed within ${timeoutMs / 1000} s.`,
  );
}
