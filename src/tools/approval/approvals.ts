import { Listeners } from '../../base/listeners.js';
import { fitsPattern } from '../definition/name-pattern.js';

type Answer = 'allowed' | { readonly message: string | undefined };

/**
 * What was allowed and refused for a whole session, by tool. Shared by all tool runners of the session. Names may
 * contain `*` for any characters: `files__*`.
 */
export class Approvals {
  private readonly given: readonly string[];
  /** By name or pattern; the latest that matches applies. */
  private readonly answers = new Map<string, Answer>();
  private readonly listeners = new Listeners<void>();

  /** `allowed`: names of tools whose calls are allowed without asking, even for tools that ask every time. */
  constructor(allowed: Iterable<string> = []) {
    this.given = [...allowed];
  }

  /** Tools that ask every time keep asking. */
  allow(tool: string): void {
    this.answer(tool, 'allowed');
  }

  /** `message` is sent to the model for every call. */
  refuse(tool: string, message: string | undefined): void {
    this.answer(tool, { message });
  }

  /** `approval`: the tool's setting; for a tool that asks every time (`always`), only a refusal is remembered. */
  of(tool: string, approval: 'ask' | 'always' = 'ask'): Answer | undefined {
    const answer = [...this.answers].reverse().find(([pattern]) => fitsPattern(tool, pattern))?.[1];
    if (answer !== undefined && answer !== 'allowed') return answer;
    if (this.given.some((pattern) => fitsPattern(tool, pattern))) return 'allowed';
    return approval === 'always' ? undefined : answer;
  }

  /** Calls the listener after every answer. Returns a function that removes it. */
  onAnswer(listener: () => void): () => void {
    return this.listeners.add(listener);
  }

  private answer(tool: string, answer: Answer): void {
    this.answers.delete(tool);
    this.answers.set(tool, answer);
    this.listeners.tell();
  }
}
