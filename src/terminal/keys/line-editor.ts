import { cleanText } from '../text/clean-text.js';
import { widthOf } from '../text/wrap.js';
import type { KeyName } from './key-parser.js';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A line being typed: text before and after the cursor, and the lines sent earlier. The cursor moves by graphemes. */
export class LineEditor {
  before = '';
  after = '';
  private readonly sent: string[] = [];
  /** Position in `sent` while browsing it; `sent.length` is the line being typed. */
  private place = 0;
  private draft = '';

  get text(): string {
    return this.before + this.after;
  }

  insert(text: string): void {
    this.before += cleanText(text);
  }

  /** Returns whether the key has a meaning here. */
  press(name: KeyName): boolean {
    switch (name) {
      case 'backspace':
        this.before = this.before.slice(0, this.before.length - lastOf(this.before).length);
        return true;
      case 'delete':
        this.after = this.after.slice(firstOf(this.after).length);
        return true;
      case 'left':
        this.moveTo(this.before.length - lastOf(this.before).length);
        return true;
      case 'right':
        this.moveTo(this.before.length + firstOf(this.after).length);
        return true;
      case 'word-left':
        this.moveTo(wordStart(this.before));
        return true;
      case 'word-right':
        this.moveTo(this.before.length + (/^\s*\S*/.exec(this.after)?.[0].length ?? 0));
        return true;
      case 'home':
      case 'ctrl-a':
        this.moveTo(0);
        return true;
      case 'end':
      case 'ctrl-e':
        this.moveTo(this.text.length);
        return true;
      case 'ctrl-u':
        this.before = '';
        return true;
      case 'ctrl-k':
        this.after = '';
        return true;
      case 'ctrl-w':
      case 'word-delete':
        this.before = this.before.slice(0, wordStart(this.before));
        return true;
      case 'up':
        this.recall(this.place - 1);
        return true;
      case 'down':
        this.recall(this.place + 1);
        return true;
      default:
        return false;
    }
  }

  /** Takes the line and remembers it. */
  send(): string {
    const text = this.text.trim();
    if (text !== '' && text !== this.sent.at(-1)) this.sent.push(text);
    this.clear();
    return text;
  }

  clear(): void {
    this.before = '';
    this.after = '';
    this.draft = '';
    this.place = this.sent.length;
  }

  /** The part of the line that fits, around the cursor, as text before and after it. */
  view(columns: number): { readonly before: string; readonly after: string } {
    const room = Math.max(4, columns);
    // Of a long paste only the part that could be visible is measured.
    let before = shown(this.before.slice(-room * 16));
    let hidden = before.length < this.before.length;
    // The cursor may be on a wide character.
    while (widthOf(before) > room - 3) {
      before = before.slice(firstOf(before).length);
      hidden = true;
    }
    if (hidden) before = `…${before}`;
    let after = '';
    for (const { segment } of graphemes.segment(shown(this.after.slice(0, room * 16)))) {
      if (widthOf(before + after + segment) > room - 1) break;
      after += segment;
    }
    return { before, after };
  }

  private moveTo(index: number): void {
    const { text } = this;
    this.before = text.slice(0, index);
    this.after = text.slice(index);
  }

  private recall(place: number): void {
    if (place < 0 || place > this.sent.length || place === this.place) return;
    if (this.place === this.sent.length) this.draft = this.text;
    this.place = place;
    this.before = place === this.sent.length ? this.draft : (this.sent[place] ?? '');
    this.after = '';
  }
}

function shown(text: string): string {
  return text.replaceAll('\n', '↵');
}

function firstOf(text: string): string {
  for (const { segment } of graphemes.segment(text)) return segment;
  return '';
}

/** Looks back far enough for any grapheme that people type; segmenting the whole line would be slow. */
function lastOf(text: string): string {
  let last = '';
  for (const { segment } of graphemes.segment(text.slice(-64))) last = segment;
  return last;
}

function wordStart(text: string): number {
  return text.length - (/\S*\s*$/.exec(text)?.[0].length ?? 0);
}
