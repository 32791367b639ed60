import type { ServerEvent } from '../http/server-events.js';
import { isCutNote, withoutSoundNotes } from './sound-notes.js';
import { append } from './transcript-text.js';
import { eventIn } from './transcription-event.js';

/** The engine's own words for what went wrong. */
export class TranscriptionError extends Error {
  override readonly name = 'TranscriptionError';
}

/** Longest quotation of what was not understood. */
const mostLetters = 200;

/** Puts a transcript together from the events of an answer, whichever shape they have. */
export class TranscriptReader {
  private text = '';
  private told = '';
  private understood = false;
  /** Something that holds no words in any known shape. */
  strange: string | undefined;

  constructor(private readonly onWords: ((delta: string) => void) | undefined) {}

  /** @throws TranscriptionError with the words of an error in it. */
  take(event: ServerEvent): void {
    const read = eventIn(event);
    switch (read.type) {
      case 'error':
        throw new TranscriptionError(read.message);
      case 'other':
        if (!/^\s*(?:\[DONE\])?\s*$/.test(event.data)) this.strange ??= event.data.slice(0, mostLetters);
        return;
      case 'whole':
        this.understood = true;
        this.text = read.text;
        return;
      case 'delta':
        this.grow(this.text + read.text);
        return;
      case 'segment':
        this.segment(read.text, read.line);
    }
  }

  /** The transcript; undefined where nothing in the answer was one. */
  get transcript(): string | undefined {
    return this.understood ? this.text : undefined;
  }

  /** `line`: of plain text, in which lines mean something: subtitles. */
  private segment(text: string, line: boolean): void {
    const next = line ? `${this.text}${this.text === '' ? '' : '\n'}${text}` : append(this.text, text);
    const segment = text.trim();
    // Some servers send the growing transcript each time.
    const grows =
      !line && this.text !== '' && segment.length > this.text.length && segment.startsWith(this.text);
    this.grow(grows ? segment : next);
  }

  private grow(text: string): void {
    this.understood = true;
    this.text = text;
    const words = withoutSoundNotes(text);
    // "[BLANK" may become a note about the sound; and what was told cannot be called back.
    if (words === '' || isCutNote(text)) return;
    const shown = text === words ? text : words;
    if (!shown.startsWith(this.told) || shown === this.told) return;
    this.onWords?.(shown.slice(this.told.length));
    this.told = shown;
  }
}
