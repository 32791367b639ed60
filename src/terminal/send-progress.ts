const quietMs = 3000;
const terminalEveryMs = 250;
const plainEveryMs = 10_000;
/** Shorter recordings need no progress. */
const shortMs = 10_000;

/**
 * How much of a long recording has been sent. Prints nothing for short ones; on a terminal one line is updated in
 * place.
 */
export class SendProgress {
  private readonly startedAtMs: number;
  private toldAtMs = Number.NEGATIVE_INFINITY;
  private shown = false;

  constructor(
    private readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean },
    private readonly enabled: boolean,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.startedAtMs = now();
  }

  update(doneMs: number, totalMs: number | undefined): void {
    const now = this.now();
    const everyMs = this.stderr.isTTY === true ? terminalEveryMs : plainEveryMs;
    if (!this.enabled || (totalMs ?? Number.POSITIVE_INFINITY) < shortMs) return;
    if (now - this.startedAtMs < quietMs || now - this.toldAtMs < everyMs) return;
    this.toldAtMs = now;
    const share =
      totalMs === undefined || totalMs <= 0 ? '' : ` of ${clock(totalMs)} (${percent(doneMs, totalMs)})`;
    const line = `sent ${clock(doneMs)}${share}`;
    if (this.stderr.isTTY === true) {
      this.shown = true;
      this.stderr.write(`\r\u001b[K${line}`);
    } else {
      this.stderr.write(`${line}\n`);
    }
  }

  clear(): void {
    if (this.shown) this.stderr.write('\r\u001b[K');
    this.shown = false;
  }
}

function percent(doneMs: number, totalMs: number): string {
  return `${Math.min(100, Math.floor((doneMs / totalMs) * 100))} %`;
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
