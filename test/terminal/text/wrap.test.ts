import { describe, expect, it } from 'vitest';
import { truncate, widthOf, wrapText } from '../../../src/terminal/text/wrap.js';

const family = '👨‍👩‍👧‍👦';

describe('wrapText', () => {
  it.each([
    ['breaks between words', 'The quick brown fox', 10, ['The quick', 'brown fox']],
    ['keeps addresses whole', 'see example.com/a/b now', 15, ['see', 'example.com/a/b', 'now']],
    ['breaks what is longer than a row', 'abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['counts Han as two columns', '今天天气很好', 8, ['今天天气', '很好']],
    ['begins no row with a closing mark', '今天天气。好', 8, ['今天', '天气。好']],
    ['never splits a family', family.repeat(3), 4, [family.repeat(2), family]],
    ['keeps marks on their letters', 'x\u0301'.repeat(6), 4, ['x\u0301'.repeat(4), 'x\u0301'.repeat(2)]],
    ['keeps line feeds', 'a\n\nb', 10, ['a', '', 'b']],
    ['isolates right-to-left rows', 'שלום עולם', 8, ['\u2068שלום\u2069', '\u2068עולם\u2069']],
  ])('%s', (_, text, columns, rows) => {
    expect(wrapText(text, columns)).toEqual(rows);
  });

  it('never makes a row wider than asked', () => {
    const text = `Hello 世界 ${family}${family} مرحبا بالعالم é ${'x'.repeat(50)} 「你好」 สวัสดีครับ 12:30`;
    for (let columns = 6; columns <= 60; columns += 1) {
      for (const row of wrapText(text, columns)) expect(widthOf(row)).toBeLessThanOrEqual(columns);
    }
  });
});

it('truncates to columns, not to characters', () => {
  expect(truncate('今天天气', 8)).toBe('今天天气');
  expect(truncate('今天天气很好', 8)).toBe('今天天…');
  expect(truncate('abc', 0)).toBe('');
});

it('measures only the beginning of what is much too long', () => {
  const startedAtMs = performance.now();
  expect(truncate('x'.repeat(2 ** 24), 8)).toBe('xxxxxxx…');
  expect(performance.now() - startedAtMs).toBeLessThan(500);
  expect(truncate(`x${'\u0301'.repeat(5)}`.repeat(9), 8)).toBe(`${`x${'\u0301'.repeat(5)}`.repeat(7)}…`);
});
