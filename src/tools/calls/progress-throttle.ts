import type { ToolProgress } from '../definition/tool.js';

/** More than four reports a second cannot be read. */
const paceMs = 250;

/**
 * Passes on a tool's progress reports, but not more often than people can read: the first at once, then the latest of
 * each interval, and always the last one.
 */
export class ProgressThrottle {
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
