import type { PartKey } from '../contract/events.js';
import type { RenderedPart } from '../contract/inputs.js';
import type { EchoMode } from '../contract/sound-options.js';
import type { Order, Report } from './helper/messages.js';
import type { Helper } from './helper-process.js';
import type { OpenedHelper, OpenHelper } from './open-helper.js';
import { ReportedPositions } from './reported-positions.js';
import type { Sound, SoundEvent } from './sound.js';
import { checkMs, Watchdog } from './watchdog.js';

/** Waiting time before each attempt to reopen the devices; the last one for as long as they are away. */
const retryDelaysMs = [0, 250, 500, 700] as const;
const lastDelayMs = 700;
/** An attempt that failed within this time cost nothing, and may be made again soon. */
const cheapMs = 50;
const cheapDelayMs = 200;
/** So often the chosen devices are tried before others are. */
const patientRefusals = 4;
/** After this time away the conversation goes on in writing, and after this one attempts become rarer. */
const awayMs = 7000;
const longAwayMs = 600_000;
const rareDelayMs = 5000;
/** Waiting times where there has been no sound since the session began: perhaps this machine has none. */
const neverOpenedDelaysMs = [1000, 2000, 4000, 8000, 15_000] as const;
const neverOpenedLastMs = 30_000;
/** A device that ran for less than this and is lost again is not reopened at once. */
const stableMs = 2000;
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
  private opened: OpenedHelper | undefined;
  private helper: Helper | undefined;
  private watchdog: Watchdog | undefined;
  private timer: NodeJS.Timeout | undefined;
  private retryTimer: NodeJS.Timeout | undefined;
  private openedMs = performance.now();
  private lostMs = 0;
  private attempt = 0;
  private failedCheaply = false;
  /** Losses in a row, each soon after the devices were opened. */
  private earlyLosses = 0;
  /** Attempts in this absence that reached the sound system, and failed. */
  private refusals = 0;
  /** `away`: it is still tried, and the conversation no longer waits for it. */
  private state: 'open' | 'reopening' | 'away' | 'closed';
  private positions = new ReportedPositions();
  private pendingClears: PendingClear[] = [];
  /** Orders that arrived while there was no helper. */
  private waiting: ((helper: Helper) => void)[] = [];
  private muted = false;

  /** Without a first helper, because it could not be opened, it is away, and tried from now on. */
  constructor(
    private readonly open: OpenHelper,
    first: OpenedHelper | undefined,
    private echo: EchoMode,
  ) {
    this.state = first === undefined ? 'away' : 'open';
    if (first !== undefined) this.adopt(first);
    else this.retry();
  }

  get backend(): string {
    return this.opened?.backend ?? 'none';
  }

  get away(): boolean {
    return this.state === 'away';
  }

  get inputName(): string | null {
    return this.opened?.inputName ?? null;
  }

  get outputName(): string | null {
    return this.opened?.outputName ?? null;
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

  private adopt(opened: OpenedHelper): void {
    this.opened = opened;
    this.helper = opened.helper;
    this.openedMs = performance.now();
    opened.attach({
      report: (report) => this.onReport(report),
      frame: (audio, level) => this.emit({ type: 'frame', audio, level }),
      ended: (reason) => this.lose(`Sound was lost: ${reason}.`),
    });
    const sides = { input: opened.inputName !== null, output: opened.outputName !== null };
    const watchdog = new Watchdog(sides, this.openedMs);
    this.watchdog = watchdog;
    clearInterval(this.timer);
    this.timer = setInterval(() => {
      const reason = watchdog.check(performance.now());
      if (reason !== undefined) this.lose(`Sound was lost: ${reason}.`);
    }, checkMs);
  }

  private onReport(report: Report): void {
    switch (report.type) {
      case 'beat':
        this.watchdog?.beat(report, performance.now());
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
    this.lostMs = performance.now();
    this.failedCheaply = false;
    this.refusals = 0;
    const early = this.lostMs - this.openedMs < stableMs;
    this.attempt = early && this.earlyLosses > 0 ? retryDelaysMs.length : 0;
    this.earlyLosses = early ? this.earlyLosses + 1 : 0;
    this.emit({ type: 'lost', message });
    this.retry();
  }

  /** Goes on until the devices are back or the session ends. */
  private retry(): void {
    if (this.state !== 'reopening' && this.state !== 'away') return;
    if (this.state === 'reopening' && performance.now() - this.lostMs >= awayMs) {
      this.state = 'away';
      this.waiting = [];
      const hint = 'Check the device. It is used again as soon as it is back.';
      this.emit({ type: 'failed', message: 'The sound device did not come back.', hint });
    }
    const delayMs = this.nextDelayMs();
    this.attempt += 1;
    // An unplugged device does not come back at once: then every other attempt takes the system's current default.
    const anyDevice = this.refusals >= patientRefusals && this.refusals % 2 === 0;
    const before = this.opened && {
      backend: this.opened.backend,
      input: this.opened.inputName !== null,
      output: this.opened.outputName !== null,
    };
    this.retryTimer = setTimeout(() => {
      const beganMs = performance.now();
      this.open({ muted: this.muted, echo: this.echo, anyDevice, before }).then(
        (opened) => this.restore(opened),
        () => {
          this.failedCheaply = performance.now() - beganMs < cheapMs;
          if (!this.failedCheaply) this.refusals += 1;
          this.retry();
        },
      );
    }, delayMs);
    // A session that ends otherwise does not wait for a device.
    this.retryTimer.unref?.();
  }

  private nextDelayMs(): number {
    if (this.opened === undefined) return neverOpenedDelaysMs[this.attempt] ?? neverOpenedLastMs;
    if (performance.now() - this.lostMs > longAwayMs) return rareDelayMs;
    if (this.failedCheaply) return cheapDelayMs;
    return retryDelaysMs[this.attempt] ?? lastDelayMs;
  }

  private restore(opened: OpenedHelper): void {
    if (this.state !== 'reopening' && this.state !== 'away') {
      opened.helper.kill();
      return;
    }
    const back = this.opened !== undefined;
    this.state = 'open';
    this.adopt(opened);
    opened.helper.send({ type: 'mute', muted: this.muted });
    opened.helper.send({ type: 'echo', mode: this.echo });
    for (const tell of this.waiting) tell(opened.helper);
    this.waiting = [];
    const names = [opened.inputName, opened.outputName].filter((name) => name !== null);
    const using = [...new Set(names)].map((name) => JSON.stringify(name)).join(' and ');
    this.emit({ type: 'restored', message: `Sound is ${back ? 'back' : 'there'}: now using ${using}.` });
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
