import { describe, expect, it } from 'vitest';
import { callResult } from '../../../src/tools/mcp/call-result.js';

const text = (words: string) => ({ type: 'text', text: words });

describe('the answer of a server', () => {
  it('is its text', () => {
    expect(callResult({ content: [text('one'), text('two')], structuredContent: { a: 1 } })).toBe('one\ntwo');
  });

  it('is its data if there is no text', () => {
    expect(callResult({ content: [], structuredContent: { a: [1] } })).toBe('{"a":[1]}');
    expect(callResult({ structuredContent: 0 })).toBe('0');
  });

  it('is undefined if there is nothing', () => {
    expect(callResult({ content: [] })).toBeUndefined();
    expect(callResult({ content: [{ type: 'something new' }, 'odd'] })).toBeUndefined();
  });

  it('describes content that is not text', () => {
    expect(
      callResult({
        content: [
          text('Here it is.'),
          { type: 'image', mimeType: 'image/png', data: 'AAAA' },
          { type: 'audio', mimeType: 'audio/wav', data: 'AAAAAAAA' },
          { type: 'resource', resource: { uri: 'file:///a.txt', text: 'inside' } },
          { type: 'resource', resource: { uri: 'file:///b.bin', mimeType: 'application/zip', blob: 'AAAA' } },
          { type: 'resource_link', name: 'c', uri: 'https://example.org/c', description: 'the third' },
        ],
      }),
    ).toBe(
      [
        'Here it is.',
        '[resource file:///a.txt]\ninside',
        '[an image that cannot be shown here: image/png, 3 bytes]',
        '[a sound that cannot be played here: audio/wav, 6 bytes]',
        '[resource file:///b.bin: application/zip, 3 bytes]',
        '[link to a resource c, https://example.org/c: the third]',
      ].join('\n'),
    );
  });

  it('is an error with the message of the server', () => {
    expect(() => callResult({ isError: true, content: [text('No such file.')] })).toThrow('No such file.');
    expect(() => callResult({ isError: true, content: [] })).toThrow('The tool failed without a message.');
  });
});
