import { describe, expect, test } from 'vitest';
import type { HearEngine } from '../../../src/engines/core/engine-config.js';
import type { Hearing } from '../../../src/engines/core/stages.js';
import { TranscriptionEar } from '../../../src/engines/hear/transcription-ear.js';
import { engineAddress } from '../../../src/engines/http/engine-address.js';
import { EngineClient } from '../../../src/engines/http/engine-client.js';
import { type Behaviour, broken, events, FakeEngines, formOf, json, stream } from '../fake-engines.js';

const path = '/v1/audio/transcriptions';

async function listening(
  behaviour: Behaviour,
  engine: Partial<HearEngine> = {},
): Promise<{ fake: FakeEngines; hear: (onWords?: (delta: string) => void) => Promise<Hearing> }> {
  const fake = await FakeEngines.start({ [path]: behaviour });
  const hearEngine = { url: fake.url, timeoutMs: 2000, ...engine };
  const client = new EngineClient(engineAddress('hear', hearEngine, { env: {} }));
  const ear = new TranscriptionEar(client, hearEngine);
  const utterance = { itemId: 'item', samples: new Int16Array(24_000), rateHz: 24_000, language: 'de' };
  return { fake, hear: (onWords) => ear.hear({ ...utterance, onWords }, new AbortController().signal) };
}

describe('hearing', () => {
  test('sends one second as WAV at 16 kHz, with model, language and prompt', async () => {
    const { fake, hear } = await listening(json(200, { text: ' Guten\nTag. ' }), {
      model: 'whisper-1',
      prompt: 'voxterm',
    });
    expect(await hear()).toEqual({ kind: 'words', text: 'Guten Tag.' });
    const [asked] = fake.to(path);
    if (asked === undefined) throw new Error('no request');
    const { fields, file } = await formOf(asked);
    expect(fields).toEqual({
      model: 'whisper-1',
      language: 'de',
      prompt: 'voxterm',
      response_format: 'json',
      stream: 'true',
    });
    expect(file.toString('latin1', 0, 4)).toBe('RIFF');
    expect(file.readUInt32LE(24)).toBe(16_000);
    expect(file.length).toBe(44 + 32_000);
  });

  test.each([
    [
      'OpenAI',
      events(
        { type: 'transcript.text.delta', delta: 'Good ' },
        { type: 'transcript.text.delta', delta: 'day.' },
        { type: 'transcript.text.done', text: 'Good day.' },
      ),
    ],
    [
      'vLLM',
      events({ choices: [{ delta: { content: 'Good ' } }] }, { choices: [{ delta: { content: 'day.' } }] }),
    ],
    ['segments', events({ text: ' Good' }, { text: ' day.' })],
  ])('words come while they are understood: %s', async (_name, pieces) => {
    const { hear } = await listening(stream('text/event-stream; charset=utf-8', pieces));
    const deltas: string[] = [];
    expect(await hear((delta) => void deltas.push(delta))).toEqual({ kind: 'words', text: 'Good day.' });
    expect(deltas.length).toBe(2);
    expect(deltas.join('')).toBe('Good day.');
  });

  test('notes about the sound are never passed on as words', async () => {
    const deltas: string[] = [];
    const { hear } = await listening(
      stream(
        'text/event-stream',
        events(
          { type: 'transcript.text.delta', delta: '[BLANK' },
          { type: 'transcript.text.delta', delta: '_AUDIO]' },
        ),
      ),
    );
    expect(await hear((delta) => void deltas.push(delta))).toEqual({ kind: 'words', text: '' });
    expect(deltas).toEqual([]);
  });

  test('an engine that does not stream is asked again without streaming, and that is remembered', async () => {
    const { fake, hear } = await listening(async (asked, response) => {
      const { fields } = await formOf(asked);
      if (fields.stream !== undefined)
        await json(400, { error: { message: 'stream is not supported' } })(asked, response);
      else await json(200, { text: 'Yes.' })(asked, response);
    });
    expect(await hear()).toEqual({ kind: 'words', text: 'Yes.' });
    expect(await hear()).toEqual({ kind: 'words', text: 'Yes.' });
    expect(fake.to(path)).toHaveLength(3);
  });

  test("whisper.cpp's own server has another path, which is remembered", async () => {
    const fake = await FakeEngines.start({ '/inference': json(200, { text: ' Hello.\n' }) });
    const engine = { url: fake.url };
    const ear = new TranscriptionEar(new EngineClient(engineAddress('hear', engine, { env: {} })), engine);
    const utterance = { itemId: 'i', samples: new Int16Array(2400), rateHz: 24_000, language: undefined };
    const { signal } = new AbortController();
    expect(await ear.hear(utterance, signal)).toEqual({ kind: 'words', text: 'Hello.' });
    expect(await ear.hear(utterance, signal)).toEqual({ kind: 'words', text: 'Hello.' });
    expect(fake.asked.map((asked) => asked.path)).toEqual([path, '/inference', '/inference']);
  });

  test.each<[string, string, string]>([
    ['JSON as plain text', 'text/plain', '{"text": "Good day."}'],
    ['JSON with line ends', 'text/plain', '{\n  "text": "Good day."\n}\n'],
    ['JSON as a web page', 'text/html', '{"text": "Good day."}'],
    ['JSON as an event stream', 'text/event-stream', '{"text": "Good day."}'],
    ['an event stream as JSON', 'application/json', 'data: {"text": "Good day."}\n\n'],
    ['lines of JSON', 'application/x-ndjson', '{"text": " Good"}\n{"text": " day."}\n'],
    ['events without an empty line', 'text/event-stream', 'data: {"text": "Good"}\ndata: {"text": "day."}\n'],
    ['plain text in events', 'text/event-stream', 'data: Good\n\ndata: day.\n\n'],
    ['a growing transcript', 'text/event-stream', 'data: {"text":"Good"}\n\ndata: {"text":"Good day."}\n\n'],
    [
      'parts of another kind',
      'text/event-stream',
      'data: {"type":"partial","text":"Goo"}\n\ndata: {"type":"final","text":"Good day."}\n\n',
    ],
    ['names of events', 'text/event-stream', 'event: transcript.text.delta\ndata: {"delta":"Good day."}\n\n'],
    ['WebVTT', 'text/vtt', 'WEBVTT\n\n00:00.000 --> 00:01.000\nGood\n\n00:01.000 --> 00:02.000\nday.\n'],
    [
      'SubRip',
      'text/plain',
      '1\n00:00:00,000 --> 00:00:01,000\nGood\n\n2\n00:00:01,000 --> 00:00:02,000\nday.\n',
    ],
    [
      'times of whisper.cpp',
      'text/plain',
      '[00:00:00.000 --> 00:00:01.000]   Good\n[00:00:01.000 --> 00:00:02.000]   day.\n',
    ],
    ['a list', 'application/json', '[{"key": "a", "text": "<|en|><|NEUTRAL|>Good day."}]'],
    ['alternatives', 'application/json', '{"results": [{"alternatives": [{"transcript": "Good day."}]}]}'],
  ])('the words of %s', async (_name, type, body) => {
    const { hear } = await listening(stream(type, [body]));
    expect(await hear()).toEqual({ kind: 'words', text: 'Good day.' });
  });

  test('tokens and the language are not passed on as words while they come', async () => {
    const deltas: string[] = [];
    const pieces = ['lang', 'uage Eng', 'lish<asr', '_text>Good', ' day', '.<|end', 'oftext|>'];
    const { hear } = await listening(
      stream(
        'text/event-stream',
        events(...pieces.map((delta) => ({ type: 'transcript.text.delta', delta }))),
      ),
    );
    expect(await hear((delta) => void deltas.push(delta))).toEqual({ kind: 'words', text: 'Good day.' });
    expect(deltas.join('')).toBe('Good day.');
  });

  test.each([
    [
      'unknown events',
      'data: {"type":"session.created"}\n\ndata: {"status":"done"}\n\n',
      /without a transcript: .*session\.created/,
    ],
    ['a detail', '{"detail": "no model loaded"}', /without a transcript: no model loaded/],
    [
      'an event named error',
      'event: error\ndata: {"message":"no model loaded"}\n\n',
      /failed: no model loaded/,
    ],
    ['a web page', '<!doctype html><title>Welcome</title>', /a web page instead of a transcript/],
  ])('%s are told, not taken for silence', async (_name, body, message) => {
    const { hear } = await listening(stream('text/event-stream', [body]));
    const hearing = await hear();
    expect(hearing.kind === 'unavailable' && hearing.message).toMatch(message);
  });

  test('nothing at all is silence as text, and a failure as JSON', async () => {
    const { fake, hear } = await listening(stream('text/plain', []));
    expect(await hear()).toEqual({ kind: 'words', text: '' });
    fake.on(path, stream('application/json', []));
    expect(await hear()).toMatchObject({
      kind: 'unavailable',
      message: expect.stringMatching(/nothing instead/),
    });
  });

  test('plain text is a transcript too', async () => {
    const { hear } = await listening(stream('text/plain; charset=utf-8', ['Good day.\n']));
    expect(await hear()).toEqual({ kind: 'words', text: 'Good day.' });
  });

  test.each([
    ['no transcript', json(200, { error: 'cannot read the sound' }), /failed: cannot read the sound/],
    [
      'an error in the stream',
      stream('text/event-stream', events({ error: { message: 'out of memory' } })),
      /failed: out of memory/,
    ],
    [
      'an unknown model',
      json(404, { detail: 'Model x is not installed locally' }),
      /does not know the model.*hear\.model/,
    ],
    ['a broken connection', broken('application/json', '{"te'), /broke off/],
    [
      'no such path anywhere',
      (_asked, response) => void response.writeHead(404).end('nothing here'),
      /has no such path/,
    ],
  ] satisfies [string, Behaviour, RegExp][])(
    '%s is reported with the name of the engine',
    async (_name, behaviour, message) => {
      const { hear } = await listening(behaviour);
      const hearing = await hear();
      if (hearing.kind !== 'unavailable') throw new Error('it heard something');
      expect(hearing.message).toMatch(/^The hearing engine at http:/);
      expect(hearing.message).toMatch(message);
    },
  );
});
