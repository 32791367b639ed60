import { eventIn } from '../../src/engines/hear/transcription-event.js';
import { jsonTarget } from '../fuzzing/inputs.js';

export const target = jsonTarget({
  about: 'events of a streamed transcription',
  seeds: [
    { type: 'transcript.text.delta', delta: 'Hel' },
    { type: 'transcript.text.done', text: 'Hello', usage: { type: 'tokens', total_tokens: 3 } },
    { choices: [{ delta: { content: 'Hello' } }] },
    { text: ' Hello ', language: 'en', segments: [{ text: 'Hello', start: 0, end: 1 }] },
    { results: { channels: [{ alternatives: [{ transcript: 'Hello', words: [{ word: 'Hello' }] }] }] } },
    [{ key: 'a', text: '<|en|><|NEUTRAL|>Hello' }],
    { error: { message: 'too long' } },
  ],
  check(text) {
    for (const name of [undefined, 'error', 'transcript.text.delta']) {
      const event = eventIn({ data: text, name, bare: name === undefined });
      const words = 'text' in event ? event.text : 'message' in event ? event.message : '';
      if (typeof words !== 'string') throw new Error(`words that are ${typeof words}`);
    }
  },
});
