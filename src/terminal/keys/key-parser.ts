/** A named key. `ctrl-x` for control with a letter. */
export type KeyName =
  | 'enter'
  | 'escape'
  | 'tab'
  | 'backspace'
  | 'delete'
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'home'
  | 'end'
  | 'word-left'
  | 'word-right'
  | 'word-delete'
  | `ctrl-${string}`;

/** A key event. `text` holds one or more printable characters, as they arrived together. */
export type Key =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'paste'; readonly text: string }
  | { readonly type: 'press'; readonly name: KeyName };

const pasteEnd = '\x1b[201~';
/** CSI and SS3 sequences: parameters, then a final byte. Longest first, because a prefix may also be a sequence. */
const sequence = /^\x1b(?:\[([0-9;:<=>?]*)[ -/]*([@-~])|O([@-~]))/;
const unfinished = /^\x1b(?:\[[0-9;:<=>?]*[ -/]*|O)?$/;

const byFinal: Readonly<Record<string, KeyName>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  M: 'enter',
};
const byNumber: Readonly<Record<string, KeyName>> = {
  '1': 'home',
  '3': 'delete',
  '4': 'end',
  '7': 'home',
  '8': 'end',
};
const byAlt: Readonly<Record<string, KeyName>> = {
  b: 'word-left',
  f: 'word-right',
  '\x7f': 'word-delete',
  '\b': 'word-delete',
};
const byControl: Readonly<Record<string, KeyName>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\x7f': 'backspace',
  '\b': 'backspace',
};

/**
 * Turns characters from a terminal in raw mode into keys. Pure: the possible beginning of a sequence waits, and the
 * caller decides, by calling {@link flush}, that an Escape was the Escape key.
 */
export class KeyParser {
  private buffer = '';
  private pasted: string | undefined;

  /** An unfinished sequence or paste waits for more characters. */
  get waiting(): boolean {
    return this.buffer !== '' || this.pasted !== undefined;
  }

  get pasting(): boolean {
    return this.pasted !== undefined;
  }

  feed(characters: string): Key[] {
    this.buffer += characters;
    const keys: Key[] = [];
    while (this.buffer !== '') {
      const key = this.pasted === undefined ? this.next() : this.paste();
      if (key === 'incomplete') break;
      if (key !== undefined) keys.push(key);
    }
    return keys;
  }

  /** Nothing more is coming: takes what waits as it is. */
  flush(): Key[] {
    if (this.pasted !== undefined) {
      const text = this.pasted + this.buffer;
      this.pasted = undefined;
      this.buffer = '';
      return [{ type: 'paste', text }];
    }
    const rest = this.buffer.slice(1);
    const escaped = this.buffer !== '';
    this.buffer = '';
    return escaped ? [{ type: 'press', name: 'escape' }, ...this.feed(rest)] : [];
  }

  private next(): Key | undefined | 'incomplete' {
    const first = this.buffer[0] ?? '';
    if (first === '\x1b') return this.escape();
    const printable = /^[^\x00-\x1f\x7f]+/.exec(this.buffer)?.[0];
    if (printable !== undefined) {
      this.take(printable.length);
      return { type: 'text', text: printable };
    }
    this.take(1);
    return { type: 'press', name: byControl[first] ?? controlName(first) };
  }

  private escape(): Key | undefined | 'incomplete' {
    const match = sequence.exec(this.buffer);
    if (match !== null) {
      this.take(match[0].length);
      return this.named(match[1] ?? '', match[2] ?? match[3] ?? '');
    }
    if (unfinished.test(this.buffer)) return 'incomplete';
    const second = this.buffer[1] ?? '';
    if (second === '\x1b' || byAlt[second] === undefined) {
      this.take(1);
      return { type: 'press', name: 'escape' };
    }
    this.take(2);
    return { type: 'press', name: byAlt[second] };
  }

  private named(parameters: string, final: string): Key | undefined {
    if (/^[<=>?]/.test(parameters)) return undefined; // mouse events and replies to terminal queries are not keys
    const [number = '', modifier = '1'] = parameters.split(';');
    if (final === '~' && number === '200') {
      this.pasted = '';
      return undefined;
    }
    const name = final === '~' ? byNumber[number] : byFinal[final];
    if (name === undefined) return undefined;
    const moved = modifier !== '1' && (name === 'left' || name === 'right');
    return { type: 'press', name: moved ? `word-${name}` : name };
  }

  private paste(): Key | 'incomplete' {
    const end = this.buffer.indexOf(pasteEnd);
    if (end < 0) {
      // The end marker may arrive in two pieces: keep what could be its beginning.
      const safe = Math.max(0, this.buffer.length - pasteEnd.length + 1);
      this.pasted = (this.pasted ?? '') + this.take(safe);
      return 'incomplete';
    }
    const text = (this.pasted ?? '') + this.take(end);
    this.take(pasteEnd.length);
    this.pasted = undefined;
    return { type: 'paste', text };
  }

  private take(length: number): string {
    const taken = this.buffer.slice(0, length);
    this.buffer = this.buffer.slice(length);
    return taken;
  }
}

function controlName(character: string): KeyName {
  return `ctrl-${String.fromCharCode((character.codePointAt(0) ?? 0) + 0x60)}`;
}
