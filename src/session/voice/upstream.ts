import { int16Of } from '../../audio/samples/pcm16.js';
import { EnergyVad } from '../../audio/turns/energy-vad.js';
import type { Command } from '../../contract/commands.js';

export interface UpstreamHost {
  send(command: Command): void;
  /** Asks the other end for a sign that everything sent before has arrived. False where it cannot be asked. */
  probe(id: number): boolean;
  /** Bytes that the network has not taken yet. */
  bufferedBytes(): number;
  /** The network takes less than is said. `lostMs`: speech that was dropped, since this was told last. */
  slow(lostMs: number): void;
}

/**
 * How long the sound on its way may take to arrive, besides what the distance takes; the rest waits here, where it can
 * be dropped.
 */
const windowMs = 600;
/** The same before anything is known of the speed: a slow network looks like a distant one. */
const firstWindowMs = 400;
/** Sound that arrives later than this is too late for a conversation. */
const mostBehindMs = 1500;
/** From here on pauses are left out, to catch up. */
const catchUpMs = 600;
/** How long it may be before something is dropped: a moment's hold-up passes. */
const graceMs = 400;
/** The most that waits where nothing is known to arrive: the other end may just be busy. */
const mostWaitingMs = 30_000;
/** So often it is asked for a sign, and so often where the network is at its limit. */
const probeEveryMs = 300;
const busyProbeEveryMs = 100;
/** Signs that are this old say nothing about the network. */
const freshMs = 1200;
/** The speed of the network is measured over at least this time. */
const measureMs = 200;
/** Sound that takes so much longer than the distance has waited in the network, which is at its limit. */
const queuedMs = 150;
const slowestSpeed = 0.05;
/** A slow network is told again after this time. */
const tellEveryMs = 10_000;
/** Base64 in JSON. */
const wireBytesPerByte = 1.4;

type Waiting =
  | { readonly command: Command }
  | { readonly pcm: Uint8Array; voiced: boolean; readonly live: boolean; readonly endSample: number };

/**
 * The user's sound on its way into the network. One that takes less than is said must not fall further and further
 * behind: what waits too long is dropped, silence first. What operating systems and routers hold is invisible, so the
 * other end is asked what has arrived, where it can be.
 */
export class Upstream {
  private waiting: Waiting[] = [];
  private waitingMs = 0;
  private readonly vad: EnergyVad;
  /** Sound sent since the beginning, and up to where it has arrived. */
  private sentMs = 0;
  private arrivedMs = 0;
  private probes: { readonly id: number; readonly sentMs: number; readonly atMs: number }[] = [];
  private lastProbe = 0;
  private probedMs = Number.NEGATIVE_INFINITY;
  private probing = true;
  private signAtMs = Number.NEGATIVE_INFINITY;
  /** The quickest sign so far: what the distance takes. */
  private distanceMs = Number.POSITIVE_INFINITY;
  /** Up to there the sound did not come at the pace of a microphone, and says nothing about the network. */
  private burstMs = 0;
  private behindSinceMs: number | undefined;
  /** How much of the sound the network takes, 1 = as fast as it is said; undefined until that is known. */
  private speed: number | undefined;
  private measured: { readonly atMs: number; readonly arrivedMs: number } | undefined;
  private toldAtMs = Number.NEGATIVE_INFINITY;
  private lostMs = 0;

  constructor(
    private readonly rateHz: number,
    private readonly host: UpstreamHost,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.vad = new EnergyVad({ rateHz, silenceMs: 200, prefixPaddingMs: 200 });
  }

  /** PCM16 mono. `live`: it comes at the pace of a microphone, and may be dropped. */
  sound(pcm: Uint8Array, live: boolean): void {
    if (live) this.listen(pcm);
    else this.burstMs = this.sentMs + this.waitingMs + this.ms(pcm);
    this.look();
    if (this.waiting.length === 0 && (!live || this.hasRoom)) this.give(pcm);
    else this.hold({ pcm: pcm.slice(), voiced: this.vad.speaking, live, endSample: this.vad.position });
    this.keepUp();
  }

  /** Speech is noticed a little after its beginning. */
  private listen(pcm: Uint8Array): void {
    for (const event of this.vad.push(int16Of(pcm))) {
      if (event.type !== 'start') continue;
      for (const entry of this.waiting)
        if ('pcm' in entry && entry.endSample > event.sample) entry.voiced = true;
    }
  }

  /** Goes out after the sound before it, if it is about that sound. */
  command(command: Command): void {
    const aboutSound =
      command.type === 'audio.commit' || command.type === 'audio.clear' || command.type === 'turn.begin';
    const follows = this.waiting.some((entry) => 'command' in entry);
    if (follows || (aboutSound && this.waiting.length > 0)) this.waiting.push({ command });
    else this.host.send(command);
  }

  /** Everything that was sent before this probe has arrived. */
  arrived(id: number): void {
    const probe = this.probes.find((one) => one.id === id);
    if (probe === undefined) return;
    this.probes = this.probes.filter((one) => one.id > id);
    this.arrivedMs = Math.max(this.arrivedMs, probe.sentMs);
    const tookMs = this.now() - probe.atMs;
    this.distanceMs = Math.min(this.distanceMs, tookMs);
    this.signed(tookMs > this.distanceMs + queuedMs);
    this.pump();
  }

  /** Where the other end cannot be asked, what the network has taken counts as arrived. */
  private look(): void {
    if (this.probing) return;
    const arrivedMs = this.sentMs - this.host.bufferedBytes() / (this.bytesPerMs * wireBytesPerByte);
    if (arrivedMs <= this.arrivedMs) return;
    this.arrivedMs = arrivedMs;
    this.distanceMs = 0;
    this.signed(this.sentMs - arrivedMs > queuedMs);
  }

  /** Something has arrived. `queued`: it had to wait for what was before it. */
  private signed(queued: boolean): void {
    const atMs = this.now();
    const { measured, arrivedMs } = this;
    const pastMs = atMs - (measured?.atMs ?? atMs);
    this.signAtMs = atMs;
    if (measured !== undefined && pastMs < measureMs) return;
    this.measured = { atMs, arrivedMs };
    // After a hold-up of the other end it says nothing.
    if (measured === undefined || pastMs > freshMs) return;
    const speed = queued ? (arrivedMs - measured.arrivedMs) / pastMs : 1;
    const bounded = Math.min(1, Math.max(slowestSpeed, speed));
    // A network that becomes slow is believed at once; one that becomes fast, slowly.
    this.speed = bounded < this.usedSpeed ? bounded : (this.usedSpeed + bounded) / 2;
  }

  private get usedSpeed(): number {
    return this.speed ?? 1;
  }

  /** Called now and then. */
  tick(): void {
    this.look();
    this.pump();
    this.keepUp();
  }

  /** The connection is gone; what waits is kept elsewhere. */
  reset(): void {
    this.waiting = [];
    this.waitingMs = 0;
    this.sentMs = 0;
    this.arrivedMs = 0;
    this.burstMs = 0;
    this.probes = [];
    this.probing = true;
    this.probedMs = Number.NEGATIVE_INFINITY;
    this.signAtMs = Number.NEGATIVE_INFINITY;
    this.distanceMs = Number.POSITIVE_INFINITY;
    this.behindSinceMs = undefined;
    this.speed = undefined;
    this.measured = undefined;
  }

  /** How much later than it was said the sound arrives, as far as that is known. */
  private get behindMs(): number {
    return (this.onTheWayMs + this.waitingMs) / this.usedSpeed;
  }

  private get onTheWayMs(): number {
    return this.sentMs - this.arrivedMs;
  }

  private get hasRoom(): boolean {
    if (this.speed === undefined) return this.onTheWayMs < firstWindowMs;
    return this.onTheWayMs < (windowMs + this.distanceMs) * this.speed;
  }

  private get bytesPerMs(): number {
    return (this.rateHz * 2) / 1000;
  }

  private ms(pcm: Uint8Array): number {
    return pcm.byteLength / this.bytesPerMs;
  }

  private give(pcm: Uint8Array): void {
    this.host.send({ type: 'audio.append', audio: pcm });
    this.sentMs += this.ms(pcm);
    const everyMs = this.speed !== 1 || this.waiting.length > 0 ? busyProbeEveryMs : probeEveryMs;
    if (!this.probing || this.sentMs - this.probedMs < everyMs) return;
    this.lastProbe += 1;
    this.probing = this.host.probe(this.lastProbe);
    this.probedMs = this.sentMs;
    if (this.probing) this.probes.push({ id: this.lastProbe, sentMs: this.sentMs, atMs: this.now() });
  }

  private hold(entry: Extract<Waiting, { pcm: Uint8Array }>): void {
    this.waiting.push(entry);
    this.waitingMs += this.ms(entry.pcm);
  }

  private pump(): void {
    for (let next = this.waiting[0]; next !== undefined; next = this.waiting[0]) {
      if ('pcm' in next && next.live && !this.hasRoom) return;
      this.waiting.shift();
      if ('command' in next) this.host.send(next.command);
      else {
        this.waitingMs -= this.ms(next.pcm);
        this.give(next.pcm);
      }
    }
  }

  private keepUp(): void {
    const nowMs = this.now();
    const steady = this.arrivedMs >= this.burstMs;
    const arrives = nowMs - this.signAtMs <= freshMs;
    if (steady) this.dropSilence();
    if (this.waiting.length === 0 || this.behindMs <= mostBehindMs || !steady) {
      this.behindSinceMs = undefined;
    } else {
      // Where nothing arrives, the other end may just be busy; then everything arrives at once.
      if (!arrives) this.behindSinceMs = undefined;
      else this.behindSinceMs ??= nowMs;
    }
    const late = this.behindSinceMs !== undefined && nowMs - this.behindSinceMs >= graceMs;
    if (late) this.dropOldest(() => this.behindMs > mostBehindMs);
    else this.dropOldest(() => this.waitingMs > mostWaitingMs);
    if (late || this.lostMs > 0) this.tell(nowMs);
  }

  private dropSilence(): void {
    if (this.speed === undefined) return;
    const mostMs = Math.min(mostBehindMs, catchUpMs + this.distanceMs);
    for (let index = 0; index < this.waiting.length && this.behindMs > mostMs; ) {
      const entry = this.waiting[index];
      if (entry !== undefined && 'pcm' in entry && entry.live && !entry.voiced) this.drop(index, entry.pcm);
      else index += 1;
    }
  }

  private dropOldest(tooMuch: () => boolean): void {
    while (tooMuch()) {
      const index = this.waiting.findIndex((entry) => 'pcm' in entry && entry.live);
      const entry = this.waiting[index];
      if (entry === undefined || !('pcm' in entry)) return;
      this.drop(index, entry.pcm);
      if (entry.voiced) this.lostMs += this.ms(entry.pcm);
    }
  }

  private drop(index: number, pcm: Uint8Array): void {
    this.waiting.splice(index, 1);
    this.waitingMs -= this.ms(pcm);
  }

  private tell(nowMs: number): void {
    if (nowMs - this.toldAtMs < tellEveryMs) return;
    this.toldAtMs = nowMs;
    this.host.slow(this.lostMs);
    this.lostMs = 0;
  }
}
