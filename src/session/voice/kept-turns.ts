/** What a new connection gets of turns that end on this side. */
export interface TurnsToResend {
  /** Turns that had ended. */
  readonly complete: readonly (readonly Uint8Array[])[];
  /** The open turn, and everything since there was no connection. */
  readonly open: readonly Uint8Array[];
  /** A turn was open when the connection was lost. */
  readonly wasOpen: boolean;
  /** The open turn has ended meanwhile. */
  readonly committed: boolean;
  readonly lostMs: number;
}

export interface KeptTurnsOptions {
  readonly rateHz: number;
  /** How much is kept of a turn, in milliseconds. */
  readonly mostTurnMs: number;
  /** How much is kept while there is no connection. */
  readonly mostGapMs: number;
}

/** Pieces of sound up to a limit; what exceeds it is dropped, oldest first. */
class Stock {
  readonly pieces: Uint8Array[] = [];
  bytes = 0;
  lostBytes = 0;

  constructor(private mostBytes: number) {}

  /** Copied, because the caller may reuse its buffer. */
  add(pcm: Uint8Array): void {
    this.pieces.push(pcm.slice());
    this.bytes += pcm.byteLength;
    while (this.bytes > this.mostBytes) {
      const dropped = this.pieces.shift()?.byteLength ?? this.bytes;
      this.bytes -= dropped;
      this.lostBytes += dropped;
    }
  }

  /** Leaves room for this many more bytes. */
  allow(moreBytes: number): this {
    this.mostBytes = this.bytes + moreBytes;
    return this;
  }
}

/** Turns that end on this side, kept until they need no connection but the present one. */
export class KeptTurns {
  private readonly bytesPerMs: number;
  /** Ended, but not settled. */
  private ended: Stock[] = [];
  /** How many of them the conversation knows to have ended. */
  private known = 0;
  private open: Stock | undefined;
  private held: Stock | undefined;
  private wasOpen = false;
  private committed = false;

  constructor(private readonly options: KeptTurnsOptions) {
    this.bytesPerMs = (options.rateHz * 2) / 1000;
  }

  begin(): void {
    this.open = new Stock(this.options.mostTurnMs * this.bytesPerMs);
  }

  add(pcm: Uint8Array): void {
    this.open?.add(pcm);
  }

  end(): void {
    if (this.open !== undefined) this.ended.push(this.open);
    this.open = undefined;
  }

  discard(): void {
    this.open = undefined;
  }

  /** See the effect `user.turn`. */
  turn(state: 'open' | 'ended' | 'settled'): void {
    if (state === 'ended') this.known = this.ended.length;
    if (state !== 'settled') return;
    this.ended.splice(0, this.known);
    this.known = 0;
  }

  lost(): void {
    if (this.held !== undefined) return;
    this.wasOpen = this.open !== undefined;
    this.held = (this.open ?? new Stock(0)).allow(this.options.mostGapMs * this.bytesPerMs);
    this.open = undefined;
  }

  /** Sound while there is no connection. */
  hold(pcm: Uint8Array): void {
    this.held?.add(pcm);
  }

  /** The turn that is held back is over. */
  endHeld(): void {
    this.committed = true;
  }

  take(): TurnsToResend {
    const { held, wasOpen, committed } = this;
    const complete = this.ended.map(({ pieces }) => pieces);
    const lostBytes = [...this.ended, ...(held === undefined ? [] : [held])].reduce(
      (sum, stock) => sum + stock.lostBytes,
      0,
    );
    this.ended = [];
    this.known = 0;
    this.held = undefined;
    this.wasOpen = false;
    this.committed = false;
    return { complete, open: held?.pieces ?? [], wasOpen, committed, lostMs: lostBytes / this.bytesPerMs };
  }
}
