import { highPass, lowPass, resonator } from './filters.js';
import type { Random } from './random.js';

/** Formants of vowels in Hz, of a long vocal tract. */
const vowels = [
  [730, 1090, 2440],
  [270, 2290, 3010],
  [300, 870, 2240],
  [530, 1840, 2480],
  [570, 840, 2410],
  [490, 1350, 1690],
] as const;

/**
 * A voice that speaks without words: syllables of gliding pitch and formants, hisses between them, pauses for breath.
 */
export class Voice {
  private readonly basePitchHz: number;
  private readonly tract: number;
  private readonly fricative: (sample: number) => number;
  private readonly radiation: (sample: number) => number;
  private readonly source: (sample: number) => number;
  private formants: ((sample: number) => number)[] = [];
  private phase = 0;
  private left = 0;
  private length = 1;
  private kind: 'vowel' | 'hiss' | 'pause' = 'pause';
  private pitchFrom = 0;
  private pitchTo = 0;
  private loudness = 0;
  private syllablesLeft = 0;

  constructor(
    private readonly random: Random,
    private readonly rateHz: number,
    /** Share of the time in which the voice is silent between its sentences. */
    private readonly pauseS: readonly [number, number] = [0.3, 1.5],
  ) {
    this.basePitchHz = random.between(95, 240);
    this.tract = random.between(0.95, 1.2);
    this.fricative = highPass(random.between(2500, 4000), rateHz);
    this.radiation = highPass(300, rateHz);
    this.source = lowPass(500, rateHz);
  }

  next(): number {
    if (this.left <= 0) this.turnTo();
    const at = 1 - this.left / this.length;
    this.left -= 1;
    // Soft edges of 20 ms, as lips make them.
    const edge = Math.min(1, (Math.min(at, 1 - at) * this.length) / (0.02 * this.rateHz));
    if (this.kind === 'pause') return this.voiced(0);
    if (this.kind === 'hiss')
      return 0.15 * edge * this.loudness * this.fricative(this.random.white()) + this.voiced(0);
    const hz = this.pitchFrom + (this.pitchTo - this.pitchFrom) * at;
    this.phase += (hz / this.rateHz) * (1 + 0.01 * this.random.white());
    let pulse = 0;
    if (this.phase >= 1) {
      this.phase -= 1;
      pulse = 1;
    }
    const breath = 0.004 * this.random.white();
    return this.voiced((pulse + breath) * edge * this.loudness);
  }

  private voiced(excitation: number): number {
    const glottal = this.source(excitation);
    let sum = 0;
    for (const [index, formant] of this.formants.entries()) sum += formant(glottal) / (1 + 0.7 * index);
    return 40 * this.radiation(sum);
  }

  private turnTo(): void {
    const { random } = this;
    if (this.syllablesLeft <= 0 && this.kind !== 'pause') {
      this.begin('pause', random.between(...this.pauseS));
      this.syllablesLeft = Math.round(random.between(3, 14));
      return;
    }
    if (this.kind !== 'hiss' && random.next() < 0.4) {
      this.begin('hiss', random.between(0.05, 0.12));
      return;
    }
    this.syllablesLeft -= 1;
    this.begin('vowel', random.between(0.09, 0.24));
    this.pitchFrom = this.kind === 'vowel' && this.pitchTo > 0 ? this.pitchTo : this.basePitchHz;
    this.pitchTo = this.basePitchHz * random.between(0.85, 1.3);
    this.loudness = random.between(0.5, 1);
    this.formants = random
      .pick(vowels)
      .map((hz, index) => resonator(hz * this.tract, 60 + 40 * index, this.rateHz));
  }

  private begin(kind: 'vowel' | 'hiss' | 'pause', seconds: number): void {
    this.kind = kind;
    this.length = Math.max(1, Math.round(seconds * this.rateHz));
    this.left = this.length;
  }
}
