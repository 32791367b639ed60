/** Answers in the shapes in which servers that call themselves compatible send them. */
import { describe, expect, test } from 'vitest';
import { events, json, stopped, stream, words } from '../fake-engines.js';
import { path, sse, thinking, thoughts } from './chat-driver.js';

describe('the shape of an answer', () => {
  test.each<[string, string, string]>([
    [
      'lines of JSON',
      'application/x-ndjson',
      events(words('No'), words('on.'), stopped).join('').replaceAll('data: ', ''),
    ],
    ['no empty lines', sse, events(words('No'), words('on.'), stopped).join('').replaceAll('\n\n', '\n')],
    [
      'JSON of another type',
      'text/plain',
      JSON.stringify({ choices: [{ message: { content: 'Noon.' } }] }, null, 2),
    ],
    ['a list of chunks', 'application/json', JSON.stringify([words('No'), words('on.'), stopped])],
    ['events of another type', 'application/json', events(words('Noon.'), stopped).join('')],
    [
      'parts',
      sse,
      events({ choices: [{ delta: { content: [{ type: 'text', text: 'Noon.' }] } }] }, stopped).join(''),
    ],
    [
      'a single part',
      sse,
      events({ choices: [{ delta: { content: { type: 'text', text: 'Noon.' } } }] }, stopped).join(''),
    ],
    [
      'a refusal',
      sse,
      events({ choices: [{ delta: { content: null, refusal: 'Noon.' } }] }, stopped).join(''),
    ],
    ['the form before chats', sse, events({ choices: [{ text: 'Noon.', finish_reason: 'stop' }] }).join('')],
  ])('words that come as %s are said', async (_name, type, body) => {
    const { mind } = await thinking(stream(type, [body]));
    const all = await thoughts(mind);
    expect(all.map((thought) => (thought.type === 'say' ? thought.text : thought)).join('')).toBe('Noon.');
  });

  test.each<[string, unknown[]]>([
    ['an error object', [{ object: 'error', message: 'GPU fell over', code: 500 }]],
    ['a detail', [{ detail: 'GPU fell over' }]],
    ['a list of details', [{ detail: [{ loc: ['body'], msg: 'GPU fell over' }] }]],
    ['a code', [{ code: 1301, msg: 'GPU fell over' }]],
    ['a text with a code', [{ text: 'GPU fell over', error_code: 50_001 }]],
    ['a status', [{ choices: null, base_resp: { status_code: 1004, status_msg: 'GPU fell over' } }]],
    ['an error in the choice', [{ choices: [{ delta: {}, error: { message: 'GPU fell over' } }] }]],
    [
      'an error beside the choice',
      [{ choices: [{ delta: {}, finish_reason: 'error' }], error: { message: 'GPU fell over' } }],
    ],
    ['JSON in a string', [{ error: { message: '{"detail":[{"msg":"GPU fell over"}]}' } }]],
    [
      'a provider behind a gateway',
      [{ error: { message: 'Provider returned error', metadata: { raw: '{"error":"GPU fell over"}' } } }],
    ],
    ['an extension', [{ choices: [], x_groq: { error: 'GPU fell over' } }]],
    ['a list', [[{ error: { message: 'GPU fell over' } }]]],
    ['words, and then a detail', [words('No'), { detail: 'GPU fell over' }]],
  ])('an error with status 200 fails in its own words: %s', async (_name, chunks) => {
    const body = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
    const { fake, mind } = await thinking(stream(sse, body));
    await expect(thoughts(mind)).rejects.toThrow(/failed: .*GPU fell over\. Look/);
    const [whole] = chunks;
    if (chunks.length > 1) return;
    fake.on(path, json(200, whole));
    await expect(thoughts(mind)).rejects.toThrow(/failed: .*GPU fell over\. Look/);
  });

  test.each([
    ['an event named error', 'event: error\ndata: {"message":"GPU fell over"}\n\n'],
    ['an event named error, with plain text', 'event: error\ndata: GPU fell over\n\n'],
    ['the name behind the data', 'data: {"message":"GPU fell over"}\nevent: error\n\n'],
    ['plain text', 'GPU fell over'],
    ['plain text in brackets', '[ERROR] GPU fell over'],
  ])('an error with status 200 that is no JSON fails in its own words: %s', async (_name, body) => {
    const { mind } = await thinking(stream(sse, [body]));
    await expect(thoughts(mind)).rejects.toThrow(/failed: .*GPU fell over\. Look/);
  });

  test('an empty error beside an answer is not one', async () => {
    const error = { message: '', type: '', param: '', code: null };
    const { mind } = await thinking(stream(sse, events({ ...words('Noon.'), error }, stopped)));
    expect(await thoughts(mind)).toEqual([{ type: 'say', text: 'Noon.' }]);
  });
});
