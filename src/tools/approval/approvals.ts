import { fitsPattern } from '../name-pattern.js';

type Answer = 'allowed' | { readonly message: string | undefined };

/**
 * What was allowed and refused for a whole session, by tool. Shared by all that run tools in it. Names may hold `*` for any
 * letters: `files__*`.
 */
export class Approvals {
  private readonly given: readonly string[];
  /** By name or pattern; the youngest that fits counts. */
  private readonly answers = new Map<string, Answer>();
  private readonly listeners = new Set<() => void>();

  /** `allowed`: names of tools whose calls need not be asked about, not even those of tools that ask each time. */
  constructor(allowed: Iterable<string> = []) {
    this.given = [...allowed];
  }

  /** Tools that ask each time go on asking. */
  allow(tool: string): void {
    this.answer(tool, 'allowed');
  }

  /** `message`: what the model is told of every call. */
  refuse(tool: string, message: string | undefined): void {
    this.answer(tool, { message });
  }

  /** `approval`: what the tool wants; of one that asks each time (`always`), only a refusal is remembered. */
  of(tool: string, approval: 'ask' | 'always' = 'ask'): Answer | undefined {
    const answer = [...this.answers].reverse().find(([pattern]) => fitsPattern(tool, pattern))?.[1];
    if (answer !== undefined && answer !== 'allowed') return answer;
    if (this.given.some((pattern) => fitsPattern(tool, pattern))) return 'allowed';
    return approval === 'always' ? undefined : answer;
  }

  /** Calls the listener after every answer. Returns the way to stop that. */
  onAnswer(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private answer(tool: string, answer: Answer): void {
    this.answers.delete(tool);
    this.answers.set(tool, answer);
    for (const listener of [...this.listeners]) listener();
  }
}
