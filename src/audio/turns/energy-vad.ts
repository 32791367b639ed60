import { FrameMeter } from './frame-meter.js';
import { RoomLevel } from './room-level.js';
import { Voicing } from './voicing.js';

/** One decision is made per 20 ms. */
const frameMs = 20;

/** Speech is this much louder than the room is on average (at a threshold of 0.5) … */
const aboveMeanDb = 5;
/** … and than the voices in it get. But this much above the average is always enough. */
const aboveVoicesDb = 2;
const surelyAboveDb = 9;
/** While little was heard of the room, speech must be this much louder than the quiet moments so far, and longer. */
const contrastDb = 12;
const firstContrastDb = 20;
const firstMs = 2000;
/**
 * Sound this loud is close to the microphone. Weaker sound is listened to for so long first, and must stand out from
 * the usual level since: a voice pauses, a room full of people does not.
 */
const nearDb = -30;
/** Sound this loud is not the room: it need not wait for the room to be known. */
const clearlyNearDb = -20;
const leastHeardMs = 800;
/** Correlation with the sound one period earlier that makes a frame voiced. */
const voicedFrom = 0.5;
/** How much the pitch of a voice changes from frame to frame. A jump is an accident in noise … */
const largestGlide = 0.15;
/** … and hardly any change, or a period more exact than any voice's, at the same level, is a tone of a machine. */
const smallestGlide = 0.0015;
const toneFrom = 0.985;
const steadyDb = 0.5;
/** A motor hums in its own noise: less periodic than this on average, and its pitch stays within this range. */
const faintBelow = 0.72;
/** Less periodic than this on average is not a voice at all. */
const voicelessBelow = 0.63;
const humRange = 0.06;
/** What a loud frame without voice takes away from the evidence: hisses between vowels are short. */
const unvoicedForgetting = 0.1;
/** A voice in the tail of a blow, this much below its loudest moment, is the ringing of what was hit. */
const tailDb = 6;
const peakFallDb = 0.7;
/** What is hit is loudest at once and fades; a voice gets louder after its first 40 ms, or with its next syllable. */
const leastRiseDb = 2.5;
/** Sound that is this much weaker than what follows did not come from the same mouth. */
const largestRiseDb = 20;
/** A longer hiss is not the beginning of a word. */
const longestHissMs = 200;
/** Speech that has begun may be this much weaker before it counts as pause. */
const hysteresisDb = 4;
/** Sound shorter than this does not prolong speech: clicks of a keyboard must not keep a turn open. */
const resumeMs = 60;
/** A sound must have lasted this long before it is known not to be speech. */
const undecidedMs = 120;
/** What a quiet frame takes away from the evidence of a loud one: words have short gaps, clicks are mostly gap. */
const forgetting = 0.35;

export interface VadOptions {
  readonly rateHz: number;
  /** 0 to 1; higher needs louder speech. Default 0.5: 8 dB above the noise, and at least −50 dBFS. */
  readonly threshold?: number | undefined;
  /** Silence that ends speech; default 500. */
  readonly silenceMs?: number | undefined;
  /** Sound before the detected beginning that belongs to it; default 300. */
  readonly prefixPaddingMs?: number | undefined;
  /** Sound shorter than this, by at least a frame, is not speech; default 120. */
  readonly minSpeechMs?: number | undefined;
}

/** Positions count samples from the first one ever pushed. */
export type VadEvent =
  | {
      readonly type: 'start';
      /** Where the turn's sound begins, prefix padding included. */
      readonly sample: number;
      /** Where the speech itself was first heard. */
      readonly speechSample: number;
    }
  | {
      readonly type: 'stop';
      /** Where the turn's sound ends: with the silence that ended it. */
      readonly sample: number;
      /** Where the speech itself was last heard. */
      readonly speechSample: number;
    };

/**
 * Tells speech from pauses by level and by voice: a frame is loud when it stands out from the room, and loud frames are
 * speech when enough of them are periodic, as vowels are. Noise without a pitch never counts as speech, however
 * suddenly it begins; voices and music in the room count only when they are louder than the room's usually are.
 * Settings mean the same as in OpenAI's `server_vad`. Deterministic, and independent of how the sound is cut into
 * chunks.
 */
export class EnergyVad {
  private readonly frameSamples: number;
  private readonly rateHz: number;
  private readonly marginDb: number;
  private readonly leastDb: number;
  private readonly silenceSamples: number;
  private readonly paddingSamples: number;
  private readonly onsetFrames: number;
  private readonly hissSamples: number;
  private readonly meter: FrameMeter;
  private readonly voicing: Voicing;
  private readonly room: RoomLevel;
  private lastHz = 0;
  private lastStrength = 0;
  private lastDb = 0;
  private pushed = 0;
  /** Loud voiced frames, less what the others since took away, and the loud frames without voice beside them. */
  private voicedEvidence = 0;
  private unvoicedEvidence = 0;
  /** Mean power of the loud frames since the onset. */
  private onsetPower = 0;
  /** The loudest of them, falling slowly; how far the level rose again after the second of them. */
  private peakDb = Number.NEGATIVE_INFINITY;
  private lowestDb = 0;
  private riseDb = 0;
  /** The voiced ones among them: how many, how strongly periodic, and the range of their pitch. */
  private voicedFrames = 0;
  private strengthSum = 0;
  private lowestHz = Number.POSITIVE_INFINITY;
  private highestHz = 0;
  private loudFrames = 0;
  private onsetSample = 0;
  private lastLoudSample = 0;
  private lastQuietSample = 0;
  private lastSpeechSample = 0;
  private lastStopSample = 0;
  private turnOpen = false;

  constructor(options: VadOptions) {
    const { rateHz, threshold = 0.5, silenceMs = 500, prefixPaddingMs = 300, minSpeechMs = 120 } = options;
    this.rateHz = rateHz;
    this.frameSamples = Math.round((rateHz * frameMs) / 1000);
    this.marginDb = 3 + 10 * threshold;
    this.leastDb = -60 + 20 * threshold;
    this.silenceSamples = this.samples(silenceMs);
    this.paddingSamples = this.samples(prefixPaddingMs);
    // A sound touches one frame more than it fills, unless it starts exactly with a frame.
    this.onsetFrames = Math.ceil(minSpeechMs / frameMs) + 1;
    this.hissSamples = this.samples(longestHissMs);
    this.meter = new FrameMeter(rateHz, this.frameSamples);
    this.voicing = new Voicing(rateHz);
    this.room = new RoomLevel(this.onsetFrames);
  }

  /** Whether a turn is open. */
  get speaking(): boolean {
    return this.turnOpen;
  }

  /** Samples pushed so far. */
  get position(): number {
    return this.pushed;
  }

  /** Takes PCM16 mono of any length; samples that do not fill a frame wait for the next call. */
  push(pcm: Int16Array): VadEvent[] {
    const events: VadEvent[] = [];
    for (const sample of pcm) {
      this.pushed += 1;
      this.voicing.add(sample);
      const levelDb = this.meter.add(sample);
      const event = levelDb === undefined ? undefined : this.decide(levelDb);
      if (event) events.push(event);
    }
    return events;
  }

  /** The input is over: closes an open turn. Positions keep counting if more is pushed. */
  flush(): VadEvent[] {
    return this.turnOpen ? [this.stop()] : [];
  }

  /** Forgets an open turn, keeping what is known about the room. */
  reset(): void {
    this.turnOpen = false;
    this.forget();
    this.lastStopSample = this.pushed;
  }

  private decide(levelDb: number): VadEvent | undefined {
    const neededDb = this.neededDb();
    // Quiet frames are not examined: that is most of the time, and most of the work.
    const voiced = levelDb > this.leastDb - hysteresisDb ? this.isVoiced(levelDb) : false;
    this.lastDb = levelDb;
    this.room.hear(levelDb, voiced, this.turnOpen);
    const loud = levelDb > neededDb;
    return this.turnOpen ? this.listenForEnd(loud, voiced) : this.listenForStart(levelDb, loud, voiced);
  }

  /** Whether the frame is periodic as voices are: their pitch glides, neither jumping nor standing still. */
  private isVoiced(levelDb: number): boolean {
    const { strength, hz } = this.voicing.measure();
    const change = Math.abs(hz - this.lastHz) / Math.max(hz, 1);
    this.lastHz = hz;
    this.lastStrength = strength;
    if (strength <= voicedFrom || change > largestGlide) return false;
    const tone = strength > toneFrom || change < smallestGlide;
    return !tone || Math.abs(levelDb - this.lastDb) >= steadyDb;
  }

  /** The level above which a frame is loud now. */
  private neededDb(): number {
    const { floorDb, meanDb, meanIsSure, voicesDb } = this.room;
    const stricterDb = this.marginDb - 8;
    const surelyDb = meanDb + surelyAboveDb;
    const aboveRoomDb = meanIsSure
      ? Math.min(Math.max(meanDb + aboveMeanDb, voicesDb + aboveVoicesDb), surelyDb)
      : surelyDb;
    const neededDb = Math.max(floorDb + this.marginDb, aboveRoomDb + stricterDb, this.leastDb);
    return this.turnOpen ? neededDb - hysteresisDb : neededDb;
  }

  private listenForStart(levelDb: number, loud: boolean, voiced: boolean): VadEvent | undefined {
    this.weighOnset(levelDb, loud, voiced);
    const { voicedEvidence, unvoicedEvidence } = this;
    const neededFrames = this.isClear() ? this.onsetFrames : 2 * this.onsetFrames;
    if (voicedEvidence + Math.min(voicedEvidence, unvoicedEvidence) / 2 < neededFrames) return undefined;
    if (!loud || this.riseDb < leastRiseDb || this.hums() || !this.standsOut()) return undefined;
    const speechSample = Math.max(this.onsetSample, this.lastStopSample);
    this.turnOpen = true;
    this.forget();
    this.voicedEvidence = resumeMs / frameMs;
    this.room.turnOpened();
    this.lastSpeechSample = this.pushed;
    return {
      type: 'start',
      sample: Math.max(speechSample - this.paddingSamples, this.lastStopSample),
      speechSample,
    };
  }

  private weighOnset(levelDb: number, loud: boolean, voiced: boolean): void {
    if (!loud) {
      this.voicedEvidence = Math.max(0, this.voicedEvidence - forgetting);
      this.unvoicedEvidence = Math.max(0, this.unvoicedEvidence - forgetting);
      if (this.voicedEvidence + this.unvoicedEvidence === 0) this.forget();
      return;
    }
    const afterGap = this.pushed - this.lastLoudSample > this.hissSamples;
    if (levelDb > this.peakDb + largestRiseDb) this.forget();
    if (this.loudFrames === 0 || (afterGap && this.voicedEvidence < resumeMs / frameMs)) this.startOnset();
    this.lastLoudSample = this.pushed;
    this.loudFrames += 1;
    this.onsetPower += 10 ** (levelDb / 10);
    this.peakDb = Math.max(this.peakDb - peakFallDb, levelDb);
    if (this.loudFrames === 2) this.lowestDb = levelDb;
    if (this.loudFrames > 2) {
      this.riseDb = Math.max(this.riseDb, levelDb - this.lowestDb);
      this.lowestDb = Math.min(this.lowestDb, levelDb);
    }
    if (voiced && levelDb > this.peakDb - tailDb) {
      this.voicedEvidence = Math.min(2 * this.onsetFrames, this.voicedEvidence + 1);
      this.voicedFrames += 1;
      this.strengthSum += this.lastStrength;
      this.lowestHz = Math.min(this.lowestHz, this.lastHz);
      this.highestHz = Math.max(this.highestHz, this.lastHz);
      return;
    }
    this.voicedEvidence = Math.max(0, this.voicedEvidence - unvoicedForgetting);
    this.unvoicedEvidence = Math.min(this.onsetFrames, this.unvoicedEvidence + 1);
    if (this.voicedEvidence === 0 && this.pushed - this.onsetSample > this.hissSamples) {
      this.onsetSample = this.pushed - this.hissSamples;
    }
  }

  private startOnset(): void {
    this.onsetSample = this.pushed - this.frameSamples;
    this.onsetPower = 0;
    this.loudFrames = 0;
    this.peakDb = Number.NEGATIVE_INFINITY;
    this.riseDb = 0;
    this.voicedFrames = 0;
    this.strengthSum = 0;
    this.lowestHz = Number.POSITIVE_INFINITY;
    this.highestHz = 0;
  }

  /** Whether it is the weak and even tone of a motor in its noise. */
  private hums(): boolean {
    const strength = this.strengthSum / this.voicedFrames;
    return (
      strength < voicelessBelow || (strength < faintBelow && this.highestHz / this.lowestHz < 1 + humRange)
    );
  }

  /**
   * Whether the room, or the silence before, leaves little doubt. Weak sound that begins in digital silence does: echo
   * cancellation lets a piece of an answer through when a noise interrupts it.
   */
  private isClear(): boolean {
    const { wasSilent, meanIsSure } = this.room;
    if (this.onsetDb() >= clearlyNearDb) return true;
    return wasSilent ? this.onsetDb() >= nearDb : meanIsSure;
  }

  private onsetDb(): number {
    return 10 * Math.log10(this.onsetPower / this.loudFrames);
  }

  /** Whether the sound since the onset differs from the room, as far as that is known. */
  private standsOut(): boolean {
    const { heardFrames, quietDb, usualDb, meanIsSure, wasSilent } = this.room;
    if (meanIsSure) return true;
    const levelDb = this.onsetDb();
    const heardMs = heardFrames * frameMs;
    if (levelDb < nearDb && (heardMs < leastHeardMs || levelDb - usualDb < contrastDb)) return false;
    return (
      wasSilent ||
      levelDb - quietDb >= (heardMs < firstMs && levelDb < clearlyNearDb ? firstContrastDb : contrastDb)
    );
  }

  private listenForEnd(loud: boolean, voiced: boolean): VadEvent | undefined {
    const resumeFrames = resumeMs / frameMs;
    if (!loud) this.voicedEvidence = Math.max(0, this.voicedEvidence - forgetting);
    else if (voiced) this.voicedEvidence = Math.min(2 * resumeFrames, this.voicedEvidence + 1);
    else this.voicedEvidence = Math.max(0, this.voicedEvidence - unvoicedForgetting);
    if (!loud) this.lastQuietSample = this.pushed;
    if (loud && this.voicedEvidence >= resumeFrames) this.lastSpeechSample = this.pushed;
    if (this.pushed - this.lastSpeechSample < this.silenceSamples) return undefined;
    // A sound that has just begun may turn out to be speech.
    return this.pushed - this.lastQuietSample <= this.samples(undecidedMs) && loud ? undefined : this.stop();
  }

  private stop(): VadEvent {
    this.turnOpen = false;
    this.forget();
    this.lastStopSample = this.pushed;
    return { type: 'stop', sample: this.pushed, speechSample: this.lastSpeechSample };
  }

  private forget(): void {
    this.voicedEvidence = 0;
    this.unvoicedEvidence = 0;
    this.startOnset();
  }

  private samples(ms: number): number {
    return Math.round((ms * this.rateHz) / 1000);
  }
}
