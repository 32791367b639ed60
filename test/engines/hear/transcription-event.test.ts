import { describe, expect, test } from 'vitest';
import { eventIn } from '../../../src/engines/hear/transcription-event.js';

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

  test('the end and invalid data are ignored', () => {
    expect(eventIn('[DONE]', false)).toEqual({ type: 'other' });
    expect(eventIn('{', false)).toEqual({ type: 'other' });
  });
});
