export interface WatchedSides {
  readonly input: boolean;
  readonly output: boolean;
}

/** How much the helper's devices have done so far. */
export interface Beat {
  readonly framesRead: number;
  readonly blocksWritten: number;
}

/** How often to check, in milliseconds. */
export const checkMs = 200;
/** A device is stalled when it has done nothing for this long. */
const stallMs = 1000;
/** Some sinks (such as PulseAudio's null sink) take two seconds of sound at once, then nothing until it is played. */
const outputStallMs = 3000;
/** A suspended source starts late. */
const firstFrameMs = 4000;

/** When one counter last moved. */
interface Counter {
  count: number;
  movedMs: number;
}

/**
 * Notices a stalled sound helper: when a sound server dies, reads and writes just stop, without an error. Pure: time is
 * an argument.
 */
export class Watchdog {
  private readonly frames: Counter;
  private readonly blocks: Counter;
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

  /** Call every `checkMs`. What is stalled, as a sentence without its full stop; undefined when all is well. */
  check(nowMs: number): string | undefined {
    const lateMs = nowMs - this.checkedMs - checkMs;
    this.checkedMs = nowMs;
    if (lateMs > checkMs) {
      // We were stalled ourselves (a busy process, a sleeping laptop): reports from the meantime are still unread.
      this.beatMs += lateMs;
      this.frames.movedMs += lateMs;
      this.blocks.movedMs += lateMs;
      return undefined;
    }
    if (nowMs - this.beatMs > stallMs) return 'the sound helper does not answer';
    const inputStallMs = this.frames.count === 0 ? firstFrameMs : stallMs;
    if (this.sides.input && nowMs - this.frames.movedMs > inputStallMs) {
      return 'the microphone delivers nothing';
    }
    if (this.sides.output && nowMs - this.blocks.movedMs > outputStallMs) return 'the speaker takes nothing';
    return undefined;
  }
}

function move(counter: Counter, count: number, nowMs: number): void {
  if (count === counter.count) return;
  counter.count = count;
  counter.movedMs = nowMs;
}
