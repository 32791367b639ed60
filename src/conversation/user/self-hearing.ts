const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

function wordsOf(text: string): string[] {
  const found: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(text.toLowerCase()))
    if (isWordLike) found.push(segment);
  return found;
}

/** Share of the heard words that the assistant had just said, 0 to 1. One word proves nothing: "yes" is often both. */
function resemblance(heard: string, said: string): number {
  const words = wordsOf(heard);
  if (words.length < 2) return 0;
  const own = new Set(wordsOf(said));
  return words.filter((word) => own.has(word)).length / words.length;
}

/** An interruption counts as suspicious when it comes while we speak or this long after. */
export const suspicionMs = 1000;
const alike = 0.6;
const needed = 2;

/**
 * Notices that the microphone hears the speaker: two interruptions in a row that follow our own speech and repeat its
 * words.
 */
export class SelfHearing {
  private readonly suspects = new Map<string, string>();
  private inARow = 0;
  private reported = false;

  /** `said` is what the assistant had spoken by then. */
  interrupted(itemId: string, said: string): void {
    this.suspects.set(itemId, said);
    if (this.suspects.size > 8) {
      const oldest = this.suspects.keys().next();
      if (!oldest.done) this.suspects.delete(oldest.value);
    }
  }

  /** The words of a user's turn. Returns true once, when it is clear that they are our own. */
  heard(itemId: string, text: string): boolean {
    const said = this.suspects.get(itemId);
    this.suspects.delete(itemId);
    this.inARow = said !== undefined && resemblance(text, said) >= alike ? this.inARow + 1 : 0;
    if (this.inARow < needed || this.reported) return false;
    this.reported = true;
    return true;
  }
}
