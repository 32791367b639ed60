import { describe, expect, test } from 'vitest';
import { transcriptIn } from '../../../src/engines/hear/transcript-text.js';
import { eventIn } from '../../../src/engines/hear/transcription-event.js';

const event = (data: string, name?: string) => eventIn({ data, name, bare: false });
const segment = (text: string) => ({ type: 'segment', text, line: false });

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
    [{ type: 'transcript.text.segment', speaker: 'A', text: ' you' }, segment(' you')],
    [{ choices: [{ delta: { content: ' you' } }] }, { type: 'delta', text: ' you' }],
    [{ choices: [{ message: { content: 'Hello' } }] }, { type: 'whole', text: 'Hello' }],
    [{ text: ' a segment ' }, segment(' a segment ')],
    [{ delta: ' you' }, { type: 'delta', text: ' you' }],
    [
      { type: 'partial', text: 'Hel' },
      { type: 'whole', text: 'Hel' },
    ],
    [
      { segments: [{ text: ' Hello' }], text: 'Hello' },
      { type: 'whole', text: 'Hello' },
    ],
    [{ error: { message: 'no' } }, { type: 'error', message: 'no' }],
    [
      { object: 'error', message: 'no' },
      { type: 'error', message: 'no' },
    ],
    [{ type: 'session.created' }, { type: 'other' }],
    [[], { type: 'whole', text: '' }],
    [[{ key: 'a', text: 'Hello' }], { type: 'whole', text: 'Hello' }],
  ])('%j', (value, expected) => {
    expect(event(JSON.stringify(value))).toEqual(expected);
  });

  test('plain text is words; the end and broken JSON are not', () => {
    expect(event('Hello')).toEqual(segment('Hello'));
    expect(event('42')).toEqual(segment('42'));
    expect(event('no', 'error')).toEqual({ type: 'error', message: 'no' });
    expect(event('{"message":"no"}', 'error')).toEqual({ type: 'error', message: 'no' });
    expect(event('[DONE]')).toEqual({ type: 'other' });
    expect(event('{')).toEqual({ type: 'other' });
  });

  test.each<[string, unknown, string | undefined]>([
    ['OpenAI', { text: 'Good day.' }, 'Good day.'],
    ['nothing', { text: '' }, ''],
    ['segments', { segments: [{ text: ' Good' }, { text: ' day.' }] }, 'Good day.'],
    ['Chinese segments', { segments: [{ text: '你' }, { text: '好' }] }, '你好'],
    ['whisper.cpp', { transcription: [{ offsets: {}, text: ' Good day.' }] }, 'Good day.'],
    ['Transformers', { chunks: [{ timestamp: [0, 1], text: ' Good day.' }] }, 'Good day.'],
    ['FunASR', [{ key: 'a', text: 'Good day.' }], 'Good day.'],
    ['a wrapper', { code: 0, data: { result: 'Good day.' } }, 'Good day.'],
    ['a list of results', { result: [{ text: 'Good day.' }] }, 'Good day.'],
    ['DashScope', { output: { sentence: { text: 'Good day.' } } }, 'Good day.'],
    [
      'Deepgram',
      { results: { channels: [{ alternatives: [{ transcript: 'Good day.' }, { transcript: 'x' }] }] } },
      'Good day.',
    ],
    [
      'Google',
      { results: [{ alternatives: [{ transcript: 'Good' }] }, { alternatives: [{ transcript: ' day.' }] }] },
      'Good day.',
    ],
    ['Azure', { RecognitionStatus: 'Success', DisplayText: 'Good day.' }, 'Good day.'],
    ['Azure of today', { combinedPhrases: [{ text: 'Good day.' }] }, 'Good day.'],
    ['words alone', { words: [{ word: 'Good' }, { word: 'day.' }] }, 'Good day.'],
    ['nothing known', { status: 'ok', language: 'en' }, undefined],
  ])('the transcript of %s', (_name, value, text) => {
    expect(transcriptIn(value)).toBe(text);
  });
});
