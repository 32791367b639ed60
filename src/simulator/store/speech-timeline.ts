/** The usual pace of speech, 15 characters a second, for a message without a finished sentence to measure. */
const usualMsPerCharacter = 65;

interface Sentence {
  readonly text: string;
  readonly startMs: number;
  /** Sound sent of it so far. */
  sentMs: number;
  /** Length of all its sound; undefined until the voice has finished the sentence. */
  lengthMs: number | undefined;
}

/**
 * Which words of a spoken message lie where in its sound. The server makes the sound sentence by sentence, so sentences
 * begin exactly where they are recorded; inside a sentence the words are spread evenly over its sound.
 */
export class SpeechTimeline {
  private readonly sentences: Sentence[] = [];
  private soundMs = 0;
  /** How much of the text the client has received, in UTF-16 units. It runs ahead of the sound, or behind it. */
  private sentLength = 0;

  /** A sentence begins where the sound ends now. */
  beginSentence(text: string): void {
    this.sentences.push({ text, startMs: this.soundMs, sentMs: 0, lengthMs: undefined });
  }

  /** The voice has finished the current sentence, although its sound may not all have been sent. */
  expectLength(ms: number): void {
    const current = this.sentences.at(-1);
    if (current !== undefined) current.lengthMs ??= ms;
  }

  /** Everything of the current sentence has been sent. */
  endSentence(): void {
    const current = this.sentences.at(-1);
    if (current !== undefined) current.lengthMs = current.sentMs;
  }

  addSound(ms: number): void {
    this.soundMs += ms;
    const current = this.sentences.at(-1);
    if (current !== undefined) current.sentMs += ms;
  }

  addText(text: string): void {
    this.sentLength += text.length;
  }

  /** The whole words that were over when the first `heardMs` of the sound had been heard; none that were never sent. */
  textUntil(heardMs: number): string {
    if (heardMs <= 0) return '';
    let text = '';
    for (const sentence of this.sentences) {
      const { startMs } = sentence;
      const lengthMs = this.lengthOf(sentence);
      // Clients count whole milliseconds, and the end of a sentence may lie between two of them.
      if (heardMs < Math.floor(startMs + lengthMs)) {
        text += wordsWithin(sentence.text, (heardMs - startMs) / lengthMs);
        break;
      }
      text += sentence.text;
    }
    return text.slice(0, this.sentLength).trimEnd();
  }

  private lengthOf({ text, sentMs, lengthMs }: Sentence): number {
    return lengthMs ?? Math.max(sentMs, text.trim().length * this.msPerCharacter());
  }

  /** Of the sentences that are finished: a voice keeps its pace. */
  private msPerCharacter(): number {
    let ms = 0;
    let characters = 0;
    for (const { text, lengthMs = 0 } of this.sentences) {
      if (lengthMs === 0) continue;
      ms += lengthMs;
      characters += text.trim().length;
    }
    return characters === 0 ? usualMsPerCharacter : ms / characters;
  }
}

/** A word: letters up to the next white space, or one character of a script that is written without spaces. */
const word =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}]|[^\s\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}]+/gu;

/** The words that end within this share of the text. */
function wordsWithin(text: string, share: number): string {
  const characters = text.trimEnd().length * share;
  let end = 0;
  for (const { 0: found, index } of text.matchAll(word)) {
    if (index + found.length > characters) break;
    end = index + found.length;
  }
  return text.slice(0, end);
}
