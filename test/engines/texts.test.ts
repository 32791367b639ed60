import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spokenWords } from '../../src/engines/hear/heard-text.js';
import { eventIn } from '../../src/engines/hear/transcription-event.js';
import { spokenText } from '../../src/engines/speak/spoken-text.js';
import { ThoughtFilter } from '../../src/engines/think/thought-filter.js';

describe('what was heard', () => {
  test.each([
    '',
    '  ',
    '[BLANK_AUDIO]',
    ' [ Silence ]\n',
    '(wind blowing)',
    '♪♪',
    '*music*',
    '...',
    '<|nospeech|>',
    '[BLANK_AUDIO] (coughs)',
  ])('%j holds no words', (text) => {
    expect(spokenWords(text)).toBe('');
  });

  test('words stay, on one line', () => {
    expect(spokenWords(' What is\n the weather [in Paris]? ')).toBe('What is the weather [in Paris]?');
    expect(spokenWords('你好')).toBe('你好');
  });
});

describe('thoughts of a model', () => {
  const filtered = (...pieces: string[]): string => {
    const filter = new ThoughtFilter();
    return pieces.map((piece) => filter.push(piece)).join('') + filter.flush();
  };

  test('are taken out with the white space around them', () => {
    expect(filtered('<think>\nHm, "a < b".\n</think>\n\nGood day.')).toBe('Good day.');
    expect(filtered('Well, <THINKING>x</THINKING>yes.')).toBe('Well, yes.');
    expect(filtered('<think>never ends')).toBe('');
    expect(filtered('Hm.</think>', ' Yes.')).toBe('Hm. Yes.');
  });

  test('other marks are words', () => {
    expect(filtered('1 < 2 and <b>bold</b> and <thin')).toBe('1 < 2 and <b>bold</b> and <thin');
  });

  test('wherever the pieces are cut', () => {
    const text = '<think>one</think>Two <thinking>three < 3</thinking>four <5';
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 20 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), text.length];
        expect(filtered(...places.slice(1).map((end, n) => text.slice(places[n], end)))).toBe('Two four <5');
      }),
    );
  });
});

describe('what is pronounced', () => {
  test.each([
    ['**Paris** is *lovely* 😀👍🏽!', 'Paris is lovely !'],
    ['# Weather\n- sunny\n- 3 * 4 is 12', 'Weather sunny 3 * 4 is 12'],
    ['1. First\n2) Second', 'First Second'],
    ['See [the map](https://example.org/x) or https://example.org.', 'See the map or'],
    ['Call `get_time` now.', 'Call get_time now.'],
    ['snake_case_name stays', 'snake_case_name stays'],
    ['```js\nlet a\n```', 'let a'],
    ['| a | b |', ', a, b,'],
    ['It is 5 < 6.', 'It is 5 < 6.'],
    ['© 2025 🇫🇷 1️⃣', '© 2025 1'],
  ])('%j → %j', (written, spoken) => {
    expect(spokenText(written)).toBe(spoken);
  });
});

describe('events of a transcription', () => {
  test.each([
    [
      { type: 'transcript.text.delta', delta: ' you' },
      { type: 'delta', text: ' you' },
    ],
    [
      { type: 'transcript.text.done', text: 'Hello' },
      { type: 'whole', text: 'Hello' },
    ],
    [{ choices: [{ delta: { content: ' you' } }] }, { type: 'delta', text: ' you' }],
    [{ text: ' a segment ' }, { type: 'delta', text: ' a segment' }],
    [{ error: { message: 'no' } }, { type: 'error', message: 'no' }],
    [{ type: 'session.created' }, { type: 'other' }],
    [[], { type: 'other' }],
  ])('%j', (event, expected) => {
    expect(eventIn(JSON.stringify(event), true)).toEqual(expected);
  });

  test('the end and nonsense are nothing', () => {
    expect(eventIn('[DONE]', false)).toEqual({ type: 'other' });
    expect(eventIn('{', false)).toEqual({ type: 'other' });
  });
});
