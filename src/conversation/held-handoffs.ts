import type { Input } from './inputs.js';

type ToolEnded = Extract<Input, { type: 'tool.ended' }>;

/** An answer that never ends must not keep the next agent away. */
const patienceMs = 8000;

/**
 * Transfers that need a new connection, while the answer that calls them is still being given: what comes of it comes on
 * this connection only.
 */
export class HeldHandoffs {
  private held: { readonly input: ToolEnded; readonly sinceMs: number }[] = [];

  hold(input: ToolEnded, nowMs: number): void {
    this.held.push({ input, sinceMs: nowMs });
  }

  /** Those that need not wait any longer. `answering`: the answer that makes this call goes on. */
  take(nowMs: number, answering: (callId: string) => boolean): readonly ToolEnded[] {
    if (this.held.length === 0) return [];
    const { held } = this;
    const goesOn = ({ input, sinceMs }: (typeof held)[number]) =>
      nowMs - sinceMs < patienceMs && answering(input.callId);
    this.held = held.filter(goesOn);
    return held.filter((each) => !this.held.includes(each)).map(({ input }) => input);
  }
}
