import type { Outbox } from './outbox.js';
import { addUsage, noUsage, type TokenCount, type Usage } from './usage.js';

function difference(a: TokenCount, b: TokenCount): TokenCount {
  return {
    text: Math.max(0, a.text - b.text),
    audio: Math.max(0, a.audio - b.audio),
    image: Math.max(0, a.image - b.image),
    cached: Math.max(0, a.cached - b.cached),
  };
}

/** Adds up tokens, whether a provider reports each response on its own or running totals. */
export class UsageMeter {
  total: Usage = noUsage;
  /** What the provider last reported as its running total. */
  private reported: Usage = noUsage;

  constructor(
    private readonly out: Outbox,
    private readonly cumulative: boolean,
  ) {}

  count(reported: Usage): void {
    const usage = this.cumulative ? this.sinceLast(reported) : reported;
    this.total = addUsage(this.total, usage);
    this.out.emit({ type: 'usage', usage, session: this.total });
  }

  /** Running totals begin at nothing again. */
  connectionChanged(): void {
    this.reported = noUsage;
  }

  private sinceLast(reported: Usage): Usage {
    const before = this.reported;
    this.reported = reported;
    return {
      input: difference(reported.input, before.input),
      output: difference(reported.output, before.output),
      total: Math.max(0, reported.total - before.total),
    };
  }
}
