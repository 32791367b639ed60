import { heldBack, type Mark, markOf, wholeMark } from './answer-marks.js';
import { looksLikeCall } from './leaked-calls.js';
import { isMention, mayBeMention } from './mention.js';

/** Thoughts without markup, at the beginning of an answer, and the words that end them. */
const openings: readonly {
  readonly begin: RegExp;
  readonly words: readonly string[];
  readonly end: RegExp;
}[] = [
  // gpt-oss, from a server that removes its tokens: "analysisWe need to answer. assistantfinalFour."
  { begin: /^analysis(?=[A-Z"'“(])/, words: ['analysis'], end: /assistant\s?final(?:\s?:)?/ },
  // Granite
  {
    begin: /^here(?:['’]s| is) my thought process:/i,
    words: ["here's my thought process:", 'here’s my thought process:', 'here is my thought process:'],
    end: /here(?:['’]s| is) my response:/i,
  },
  // Apriel
  {
    begin: /^here are my reasoning steps:/i,
    words: ['here are my reasoning steps:'],
    end: /\[BEGIN FINAL RESPONSE\]/,
  },
];

type Mode = 'said' | 'thought' | 'call' | 'header' | 'over';

export interface AnswerFilterOptions {
  /** Names of the tools: an answer that is nothing but a call of one of them is not for the user. */
  readonly tools?: readonly string[] | undefined;
  /** The chat template opens the thoughts itself; the answer shows only where they end. */
  readonly startsInThought?: boolean | undefined;
  /** Marks that open thoughts are words. */
  readonly thoughtless?: boolean | undefined;
}

/**
 * Removes what is not for the user from a model's words while they arrive: thoughts, calls that the server has not
 * recognised, and the tokens of its chat template, in every markup in use. Marks may be cut anywhere.
 */
export class AnswerFilter {
  private rest = '';
  private mode: Mode;
  /** Names of the marks that are open. */
  private open: string[] = [];
  /** The text of a call, or of a header, so far. */
  private inside = '';
  /** What goes on behind a call. */
  private around: { readonly mode: Mode; readonly open: string[] } | undefined;
  private answerMarked = false;
  private headerLine = false;
  /** Ends thoughts that have no markup. */
  private untilWords: RegExp | undefined;
  /** Nothing was said yet: the white space around the thoughts is removed too. */
  private silent = true;
  /** All that came while the end of the thoughts was awaited. */
  private unopened: string | undefined;
  private takenBack = false;
  /** All since thoughts were opened in the middle of a line, where the mark may have been a word of the sentence. */
  private sinceMiddle: string | undefined;
  /** There are words before on the same line. */
  private inLine = false;
  /** The letter before. */
  private before = '';
  /** There were thoughts. */
  thought = false;
  /** The thoughts were closed without having been opened. */
  closedOnly = false;
  /** Calls in the model's own markup. */
  readonly calls: string[] = [];
  /** Calls inside thoughts: meant, where the thoughts are all that came. */
  readonly thoughtCalls: string[] = [];

  constructor(private readonly options: AnswerFilterOptions = {}) {
    this.mode = options.startsInThought === true ? 'thought' : 'said';
    if (options.startsInThought === true) this.unopened = '';
  }

  /** The words that are certainly for the user. */
  push(text: string): string {
    if (this.unopened !== undefined) this.unopened += text;
    this.rest += text;
    return this.spoken(this.read(false));
  }

  /** What was held back because a mark might have begun there. */
  flush(): string {
    if (this.unopened !== undefined) return this.notThought(this.unopened);
    let said = this.read(true);
    if (this.mode === 'call') this.endCall();
    if (this.sinceMiddle !== undefined) said += this.wordsSince(this.sinceMiddle);
    if (this.silent && looksLikeCall(said, this.options.tools ?? [])) {
      this.calls.push(said);
      said = '';
    }
    return this.spoken(said);
  }

  /** Whether what was said so far turned out to be thoughts; true once. */
  takeBack(): boolean {
    const { takenBack } = this;
    this.takenBack = false;
    return takenBack;
  }

  private read(last: boolean): string {
    let said = '';
    for (;;) {
      if (this.mode === 'said' && this.silent && said.trim() === '' && this.opensWithWords(last)) return said;
      if (this.untilWords !== undefined) {
        if (!this.endWords()) return said;
        continue;
      }
      const found = wholeMark.exec(this.rest);
      const final = this.mode === 'said' ? this.rest.indexOf(finalWord) : -1;
      if (final >= 0 && (found === null || final < found.index)) {
        this.rest = this.rest.slice(final + finalWord.length);
        this.thought = true;
        this.forget();
        said = '';
        continue;
      }
      const newline = this.mode === 'header' && this.headerLine ? this.rest.indexOf('\n') : -1;
      if (newline >= 0 && (found === null || newline < found.index)) {
        this.inside += this.rest.slice(0, newline);
        this.rest = this.rest.slice(newline + 1);
        this.endHeader();
        continue;
      }
      const end = found === null ? this.safeEnd(last) : found.index;
      said += this.take(this.rest.slice(0, end));
      if (found === null) {
        this.rest = this.rest.slice(end);
        return said;
      }
      const [tag] = found;
      const after = this.rest[found.index + tag.length];
      if (this.isText && after === undefined && !last && mayBeMention(this.before)) {
        this.rest = tag;
        return said;
      }
      this.rest = this.rest.slice(found.index + tag.length);
      const mark = markOf(tag);
      if (
        mark === undefined ||
        this.isTalkedAbout(mark, after) ||
        (mark.kind === 'answer' && !this.dropsAnswerMark(said))
      ) {
        said += this.take(tag);
        continue;
      }
      if (this.sinceMiddle !== undefined) this.sinceMiddle += tag;
      this.before = '';
      if (this.apply(mark, tag)) {
        this.forget();
        said = '';
      }
    }
  }

  /** Sentences, in which a mark may be talked about. */
  private get isText(): boolean {
    return this.mode === 'said' || this.mode === 'thought';
  }

  /** Whether a mark is a word of a sentence. `after`: the letter behind it. */
  private isTalkedAbout(mark: Mark, after: string | undefined): boolean {
    if (!this.isText) return false;
    const closes = mark.kind === 'thought' && mark.edge === 'close';
    if (mark.kind === 'thought' && !closes && this.options.thoughtless === true) return true;
    // Thoughts may end with a quotation, and the answer may begin with one.
    return isMention(this.before, after) && !(closes && /["']/.test(this.before));
  }

  /** What came before the end of the thoughts was thought. */
  private forget(): void {
    this.takenBack ||= !this.silent;
    this.silent = true;
    this.inLine = false;
  }

  private dropsAnswerMark(said: string): boolean {
    this.answerMarked ||= this.thought || (this.silent && said.trim() === '');
    return this.answerMarked;
  }

  private safeEnd(last: boolean): number {
    return last ? this.rest.length : this.rest.length - Math.max(heldBack(this.rest), heldWord(this.rest));
  }

  /** Text between marks. */
  private take(text: string): string {
    if (this.sinceMiddle !== undefined) this.sinceMiddle += text;
    this.before = text.at(-1) ?? this.before;
    if (this.mode === 'said') {
      this.noteLine(text);
      return text;
    }
    if (this.mode === 'call' || this.mode === 'header') this.inside += text;
    return '';
  }

  private noteLine(text: string): void {
    const newline = text.lastIndexOf('\n');
    this.inLine = (newline < 0 && this.inLine) || /\S/.test(text.slice(newline + 1));
  }

  /** Whether the answer begins with thoughts that have no markup, or may do so. */
  private opensWithWords(last: boolean): boolean {
    const start = this.rest.trimStart();
    if (start === '') return false;
    for (const { begin, words, end } of openings) {
      if (begin.test(start)) {
        this.thought = true;
        this.mode = 'thought';
        this.untilWords = end;
        this.rest = start;
        return false;
      }
      const lower = start.toLowerCase();
      if (!last && words.some((word) => word.startsWith(lower))) return true;
    }
    // A call without markup is recognised at its end.
    const mayBeCall = (this.options.tools ?? []).length > 0 && start.length < longestBareCall;
    return !last && mayBeCall && (bareCall.test(start) || 'functools'.startsWith(start.slice(0, 9)));
  }

  private endWords(): boolean {
    const found = this.untilWords?.exec(this.rest);
    if (found === null || found === undefined) {
      // The end may be cut.
      this.rest = this.rest.slice(-longestEnd);
      return false;
    }
    this.rest = this.rest.slice(found.index + found[0].length);
    this.untilWords = undefined;
    this.mode = 'said';
    return true;
  }

  /** @returns whether what came before it in this answer was thought. */
  private apply(mark: Mark, tag: string): boolean {
    if (this.mode === 'over') return false;
    if (this.mode === 'call') {
      this.inCall(mark, tag);
      return false;
    }
    switch (mark.kind) {
      case 'thought':
        return this.think(mark.edge, mark.name, tag);
      case 'call':
        if (mark.edge === 'open') {
          this.around = { mode: this.mode === 'thought' ? 'thought' : 'said', open: this.open };
          this.mode = 'call';
          this.open = [mark.name];
          this.inside = tag;
        }
        return false;
      case 'header':
        if (this.mode !== 'header') this.inside = '';
        this.inside += ' ';
        this.open = [];
        this.mode = 'header';
        this.headerLine = mark.line;
        return false;
      case 'body':
        if (this.mode === 'header') this.endHeader();
        return false;
      case 'end':
        // Thoughts that are still open in the middle of a line may turn out to be words.
        if (this.unopened === undefined && this.sinceMiddle === undefined) this.close();
        return false;
      case 'stranger':
        if (this.mode !== 'thought') this.mode = 'over';
        return false;
      case 'nothing':
      case 'answer':
        return false;
    }
  }

  private think(edge: 'open' | 'close', name: string, tag: string): boolean {
    this.thought = true;
    if (edge === 'open') {
      if (this.mode === 'said' && this.inLine) this.sinceMiddle = tag;
      this.mode = 'thought';
      this.open.push(name);
      return false;
    }
    this.sinceMiddle = undefined;
    if (this.mode !== 'thought') {
      this.closedOnly = true;
      return true;
    }
    const at = this.open.lastIndexOf(name);
    this.open = this.open.slice(0, Math.max(at, 0));
    if (this.unopened !== undefined) {
      this.closedOnly = at < 0;
      this.open = [];
    }
    if (this.open.length === 0) this.close();
    return false;
  }

  private inCall(mark: Mark, tag: string): void {
    this.inside += tag;
    if (mark.kind === 'end') this.endCall();
    if (mark.kind !== 'call') return;
    if (mark.edge === 'open') {
      this.open.push(mark.name);
      return;
    }
    const at = this.open.lastIndexOf(mark.name);
    this.open = this.open.slice(0, Math.max(at, 0));
    if (this.open.length === 0) this.endCall();
  }

  private endCall(): void {
    const { mode, open } = this.around ?? { mode: 'said', open: [] };
    (mode === 'thought' ? this.thoughtCalls : this.calls).push(this.inside);
    this.mode = mode;
    this.open = open;
    this.inside = '';
  }

  private endHeader(): void {
    const header = this.inside;
    this.close();
    if (/^\s*(?:user|human|system|developer|tool|ipython|observation|functions?[.\w]*)\b/i.test(header)) {
      this.mode = 'over';
    } else if (/\bto=/.test(header)) {
      this.around = undefined;
      this.mode = 'call';
      this.open = ['header'];
      this.inside = `${header} `;
    } else if (/\b(?:analysis|thought|thinking|think|reasoning)\b/i.test(header)) {
      this.thought = true;
      this.mode = 'thought';
      this.open = ['header'];
    }
  }

  private close(): void {
    this.mode = 'said';
    this.open = [];
    this.inside = '';
    this.unopened = undefined;
    this.sinceMiddle = undefined;
  }

  /** A mark in a sentence that opened nothing: the words since then are part of the answer. */
  private wordsSince(text: string): string {
    this.close();
    const plain = new AnswerFilter({ tools: this.options.tools, thoughtless: true });
    const said = plain.push(text) + plain.flush();
    this.calls.push(...plain.calls);
    return said;
  }

  /** The thoughts never ended, so there were none. */
  private notThought(text: string): string {
    this.unopened = undefined;
    const plain = new AnswerFilter({ tools: this.options.tools });
    const said = plain.push(text) + plain.flush();
    this.thought = plain.thought;
    this.calls.push(...plain.calls);
    this.thoughtCalls.push(...plain.thoughtCalls);
    return said;
  }

  private spoken(text: string): string {
    const said = this.silent ? text.trimStart() : text;
    if (said !== '') this.silent = false;
    return said;
  }
}

const finalWord = 'assistantfinal';
const longestEnd = 40;
/** Calls without markup: JSON, alone or in a fence, and Python of some templates. */
const bareCall = /^(?:\{|\[\s*(?:\{|\w+\()|`{1,3}$|```(?:json|tool)|```\w{0,3}$|\[\w*$)/;
/** A longer answer that begins like a call is words. */
const longestBareCall = 20_000;

/** How many letters at the end may be the beginning of `assistantfinal`. */
function heldWord(text: string): number {
  for (let length = Math.min(finalWord.length - 1, text.length); length > 0; length -= 1) {
    if (text.endsWith(finalWord.slice(0, length))) return length;
  }
  return 0;
}
