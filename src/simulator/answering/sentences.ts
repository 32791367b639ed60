/**
 * Cuts text that is still growing into sentences, so that the first can be spoken while the rest is being written.
 * Concatenated, the sentences are the text.
 */
export class SentenceSplitter {
  private rest = '';
  private readonly segmenter: Intl.Segmenter;

  constructor(language?: string) {
    this.segmenter = new Intl.Segmenter(language, { granularity: 'sentence' });
  }

  /** Sentences that are complete now. The last one waits: more words may belong to it. */
  push(text: string): string[] {
    const segments = [...this.segmenter.segment(this.rest + text)].map(({ segment }) => segment);
    this.rest = segments.pop() ?? '';
    return segments;
  }

  /** What is left when the text is over. */
  flush(): string[] {
    const { rest } = this;
    this.rest = '';
    return rest === '' ? [] : [rest];
  }
}
