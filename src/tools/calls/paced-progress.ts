import type { ToolProgress } from '../tool.js';

/** Four a second are more than anybody reads. */
const paceMs = 250;

/**
 * Passes on what a tool says of its progress, not more often than anybody reads it: the first at once, then the latest of each
 * while, the last one always.
 */
export class PacedProgress {
  private latest: ToolProgress | undefined;
  private pause: NodeJS.Timeout | undefined;

  constructor(private readonly tell: (update: ToolProgress) => void) {}

  report(update: ToolProgress): void {
    if (this.pause === undefined) this.pass(update);
    else this.latest = update;
  }

  /** Nothing more will come: passes on what is left. */
  finish(): void {
    clearTimeout(this.pause);
    this.pause = undefined;
    const { latest } = this;
    this.latest = undefined;
    if (latest !== undefined) this.tell(latest);
  }

  private pass(update: ToolProgress): void {
    this.pause = setTimeout(() => {
      this.pause = undefined;
      const { latest } = this;
      this.latest = undefined;
      if (latest !== undefined) this.pass(latest);
    }, paceMs).unref();
    this.tell(update);
  }
}
