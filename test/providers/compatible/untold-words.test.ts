import { describe, expect, it } from 'vitest';
import { createCompatibleCodec } from '../../../src/providers/compatible/codec.js';
import { gaDialect } from '../../../src/providers/compatible/switches.js';

const at = { response_id: 'r', output_index: 0 };
const part = { ...at, item_id: 'i', content_index: 0 };
const item = (content: object[], more = {}) => ({
  id: 'i',
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content,
  ...more,
});
const itemDone = (content: object[], more = {}) => ({
  type: 'response.output_item.done',
  ...at,
  item: item(content, more),
});
const done = (output: object[], status = 'completed') => ({
  type: 'response.done',
  response: { id: 'r', status, output },
});
const spoken = { type: 'output_audio', transcript: 'Hello.' };
const written = { type: 'output_text', text: 'Hello.' };

/** The words of an answer, and whether they are those of its sound. */
function words(...frames: object[]) {
  const codec = createCompatibleCodec(gaDialect);
  return frames
    .flatMap((frame) => codec.decode(JSON.stringify(frame)))
    .flatMap((event): unknown[] => {
      if (event.type === 'text.delta') return [event.delta];
      return event.type === 'text.done' ? [[event.text, event.spoken]] : [];
    });
}

describe('words that are not streamed', () => {
  it.each([
    ['the finished item', [itemDone([spoken])], true],
    ['the finished item, written', [itemDone([written])], false],
    ['the finished response', [done([item([spoken])])], true],
    ['the item and the response', [itemDone([spoken]), done([item([spoken])])], true],
    [
      'the finished part',
      [{ type: 'response.content_part.done', ...part, part: spoken }, itemDone([])],
      true,
    ],
    [
      'the finished part alone',
      [{ type: 'response.content_part.done', ...part, part: written }, done([])],
      false,
    ],
  ])('come with %s', (_where, frames, isSpoken) => {
    expect(words(...frames)).toEqual([['Hello.', isSpoken]]);
  });

  it('a refusal is words', () => {
    const refusal = { type: 'refusal', refusal: 'I cannot help.' };
    expect(words(itemDone([refusal]))).toEqual([['I cannot help.', false]]);
    const streamed = [
      { type: 'response.refusal.delta', ...part, delta: 'I cannot' },
      { type: 'response.refusal.done', ...part, refusal: 'I cannot help.' },
    ];
    expect(words(...streamed, itemDone([refusal]))).toEqual(['I cannot', ['I cannot help.', false]]);
  });
});

it('streamed words are told once, whatever is repeated later', () => {
  const delta = { type: 'response.output_audio_transcript.delta', ...part, delta: 'Hello.' };
  const other = { type: 'output_text', text: 'Hello again.' };
  expect(words(delta, itemDone([spoken, other]), done([item([spoken, other])]))).toEqual(['Hello.']);
});

it('what a stopped answer would have said is not told', () => {
  expect(words(itemDone([spoken], { status: 'incomplete' }))).toEqual([]);
  expect(words(done([item([spoken], { status: 'incomplete' })], 'cancelled'))).toEqual([]);
});
