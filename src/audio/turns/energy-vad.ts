/** One decision is made per 20 ms. */
const frameMs = 20;

/** Below this a frame is digital silence, from a muted or gated microphone, and says nothing about the room. */
const silenceDb = -85;
/** Quietest floor that is believed, and the floor assumed before the room has been heard. */
const lowestFloorDb = -75;
const initialFloorDb = -45;
/** The floor is the quietest moment within this time: even fluent speech pauses within it, a fan does not. */
const floorWindowMs = 2000;
/** How fast the floor follows a room that became louder. */
const floorRiseDbPerS = 10;
/** Speech that has begun may be this much weaker before it counts as pause. */
const hysteresisDb = 4;
/** Sound shorter than this does not prolong speech: clicks of a keyboard must not keep a turn open. */
const resumeMs = 60;
/** What a quiet frame takes away from the evidence of a loud one: words have short gaps, clicks are mostly gap. */
const forgetting = 0.5;

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
 * Tells speech from pauses by level alone: a frame is loud when it stands out from the noise floor, which adapts to the
 * room. Settings mean the same as in OpenAI's `server_vad`. Deterministic, and independent of how the sound is cut into
 * chunks. Music and sudden noise count as speech until the floor has followed (up to five seconds).
 */
export class EnergyVad {
  private readonly frameSamples: number;
  private readonly rateHz: number;
  private readonly marginDb: number;
  private readonly leastDb: number;
  private readonly silenceSamples: number;
  private readonly paddingSamples: number;
  private readonly onsetFrames: number;
  private readonly meter: FrameMeter;
  private readonly floor = new NoiseFloor();
  private pushed = 0;
  /** Loud frames, less the quiet ones since; enough of it counts as speech. */
  private evidence = 0;
  private onsetSample = 0;
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
    this.meter = new FrameMeter(rateHz, this.frameSamples);
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
    this.evidence = 0;
    this.lastStopSample = this.pushed;
  }

  private decide(levelDb: number): VadEvent | undefined {
    const floorDb = this.floor.hear(levelDb);
    const neededDb = Math.max(floorDb + this.marginDb, this.leastDb) - (this.turnOpen ? hysteresisDb : 0);
    const loud = levelDb > neededDb;
    return this.turnOpen ? this.listenForEnd(loud) : this.listenForStart(loud);
  }

  private listenForStart(loud: boolean): VadEvent | undefined {
    if (loud && this.evidence === 0) this.onsetSample = this.pushed - this.frameSamples;
    this.weigh(loud, this.onsetFrames);
    if (this.evidence < this.onsetFrames) return undefined;
    this.turnOpen = true;
    this.lastSpeechSample = this.pushed;
    const sample = Math.max(this.onsetSample - this.paddingSamples, this.lastStopSample);
    return { type: 'start', sample, speechSample: this.onsetSample };
  }

  private listenForEnd(loud: boolean): VadEvent | undefined {
    const resumeFrames = resumeMs / frameMs;
    this.weigh(loud, resumeFrames);
    if (loud && this.evidence >= resumeFrames) this.lastSpeechSample = this.pushed;
    return this.pushed - this.lastSpeechSample >= this.silenceSamples ? this.stop() : undefined;
  }

  private stop(): VadEvent {
    this.turnOpen = false;
    this.evidence = 0;
    this.lastStopSample = this.pushed;
    return { type: 'stop', sample: this.pushed, speechSample: this.lastSpeechSample };
  }

  private weigh(loud: boolean, enough: number): void {
    this.evidence = loud ? Math.min(enough, this.evidence + 1) : Math.max(0, this.evidence - forgetting);
  }

  private samples(ms: number): number {
    return Math.round((ms * this.rateHz) / 1000);
  }
}

/** Level of each full frame in dBFS, without DC offset and rumble below speech. */
class FrameMeter {
  private readonly decay: number;
  private previous = 0;
  private filtered = 0;
  private energy = 0;
  private filled = 0;

  constructor(
    rateHz: number,
    private readonly frameSamples: number,
  ) {
    // First-order high-pass at 100 Hz.
    this.decay = Math.exp((-2 * Math.PI * 100) / rateHz);
  }

  add(sample: number): number | undefined {
    this.filtered = this.decay * (this.filtered + sample - this.previous);
    this.previous = sample;
    this.energy += this.filtered * this.filtered;
    this.filled += 1;
    if (this.filled < this.frameSamples) return undefined;
    const power = this.energy / this.filled / 32_768 ** 2;
    this.energy = 0;
    this.filled = 0;
    return 10 * Math.log10(power + 1e-12);
  }
}

/** Minimum statistics: the level of the quietest recent frame; it rises slowly and falls at once. */
class NoiseFloor {
  private readonly levels: number[] = [];
  private floorDb = initialFloorDb;

  hear(levelDb: number): number {
    if (levelDb < silenceDb) return this.floorDb;
    this.levels.push(levelDb);
    if (this.levels.length > floorWindowMs / frameMs) this.levels.shift();
    const quietest = Math.max(lowestFloorDb, Math.min(...this.levels));
    this.floorDb = Math.min(quietest, this.floorDb + (floorRiseDbPerS * frameMs) / 1000);
    return this.floorDb;
  }
}
