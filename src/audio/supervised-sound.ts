import type { PartKey } from '../contract/events.js';
import type { RenderedPart } from '../contract/inputs.js';
import type { EchoMode } from '../contract/sound-options.js';
import type { Order, Report } from './helper/messages.js';
import type { Helper } from './helper-process.js';
import type { OpenedHelper, OpenHelper } from './open-helper.js';
import { ReportedPositions } from './reported-positions.js';
import type { Sound, SoundEvent } from './sound.js';
import { checkMs, Watchdog } from './watchdog.js';

/** Waiting time before each attempt to reopen the devices; after the last one the sound has failed. */
const retryDelaysMs = [0, 250, 1000, 2000, 4000];
/** A device that ran this long was healthy: the next loss gets all attempts again. */
const healthyMs = 10_000;
/** The contract says 500 ms. */
const clearDeadlineMs = 400;

interface PendingClear {
  readonly epoch: number;
  readonly positions: ReportedPositions;
  readonly timer: NodeJS.Timeout;
}

/**
 * Sound by a helper process that may stall, crash or lose its device: then it is replaced, and the session goes on.
 * What the lost helper had not rendered is dropped; every clear is answered, if need be from the last known positions.
 */
export class SupervisedSound implements Sound {
  onEvent: (event: SoundEvent) => void = () => {};
  private readonly sides: { readonly input: boolean; readonly output: boolean };
  private opened: OpenedHelper;
  private helper: Helper | undefined;
  private watchdog: Watchdog;
  private timer: NodeJS.Timeout | undefined;
  private retryTimer: NodeJS.Timeout | undefined;
  private openedMs = performance.now();
  private attempt = 0;
  private state: 'open' | 'reopening' | 'failed' | 'closed' = 'open';
  private positions = new ReportedPositions();
  private pendingClears: PendingClear[] = [];
  /** Orders that arrived while there was no helper. */
  private waiting: ((helper: Helper) => void)[] = [];
  private muted = false;

  constructor(
    private readonly open: OpenHelper,
    first: OpenedHelper,
    private echo: EchoMode,
  ) {
    this.sides = { input: first.inputName !== null, output: first.outputName !== null };
    this.opened = first;
    this.watchdog = this.adopt(first);
  }

  get backend(): string {
    return this.opened.backend;
  }

  get inputName(): string | null {
    return this.opened.inputName;
  }

  get outputName(): string | null {
    return this.opened.outputName;
  }

  play({ itemId, contentIndex }: PartKey, pcm: Uint8Array): void {
    const part = { itemId, contentIndex };
    this.positions.expect(part);
    this.tell((helper) => helper.play(part, pcm));
  }

  endPart({ itemId, contentIndex }: PartKey): void {
    this.send({ type: 'end', itemId, contentIndex });
  }

  clear(epoch: number): void {
    const positions = this.positions;
    this.positions = new ReportedPositions();
    this.waiting = [];
    const timer = setTimeout(() => this.answerClear(epoch), this.helper === undefined ? 0 : clearDeadlineMs);
    this.pendingClears.push({ epoch, positions, timer });
    this.helper?.send({ type: 'clear', epoch });
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
    this.helper?.send({ type: 'mute', muted });
  }

  setEcho(mode: EchoMode): void {
    this.echo = mode;
    this.helper?.send({ type: 'echo', mode });
  }

  async close(): Promise<void> {
    if (this.state === 'closed') return;
    this.answerAllClears();
    this.state = 'closed';
    this.stopTimers();
    const helper = this.helper;
    this.helper = undefined;
    await helper?.close();
  }

  private adopt(opened: OpenedHelper): Watchdog {
    this.opened = opened;
    this.helper = opened.helper;
    this.openedMs = performance.now();
    opened.attach({
      report: (report) => this.onReport(report),
      frame: (audio, level) => this.emit({ type: 'frame', audio, level }),
      ended: (reason) => this.lose(`Sound was lost: ${reason}.`),
    });
    const watchdog = new Watchdog(this.sides, this.openedMs);
    this.watchdog = watchdog;
    clearInterval(this.timer);
    this.timer = setInterval(() => {
      const reason = watchdog.check(performance.now());
      if (reason !== undefined) this.lose(`Sound was lost: ${reason}.`);
    }, checkMs);
    return watchdog;
  }

  private onReport(report: Report): void {
    switch (report.type) {
      case 'beat':
        this.watchdog.beat(report, performance.now());
        break;
      case 'rendered':
        this.onRendered(report.parts, report.level);
        break;
      case 'cleared':
        this.answerClear(report.epoch, report.parts);
        break;
      case 'lost':
        this.lose(report.message);
        break;
      case 'drained':
      case 'underrun':
      case 'silent':
        this.emit(report);
        break;
      case 'opened':
      case 'devices':
      case 'refused':
        break;
    }
  }

  private onRendered(parts: readonly RenderedPart[], level: number): void {
    // The helper answers in order: until it has answered a clear, its reports are about sound from before the clear.
    const [pending] = this.pendingClears;
    if (pending !== undefined) pending.positions.update(parts);
    else this.emit({ type: 'rendered', parts: this.positions.update(parts), level });
  }

  /** Once per epoch, in order: with the helper's positions, or with the last known ones. */
  private answerClear(epoch: number, reported: readonly RenderedPart[] = []): void {
    const pending = this.pendingClears.find((clear) => clear.epoch === epoch);
    if (pending === undefined) return;
    clearTimeout(pending.timer);
    this.pendingClears = this.pendingClears.filter((clear) => clear !== pending);
    pending.positions.update(reported);
    this.emit({ type: 'cleared', epoch, parts: pending.positions.list() });
  }

  private answerAllClears(): void {
    for (const { epoch } of [...this.pendingClears]) this.answerClear(epoch);
  }

  private lose(message: string): void {
    if (this.state !== 'open') return;
    this.state = 'reopening';
    clearInterval(this.timer);
    this.helper?.kill();
    this.helper = undefined;
    this.positions.rebase();
    this.answerAllClears();
    if (performance.now() - this.openedMs > healthyMs) this.attempt = 0;
    this.emit({ type: 'lost', message });
    this.retry();
  }

  private retry(): void {
    if (this.state !== 'reopening') return;
    const delayMs = retryDelaysMs[this.attempt];
    if (delayMs === undefined) {
      this.state = 'failed';
      this.waiting = [];
      const hint = 'Check the device, then start again.';
      this.emit({ type: 'failed', message: 'The sound device did not come back.', hint });
      return;
    }
    this.attempt += 1;
    // An unplugged device does not come back at once: later attempts take the system's current default.
    const anyDevice = this.attempt > 1;
    this.retryTimer = setTimeout(() => {
      this.open({ muted: this.muted, echo: this.echo, anyDevice }).then(
        (opened) => this.restore(opened),
        () => this.retry(),
      );
    }, delayMs);
  }

  private restore(opened: OpenedHelper): void {
    if (this.state !== 'reopening') {
      opened.helper.kill();
      return;
    }
    this.state = 'open';
    this.adopt(opened);
    opened.helper.send({ type: 'mute', muted: this.muted });
    opened.helper.send({ type: 'echo', mode: this.echo });
    for (const tell of this.waiting) tell(opened.helper);
    this.waiting = [];
    const names = [opened.inputName, opened.outputName].filter((name) => name !== null);
    const using = [...new Set(names)].map((name) => JSON.stringify(name)).join(' and ');
    this.emit({ type: 'restored', message: `Sound is back: now using ${using}.` });
  }

  private send(order: Order): void {
    this.tell((helper) => helper.send(order));
  }

  private tell(tell: (helper: Helper) => void): void {
    if (this.helper !== undefined) tell(this.helper);
    else if (this.state === 'reopening') this.waiting.push(tell);
  }

  private emit(event: SoundEvent): void {
    if (this.state !== 'closed') this.onEvent(event);
  }

  private stopTimers(): void {
    clearInterval(this.timer);
    clearTimeout(this.retryTimer);
  }
}
