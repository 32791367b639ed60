/** Scripts in which one character is about a syllable. */
const syllabic = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
const lettersPerSyllable = 3;

/** How long a text takes to say, counted in letters of an alphabet. */
export function lettersIn(text: string): number {
  let letters = 0;
  for (const character of text) letters += syllabic.test(character) ? lettersPerSyllable : character.length;
  return letters;
}

/** Ordinary speech in most languages; the first answers have nothing better to go by. */
const usualLettersPerS = 14;
/** How much heard speech the assumption above weighs as much as. */
const assumedS = 3;

/** How fast this voice speaks, learned from what was heard to the end. */
export class SpeakingPace {
  private letters = usualLettersPerS * assumedS;
  private seconds = assumedS;

  constructor(private readonly rateHz: number) {}

  /** The whole of `text` took this many samples. */
  learn(text: string, samples: number): void {
    this.letters += lettersIn(text);
    this.seconds += samples / this.rateHz;
  }

  /** Letters that can have been said in this many samples. */
  lettersIn(samples: number): number {
    return ((samples / this.rateHz) * this.letters) / this.seconds;
  }
}
