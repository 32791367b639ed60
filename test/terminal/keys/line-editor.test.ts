import { describe, expect, it } from 'vitest';
import type { KeyName } from '../../../src/terminal/keys/key-parser.js';
import { LineEditor } from '../../../src/terminal/keys/line-editor.js';
import { widthOf } from '../../../src/terminal/text/wrap.js';

/** Text with `|` for the cursor, after typing it and pressing keys. */
function edited(text: string, ...names: KeyName[]): string {
  const editor = new LineEditor();
  editor.insert(text);
  for (const name of names) editor.press(name);
  return `${editor.before}|${editor.after}`;
}

describe('LineEditor', () => {
  it.each<[string, KeyName[], string]>([
    ['abc', ['left', 'backspace'], 'a|c'],
    ['abc', ['ctrl-a', 'delete'], '|bc'],
    ['abc', ['home', 'left', 'backspace', 'end', 'right', 'delete'], 'abc|'],
    ['one two  three', ['ctrl-w'], 'one two  |'],
    ['one two ', ['ctrl-w', 'ctrl-w', 'ctrl-w'], '|'],
    ['one two', ['word-left'], 'one |two'],
    ['one two', ['ctrl-a', 'word-right'], 'one| two'],
    ['one two', ['word-left', 'ctrl-u'], '|two'],
    ['one two', ['word-left', 'ctrl-k'], 'one |'],
    ['a👨‍👩‍👧‍👦', ['backspace'], 'a|'],
    ['a👨‍👩‍👧‍👦b', ['left', 'left', 'left'], '|a👨‍👩‍👧‍👦b'],
    ['cafe\u0301', ['backspace'], 'caf|'],
    ['世界', ['left', 'delete'], '世|'],
  ])('%s %j', (text, names, result) => {
    expect(edited(text, ...names)).toBe(result);
  });

  it('browses what was sent, and returns to what is being typed', () => {
    const editor = new LineEditor();
    for (const text of ['first', 'second', 'second']) {
      editor.insert(text);
      expect(editor.send()).toBe(text);
    }
    editor.insert('draft');
    const seen = (['up', 'up', 'up', 'down', 'down', 'down'] as const).map((name) => {
      editor.press(name);
      return editor.text;
    });
    expect(seen).toEqual(['second', 'first', 'first', 'second', 'draft', 'draft']);
  });

  it('drops escape sequences', () => {
    expect(edited('a\x1b[31mb\x07')).toBe('ab|');
  });

  it('shows the part around the cursor, within the columns', () => {
    const editor = new LineEditor();
    editor.insert('世界'.repeat(50));
    for (let step = 0; step < 100; step += 1) {
      const { before, after } = editor.view(20);
      expect(widthOf(before + after)).toBeLessThan(20);
      expect(after === '' ? '' : editor.after.slice(0, after.length)).toBe(after);
      editor.press('left');
    }
    expect(editor.view(20).before).toBe('');
  });

  it('is quick with a very long paste', () => {
    const editor = new LineEditor();
    editor.insert('word '.repeat(200_000));
    const started = performance.now();
    editor.view(80);
    editor.press('backspace');
    expect(performance.now() - started).toBeLessThan(200);
  });
});
