import { describe, expect, it } from 'vitest';
import { type Key, type KeyName, KeyParser } from '../../../src/terminal/keys/key-parser.js';

function keysOf(...chunks: string[]): Key[] {
  const parser = new KeyParser();
  return chunks.flatMap((chunk) => parser.feed(chunk));
}

function pressed(...names: KeyName[]): Key[] {
  return names.map((name) => ({ type: 'press', name }));
}

describe('KeyParser', () => {
  it.each<[string, string, KeyName]>([
    ['Enter', '\r', 'enter'],
    ['Backspace', '\x7f', 'backspace'],
    ['Ctrl+C', '\x03', 'ctrl-c'],
    ['Ctrl+Z', '\x1a', 'ctrl-z'],
    ['arrow up', '\x1b[A', 'up'],
    ['arrow up of application mode', '\x1bOA', 'up'],
    ['Ctrl+left', '\x1b[1;5D', 'word-left'],
    ['Alt+F', '\x1bf', 'word-right'],
    ['Home', '\x1b[H', 'home'],
    ['Home of rxvt', '\x1b[7~', 'home'],
    ['Delete', '\x1b[3~', 'delete'],
  ])('reads %s', (_, characters, name) => {
    expect(keysOf(characters)).toEqual(pressed(name));
  });

  it('keeps characters read at once together, and apart from keys between them', () => {
    expect(keysOf('世界👍🏽\x7fx')).toEqual([
      { type: 'text', text: '世界👍🏽' },
      { type: 'press', name: 'backspace' },
      { type: 'text', text: 'x' },
    ]);
  });

  it('joins a sequence that arrives in pieces', () => {
    expect(keysOf('\x1b', '[', '1;5', 'C')).toEqual(pressed('word-right'));
  });

  it('waits with an Escape until it is told that nothing follows', () => {
    const parser = new KeyParser();
    expect(parser.feed('\x1b')).toEqual([]);
    expect(parser.waiting).toBe(true);
    expect(parser.flush()).toEqual(pressed('escape'));
    expect(parser.waiting).toBe(false);
  });

  it('reads Escape before another key', () => {
    expect(keysOf('\x1bq')).toEqual([...pressed('escape'), { type: 'text', text: 'q' }]);
    const parser = new KeyParser();
    expect([...parser.feed('\x1b\x1b'), ...parser.flush()]).toEqual(pressed('escape', 'escape'));
  });

  it('ignores what is not a key: mouse, focus, replies to queries', () => {
    expect(keysOf('\x1b[I\x1b[<0;3;4M\x1b[?62;4c')).toEqual([]);
  });

  it('takes a paste as a whole, wherever it is split, with its keys as text', () => {
    const text = 'a\r\x1b[Ab\x03';
    const whole = `\x1b[200~${text}\x1b[201~z`;
    for (let cut = 1; cut < whole.length; cut += 1) {
      const keys = keysOf(whole.slice(0, cut), whole.slice(cut));
      expect(keys).toEqual([
        { type: 'paste', text },
        { type: 'text', text: 'z' },
      ]);
    }
  });

  it('ends a paste whose end never comes', () => {
    const parser = new KeyParser();
    parser.feed('\x1b[200~abc');
    expect(parser.flush()).toEqual([{ type: 'paste', text: 'abc' }]);
    expect(parser.feed('q')).toEqual([{ type: 'text', text: 'q' }]);
  });
});
