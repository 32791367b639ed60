import { describe, expect, it } from 'vitest';
import { callResult } from '../../../src/tools/mcp/call-result.js';
import { mendedResult } from '../../../src/tools/mcp/mended-result.js';

const words = { type: 'text', text: 'VALUE 42' };

function said(result: unknown): unknown {
  return callResult(Object(mendedResult('tools/call', result)));
}

describe('the result of a call', () => {
  it.each<[string, unknown, unknown]>([
    [
      'null members',
      { content: [{ ...words, annotations: null, _meta: null }], _meta: null, isError: null },
      'VALUE 42',
    ],
    ['null in place of data', { content: [words], structuredContent: null }, 'VALUE 42'],
    ['wrong annotations', { content: [{ ...words, annotations: { priority: 'high' } }] }, 'VALUE 42'],
    ['a text in place of content', { content: 'VALUE 42' }, 'VALUE 42'],
    ['one part in place of a list', { content: words }, 'VALUE 42'],
    ['texts in place of parts', { content: ['VALUE', 42] }, 'VALUE\n42'],
    ['null in place of content', { content: null, structuredContent: { n: 42 } }, '{"n":42}'],
    ['data alone', { structuredContent: { n: 42 } }, '{"n":42}'],
    ['data that is a list', { structuredContent: [42] }, '[42]'],
    ['nothing but a text', 'VALUE 42', 'VALUE 42'],
    ['a result of 2024-10-07', { toolResult: 'VALUE 42' }, 'VALUE 42'],
    ['nothing', { content: [] }, undefined],
    ['null alone', null, undefined],
    [
      'content of a type of its own',
      { content: [{ type: 'video', data: 'x' }, words, { data: 1 }] },
      '[content of type "video" that cannot be shown here]\nVALUE 42\n[content without a type that cannot be shown here]',
    ],
    ['data in a part', { content: [{ type: 'json', json: { answer: 42 } }] }, '{"answer":42}'],
    ['data under another name', { content: [{ type: 'object', data: { n: 42 } }] }, '{"n":42}'],
    ['a value in a part', { content: [{ type: 'number', value: 42 }] }, '42'],
    ['a number as text', { content: [{ type: 'text', text: 42 }] }, '42'],
    ['an object as text', { content: [{ type: 'text', text: { n: 42 } }] }, '{"n":42}'],
    [
      'a file in a part, and a type that every object has',
      {
        content: [
          { type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(4000)}` } },
          { type: 'constructor' },
        ],
      },
      '[content of type "image_url" that cannot be shown here]\n[content of type "constructor" that cannot be shown here]',
    ],
    ['members of its own', { text: 'VALUE 42', note: null }, '{"text":"VALUE 42"}'],
    ['members beside empty content', { content: [], output: 42 }, '{"output":42}'],
    [
      'success in a member of its own',
      { success: true, error: null, data: [42] },
      '{"success":true,"data":[42]}',
    ],
    ['no error in a member of its own', { error: false, n: 42 }, '{"error":false,"n":42}'],
    ['nothing but metadata', { resultType: 'complete', _meta: { a: 1 } }, undefined],
    ['a text of a type of its own', { content: [{ type: 'markdown', text: 'VALUE 42' }] }, 'VALUE 42'],
    [
      'pictures and files with members missing',
      {
        content: [
          { type: 'image', data: 'AAAA', mimeType: null },
          { type: 'image', data: 'not base64!' },
          { type: 'resource', resource: { text: 'inside', uri: null } },
          { type: 'resource_link', uri: 'file:///a', name: null },
          { type: 'resource', resource: null },
        ],
      },
      [
        '[content of type "image" that cannot be shown here]',
        '[resource ]\ninside',
        '[content of type "resource" that cannot be shown here]',
        '[an image that cannot be shown here: of unknown type, 3 bytes]',
        '[link to a resource file:///a, file:///a]',
      ].join('\n'),
    ],
  ])('keeps what is usable: %s', (_, result, expected) => {
    expect(said(result)).toBe(expected);
  });

  it('is a failure in the words of the server, or in its data', () => {
    expect(() => said({ content: 'no such file', isError: 'true' })).toThrow('no such file');
    expect(() => said({ content: [], structuredContent: { why: 'full' }, isError: true })).toThrow(
      '{"why":"full"}',
    );
  });

  it.each<[unknown, string]>([
    [{ error: 'disk is full' }, 'disk is full'],
    [{ error: { code: 7, message: 'disk is full' } }, 'disk is full'],
    [{ error: { code: 7 } }, '{"code":7}'],
    [{ content: [], error: ['disk', 'full'] }, '["disk","full"]'],
    [{ success: false, message: 'disk is full' }, 'disk is full'],
    [{ success: false, reason: 'disk is full' }, '{"success":false,"reason":"disk is full"}'],
    [{ isError: true, detail: 'disk is full' }, 'disk is full'],
    [{ error: 'ENOSPC', message: 'disk is full' }, 'ENOSPC: disk is full'],
  ])('is a failure when its own members say so: %j', (result, words) => {
    expect(() => said(result)).toThrow(words);
  });

  it('is complete in the newest revision when it does not say what it is', () => {
    const complete = { resultType: 'complete', content: [words] };
    for (const resultType of [undefined, null, 1])
      expect(mendedResult('tools/call', { resultType, content: [words] }, true)).toEqual(complete);
    expect(mendedResult('tools/call', { content: [words] })).toEqual({ content: [words] });
  });

  it('stays as it is when it is a question', () => {
    const question = { resultType: 'input_required', inputRequests: { a: {} } };
    expect(mendedResult('tools/call', question)).toEqual(question);
  });
});

it('a server that says little about itself is one all the same', () => {
  const given = {
    protocolVersion: '2025-06-18',
    instructions: null,
    capabilities: { tools: { listChanged: null } },
  };
  expect(mendedResult('initialize', given)).toEqual({
    protocolVersion: '2025-06-18',
    capabilities: { tools: {} },
    serverInfo: { name: 'unknown', version: 'unknown' },
  });
});

it('a list of tools may end with a cursor that is null, and may be only a list', () => {
  expect(mendedResult('tools/list', { tools: [], nextCursor: null })).toEqual({ tools: [] });
  expect(mendedResult('tools/list', [{ name: 'a' }])).toEqual({ tools: [{ name: 'a' }] });
});
