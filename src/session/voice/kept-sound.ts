import { int16Of } from '../../audio/samples/pcm16.js';
import { EnergyVad, type VadEvent } from '../../audio/turns/energy-vad.js';

/** Sound to be sent on a new connection. */
export interface SoundToResend {
  readonly pieces: readonly Uint8Array[];
  /** There is speech in it. */
  readonly spoken: boolean;
  /** Speech that was dropped because it exceeded what is kept. */
  readonly lostMs: number;
}

interface Piece {
  /** Position of its first sample. */
  readonly start: number;
  readonly pcm: Uint8Array;
}

interface Speech {
  from: number;
  /** Undefined while it goes on. */
  to: number | undefined;
}

export interface KeptSoundOptions {
  readonly rateHz: number;
  /** How much is kept at most, in milliseconds. */
  readonly mostMs: number;
  /** The provider reports speech: what it did not report within this time, it did not take for speech. */
  readonly noticeMs: number;
}

/** Without speech only this much is kept: a turn may have begun in it that is not detected yet. */
const undetectedMs = 600;
/** Resent before the first speech. */
const paddingMs = 300;
/** Long sound is kept in pieces of this length, so that it can be cut where speech begins. */
const pieceMs = 100;

/**
 * The user's sound on its way to a provider that ends the turns itself, kept until the turn in it needs no connection
 * but the present one. Only speech is worth keeping, so it is detected here as well; what the provider detects decides
 * how long it is kept.
 */
export class KeptSound {
  private pieces: Piece[] = [];
  private speeches: Speech[] = [];
  private readonly vad: EnergyVad;
  private readonly pieceBytes: number;
  private readonly mostSamples: number;
  private readonly undetectedSamples: number;
  private readonly noticeSamples: number;
  private lostSamples = 0;
  /** The provider has not finished with a turn of which this is the sound. */
  private needed = false;
  /** Everything before it belongs to the turn that ended last. */
  private turnEnd = 0;
  private lostAt: number | undefined;

  constructor(private readonly options: KeptSoundOptions) {
    const { rateHz, mostMs, noticeMs } = options;
    this.vad = new EnergyVad({ rateHz });
    this.pieceBytes = this.samples(pieceMs) * 2;
    this.mostSamples = this.samples(mostMs);
    this.undetectedSamples = this.samples(undetectedMs);
    this.noticeSamples = this.samples(noticeMs);
  }

  /** PCM16 mono of any length, whole samples. */
  add(pcm: Uint8Array): void {
    for (let start = 0; start < pcm.byteLength; start += this.pieceBytes) {
      // Copied, because the caller may reuse its buffer.
      const piece = pcm.slice(start, start + this.pieceBytes);
      this.pieces.push({ start: this.vad.position, pcm: piece });
      for (const event of this.vad.push(int16Of(piece))) this.heard(event);
    }
    this.trim();
  }

  /** What becomes of the turn, see the effect `user.turn`. */
  turn(state: 'open' | 'ended' | 'settled'): void {
    if (state === 'ended') this.turnEnd = this.vad.position;
    this.needed = state !== 'settled';
    if (state === 'settled') this.dropSpeechBefore(this.turnEnd);
  }

  /** The provider is there and has said something: finished speech that it did not report is not speech to it. */
  providerSpoke(): void {
    if (this.needed || this.lostAt !== undefined) return;
    this.lostSamples = 0;
    if (this.speeches.length === 0) return;
    const noticed = this.vad.position - this.noticeSamples;
    this.speeches = this.speeches.filter(({ to }) => to === undefined || to > noticed);
  }

  /** Sound without speech is not needed any more. */
  dropQuiet(): void {
    if (this.speeches.length === 0 && !this.vad.speaking) this.pieces = [];
  }

  /** From here on nothing is sent. `early`: also resend the last moment before, in which a turn may begin. */
  lost(early: boolean): void {
    this.lostAt ??= Math.max(0, this.vad.position - (early ? this.undetectedSamples : 0));
  }

  /** Takes everything that was not sent, and the unsettled speech before it. */
  take(): SoundToResend {
    for (const event of this.vad.flush()) this.heard(event);
    const padding = this.samples(paddingMs);
    const [first] = this.speeches;
    const from = Math.min(this.lostAt ?? this.vad.position, first?.from ?? Number.POSITIVE_INFINITY);
    const after = Math.max(first === undefined ? from : from - padding, this.needed ? 0 : this.turnEnd);
    const pieces = this.pieces.filter(({ start, pcm }) => start + (pcm.byteLength >> 1) > after);
    const spoken = first !== undefined;
    const lostMs = this.toMs(this.lostSamples);
    this.pieces = [];
    this.speeches = [];
    // Until the provider has noticed it, it may have to be sent once more.
    this.needed = spoken;
    this.turnEnd = this.vad.position;
    this.lostAt = undefined;
    this.lostSamples = 0;
    return { pieces: pieces.map(({ pcm }) => pcm), spoken, lostMs };
  }

  private heard(event: VadEvent): void {
    if (event.type === 'start') {
      this.speeches.push({ from: event.sample, to: undefined });
      return;
    }
    const last = this.speeches.at(-1);
    if (last === undefined || last.to !== undefined) return;
    if (event.speechSample > last.from) last.to = event.speechSample;
    else this.speeches.pop();
  }

  private dropSpeechBefore(end: number): void {
    this.lostSamples = 0;
    this.speeches = this.speeches.filter(({ to }) => to === undefined || to > end);
    for (const speech of this.speeches) speech.from = Math.max(speech.from, end);
    this.trim();
  }

  private trim(): void {
    const { position } = this.vad;
    const first = this.speeches[0]?.from ?? Number.POSITIVE_INFINITY;
    const quietFrom = position - this.undetectedSamples;
    const wanted = Math.min(
      first - this.samples(paddingMs),
      quietFrom,
      this.lostAt ?? Number.POSITIVE_INFINITY,
    );
    const least = position - this.mostSamples;
    while (this.pieces.length > 0) {
      const [oldest] = this.pieces;
      if (oldest === undefined || oldest.start >= Math.max(wanted, least)) return;
      this.pieces.shift();
      if (oldest.start < least) this.drop(oldest);
    }
  }

  /** More than is kept. Only speech is a loss. */
  private drop({ start, pcm }: Piece): void {
    const end = start + (pcm.byteLength >> 1);
    const spoken = this.speeches.some(({ from, to }) => from < end && (to === undefined || to > start));
    if (spoken) this.lostSamples += pcm.byteLength >> 1;
    this.speeches = this.speeches.filter(({ to }) => to === undefined || to > end);
    const [first] = this.speeches;
    if (first !== undefined) first.from = Math.max(first.from, end);
  }

  private samples(ms: number): number {
    return Math.round((ms * this.options.rateHz) / 1000);
  }

  private toMs(samples: number): number {
    return Math.round((samples * 1000) / this.options.rateHz);
  }
}
