import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SentenceSplitter } from '../../../src/simulator/answering/sentences.js';

test('a sentence is returned when the next one begins, the last one at the end', () => {
  const splitter = new SentenceSplitter('en');
  expect(splitter.push('It is ')).toEqual([]);
  expect(splitter.push('18.5 degrees. It')).toEqual(['It is 18.5 degrees. ']);
  expect(splitter.push(' rains. ')).toEqual([]);
  expect(splitter.flush()).toEqual(['It rains. ']);
  expect(splitter.flush()).toEqual([]);
});

test('knows the full stops of other languages', () => {
  const splitter = new SentenceSplitter('ja');
  expect(splitter.push('今日は晴れです。明日は雨です。')).toEqual(['今日は晴れです。']);
});

test('loses and adds nothing, however the text arrives', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom('. ', '? ', 'Yes', '\n', '。'))), (parts) => {
      const splitter = new SentenceSplitter();
      const sentences = [...parts.flatMap((part) => splitter.push(part)), ...splitter.flush()];
      expect(sentences.join('')).toBe(parts.join(''));
    }),
  );
});
