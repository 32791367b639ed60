/**
 * Splits growing text into sentences, so that the first can be spoken while the rest is being written.
 * Concatenated, the sentences are the text.
 */
export class SentenceSplitter {
  private rest = '';
  private readonly segmenter: Intl.Segmenter;

  constructor(language?: string) {
    this.segmenter = new Intl.Segmenter(language, { granularity: 'sentence' });
  }

  /** The sentences that are complete now. The last one is held back: more words may belong to it. */
  push(text: string): string[] {
    const segments = [...this.segmenter.segment(this.rest + text)].map(({ segment }) => segment);
    this.rest = segments.pop() ?? '';
    return segments;
  }

  /** The rest, at the end of the text. */
  flush(): string[] {
    const { rest } = this;
    this.rest = '';
    return rest === '' ? [] : [rest];
  }
}
