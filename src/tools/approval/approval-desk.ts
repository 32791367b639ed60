import { Refusal } from '../refusal.js';
import type { ApprovalAnswer } from '../tool.js';
import type { Approvals } from './approvals.js';

/** A call that somebody has to allow. */
export interface AskingCall {
  readonly callId: string;
  readonly name: string;
  readonly approval: 'ask' | 'always';
  /** Aborted when the call is given up. */
  readonly signal: AbortSignal;
}

interface DeskOptions {
  readonly approvals: Approvals;
  /** False: nobody can answer, so that waiting would be in vain. */
  readonly asksSomebody: boolean;
  readonly timeoutMs: number;
}

interface Waiting {
  readonly name: string;
  settle(refusal?: Refusal): void;
}

/** Where calls wait until somebody allows or refuses them. */
export class ApprovalDesk {
  private readonly waiting = new Map<string, Waiting>();

  constructor(private readonly options: DeskOptions) {}

  /**
   * Resolves when the call may run. `asked` is called when somebody has to be asked first.
   * @throws Refusal in words for the model; the signal's reason when the call was given up.
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
        const settle = (refusal?: Refusal) => {
          this.waiting.delete(callId);
          if (refusal === undefined) resolve();
          else reject(refusal);
        };
        this.waiting.set(callId, { name, settle });
        const timer = setTimeout(() => settle(tooLate(name, timeoutMs)), timeoutMs);
        const givenUp = () => reject(signal.reason);
        signal.addEventListener('abort', givenUp);
        // Two calls of one tool wait together: "always" for the first answers the second.
        const stopListening = approvals.onAnswer(() => {
          const known = approvals.of(name, approval);
          if (known === 'allowed') settle();
          else if (known !== undefined) settle(rejected(name, known.message));
        });
        cleanups.push(() => clearTimeout(timer), stopListening);
        cleanups.push(() => signal.removeEventListener('abort', givenUp));
        // Last: whoever is told may answer at once.
        asked();
      });
    } finally {
      this.waiting.delete(callId);
      for (const cleanup of cleanups) cleanup();
    }
  }
}

function rejected(name: string, message: string | undefined): Refusal {
  return new Refusal('rejected', message ?? `${name} was not run: the user did not allow it.`);
}

function notAllowed(name: string): Refusal {
  return new Refusal(
    'approval.missing',
    `${name} was not run: it is not allowed, and there is no one here to ask.`,
  );
}

function tooLate(name: string, timeoutMs: number): Refusal {
  return new Refusal(
    'approval.timeout',
    `${name} was not run: nobody allowed it within ${timeoutMs / 1000} s.`,
  );
}
