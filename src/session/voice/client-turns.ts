import { int16Of } from '../../audio/samples/pcm16.js';
import type { TurnDetector } from '../../audio/turns/turn-detector.js';

/** Receives the parts of a turn, to send them. */
export interface TurnListener {
  /** The user has begun to speak; the sound of the turn follows, from a little before its beginning. */
  began(): void;
  sound(pcm: Uint8Array): void;
  /** The turn is complete. */
  ended(): void;
  /** It was not speech after all: the sound sent for it must be discarded. */
  discarded(): void;
}

interface Piece {
  /** Position of its first sample. */
  readonly start: number;
  readonly pcm: Uint8Array;
}

export interface ClientTurnsOptions {
  readonly rateHz: number;
  readonly minSpeechMs: number;
  readonly detector: TurnDetector;
}

/** Sound reaches the detector in pieces of this length, so that one result never covers two turns. */
const pieceMs = 20;
/** Sound kept from before speech is detected: padding of at most 5 s, and the time that detection takes. */
const keptMs = 6000;
/** Well below the longest turn that servers keep, and that the conversation accepts. */
const longestTurnMs = 110_000;

/** Turn detection on this side: cuts a stream of sound into turns and passes on nothing else. */
export class ClientTurns {
  private readonly detector: TurnDetector;
  private readonly pieceBytes: number;
  private readonly keptSamples: number;
  private readonly longestSamples: number;
  private readonly minSpeechSamples: number;
  private kept: Piece[] = [];
  private position = 0;
  /** Where the speech of the open turn was first heard. */
  private speechBegan: number | undefined;

  constructor(
    { rateHz, minSpeechMs, detector }: ClientTurnsOptions,
    private readonly listener: TurnListener,
  ) {
    const samples = (ms: number): number => Math.round((ms * rateHz) / 1000);
    this.detector = detector;
    this.pieceBytes = samples(pieceMs) * 2;
    this.keptSamples = samples(keptMs);
    this.longestSamples = samples(longestTurnMs);
    this.minSpeechSamples = samples(minSpeechMs);
  }

  get open(): boolean {
    return this.speechBegan !== undefined;
  }

  /** PCM16 mono of any length. */
  hear(pcm: Uint8Array): void {
    for (let start = 0; start < pcm.byteLength; start += this.pieceBytes) {
      this.hearPiece(pcm.subarray(start, start + this.pieceBytes));
    }
  }

  /** Ends the open turn: muted, device lost, or recording over. Returns whether a turn was open. */
  close(): boolean {
    const { open } = this;
    this.detector.flush();
    this.detector.reset();
    if (open) this.end();
    return open;
  }

  /** Discards the open turn without telling the listener. */
  drop(): void {
    this.detector.reset();
    this.speechBegan = undefined;
    this.kept = [];
  }

  private hearPiece(pcm: Uint8Array): void {
    const start = this.position;
    this.position += pcm.byteLength >> 1;
    if (this.open) this.listener.sound(pcm);
    // Copied, because the caller may reuse its buffer.
    else this.keep({ start, pcm: pcm.slice() });
    for (const event of this.detector.push(int16Of(pcm))) {
      if (event.type === 'start') this.begin(event.sample, event.speechSample);
      else if (this.speechBegan !== undefined) this.stop(event.speechSample - this.speechBegan);
    }
    if (this.speechBegan !== undefined && this.position - this.speechBegan >= this.longestSamples)
      this.close();
  }

  private keep(piece: Piece): void {
    this.kept.push(piece);
    const [oldest] = this.kept;
    if (oldest !== undefined && this.position - oldest.start > this.keptSamples) this.kept.shift();
  }

  private begin(fromSample: number, speechSample: number): void {
    if (this.open) return;
    this.speechBegan = speechSample;
    this.listener.began();
    const kept = this.kept;
    this.kept = [];
    for (const { start, pcm } of kept) {
      const skipped = Math.max(0, fromSample - start) * 2;
      if (skipped < pcm.byteLength) this.listener.sound(pcm.subarray(skipped));
    }
  }

  private stop(speechSamples: number): void {
    if (speechSamples >= this.minSpeechSamples) {
      this.end();
      return;
    }
    this.speechBegan = undefined;
    this.listener.discarded();
  }

  private end(): void {
    this.speechBegan = undefined;
    this.listener.ended();
  }
}
