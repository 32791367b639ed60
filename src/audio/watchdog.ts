export interface WatchedSides {
  readonly input: boolean;
  readonly output: boolean;
}

/** What the helper's devices have done so far. */
export interface Beat {
  readonly framesRead: number;
  readonly blocksWritten: number;
}

/** How often to check, in milliseconds. */
export const checkMs = 200;
/** A device stands still when it has done nothing for this long. */
const patienceMs = 1000;
/** Some sinks (PulseAudio's null sink, for one) take two seconds of sound at a gulp, and nothing until it is played. */
const gulpPatienceMs = 3000;
/** A source that was asleep delivers late. */
const firstFrameMs = 4000;

/** When one counter last moved. */
interface Hand {
  count: number;
  movedMs: number;
}

/**
 * Notices a sound helper that stands still: when a sound server dies, reads and writes just stop, without any error.
 * Pure: time is an argument.
 */
export class Watchdog {
  private readonly frames: Hand;
  private readonly blocks: Hand;
  private beatMs: number;
  private checkedMs: number;

  constructor(
    private readonly sides: WatchedSides,
    nowMs: number,
  ) {
    this.frames = { count: 0, movedMs: nowMs };
    this.blocks = { count: 0, movedMs: nowMs };
    this.beatMs = nowMs;
    this.checkedMs = nowMs;
  }

  beat({ framesRead, blocksWritten }: Beat, nowMs: number): void {
    this.beatMs = nowMs;
    move(this.frames, framesRead, nowMs);
    move(this.blocks, blocksWritten, nowMs);
  }

  /** Ask every `checkMs`. What stands still, as a sentence without its full stop; undefined when all is well. */
  check(nowMs: number): string | undefined {
    const lateMs = nowMs - this.checkedMs - checkMs;
    this.checkedMs = nowMs;
    if (lateMs > checkMs) {
      // We stood still ourselves (a busy process, a laptop's sleep): what was told meanwhile is still unread.
      this.beatMs += lateMs;
      this.frames.movedMs += lateMs;
      this.blocks.movedMs += lateMs;
      return undefined;
    }
    if (nowMs - this.beatMs > patienceMs) return 'the sound helper does not answer';
    const framePatienceMs = this.frames.count === 0 ? firstFrameMs : patienceMs;
    if (this.sides.input && nowMs - this.frames.movedMs > framePatienceMs) {
      return 'the microphone delivers nothing';
    }
    if (this.sides.output && nowMs - this.blocks.movedMs > gulpPatienceMs) return 'the speaker takes nothing';
    return undefined;
  }
}

function move(hand: Hand, count: number, nowMs: number): void {
  if (count === hand.count) return;
  hand.count = count;
  hand.movedMs = nowMs;
}
