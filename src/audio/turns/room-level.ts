/** Below this a frame is digital silence, from a muted or gated microphone, and says nothing about the room. */
const silenceDb = -85;
/** Quietest room that is believed. */
const lowestDb = -75;
/** The floor that is assumed before anything was heard, and how fast it follows a room that became louder. */
const unheardDb = -45;
const riseDbPerFrame = 0.2;
/**
 * The floor is the level of the quiet moments: this share of the last two seconds. Even fluent speech pauses that
 * often, a fan does not, and a device that drops out for a moment is not a quiet room.
 */
const quietShare = 0.05;
const quietFrames = 100;
/** Voices that talk at the same time are rarely all silent: their room is louder than its quiet moments. */
const usualShare = 0.2;
/** How long the loudness of the room is remembered: 8 s. */
const meanFrames = 400;
/** The latest second may be the beginning of the user's turn. */
const pendingFrames = 50;
/** From this many frames (1 s) there is a mean, and from 3 s it is reliable. */
const leastFrames = 50;
const sureFrames = 150;
/** Voices in the room are remembered for this many seconds, by the loudest stretch in each. */
const voiceMemoryS = 30;
const framesPerS = 50;
/** A stretch is a voice when this share of it is voiced. */
const voicedShare = 0.6;

/** The loudest share that does not count, and how often the mean is computed. */
const trimmedShare = 0.1;
const meanEveryFrames = 5;

/** Digital silence of 200 ms counts as silence for the next second. */
const silentForFrames = 10;
const afterSilenceFrames = 50;

interface Frame {
  readonly levelDb: number;
  readonly voiced: boolean;
}

/**
 * What the room sounds like while the user does not speak: how quiet its quiet moments are, how loud it is on average,
 * and how loud its voices get. Frames of digital silence do not count.
 */
export class RoomLevel {
  /** Frames of sound so far. */
  heardFrames = 0;
  /** The level of its quiet moments, rising slowly. */
  floorDb = unheardDb;
  /** The level of its quiet moments in the last two seconds. */
  quietDb = unheardDb;
  /** The level that four fifths of the last two seconds exceed. */
  usualDb = unheardDb;
  private silentFrames = 0;
  private silentUntilFrame = 0;
  private readonly recent: number[] = [];
  private pending: Frame[] = [];
  private readonly powers: number[] = [];
  private trimmedMeanDb = lowestDb;
  private stretch: Frame[] = [];
  private settledFrames = 0;
  private readonly loudestVoices: number[] = [];
  private loudestVoiceDb = lowestDb;

  constructor(
    /** How many frames make a stretch of voice. */
    private readonly stretchFrames: number,
  ) {}

  /** There was nothing but digital silence until a moment ago. */
  get wasSilent(): boolean {
    return this.heardFrames <= this.silentUntilFrame;
  }

  /** Its mean power, without its loudest moments: a door that slams does not make the room louder. */
  get meanDb(): number {
    return this.trimmedMeanDb;
  }

  get meanIsSure(): boolean {
    return this.powers.length >= sureFrames;
  }

  /** What its voices do not exceed, over a stretch. */
  get voicesDb(): number {
    return Math.max(this.loudestVoiceDb, ...this.loudestVoices);
  }

  /** A frame; `open`: in a turn of the user. */
  hear(levelDb: number, voiced: boolean, open: boolean): void {
    if (levelDb < silenceDb) {
      this.silentFrames += 1;
      if (this.silentFrames >= silentForFrames) this.silentUntilFrame = this.heardFrames + afterSilenceFrames;
      return;
    }
    this.silentFrames = 0;
    this.heardFrames += 1;
    this.recent.push(Math.max(lowestDb, levelDb));
    if (this.recent.length > quietFrames) this.recent.shift();
    const sorted = [...this.recent].sort((a, b) => a - b);
    this.quietDb = sorted[Math.floor(quietShare * (sorted.length - 1))] ?? unheardDb;
    this.usualDb = sorted[Math.floor(usualShare * (sorted.length - 1))] ?? unheardDb;
    this.floorDb = Math.min(this.quietDb, this.floorDb + riseDbPerFrame);
    if (open) return;
    this.pending.push({ levelDb, voiced });
    if (this.pending.length > pendingFrames) this.settle(this.pending.shift());
  }

  /** The latest frames belong to the user. */
  turnOpened(): void {
    this.pending = [];
    this.stretch = [];
  }

  private settle(frame: Frame | undefined): void {
    if (frame === undefined) return;
    this.powers.push(10 ** (frame.levelDb / 10));
    if (this.powers.length > meanFrames) this.powers.shift();
    if (this.powers.length >= leastFrames && this.settledFrames % meanEveryFrames === 0)
      this.trimmedMeanDb = trimmedMeanDb(this.powers);
    this.stretch.push(frame);
    if (this.stretch.length > this.stretchFrames) this.stretch.shift();
    if (this.stretch.filter(({ voiced }) => voiced).length >= voicedShare * this.stretchFrames) {
      const sum = this.stretch.reduce((total, { levelDb }) => total + 10 ** (levelDb / 10), 0);
      this.loudestVoiceDb = Math.max(this.loudestVoiceDb, 10 * Math.log10(sum / this.stretch.length));
    }
    this.settledFrames += 1;
    if (this.settledFrames % framesPerS !== 0) return;
    this.loudestVoices.push(this.loudestVoiceDb);
    if (this.loudestVoices.length > voiceMemoryS) this.loudestVoices.shift();
    this.loudestVoiceDb = lowestDb;
  }
}

function trimmedMeanDb(powers: readonly number[]): number {
  const kept = [...powers].sort((a, b) => a - b).slice(0, Math.ceil((1 - trimmedShare) * powers.length));
  return 10 * Math.log10(kept.reduce((sum, power) => sum + power, 0) / kept.length + 1e-12);
}
