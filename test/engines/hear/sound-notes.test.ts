import { describe, expect, test } from 'vitest';
import { withoutSoundNotes } from '../../../src/engines/hear/sound-notes.js';

describe('what was heard', () => {
  test.each([
    '',
    '  ',
    '[BLANK_AUDIO]',
    ' [ Silence ]\n',
    '(wind blowing)',
    '♪♪',
    '*music*',
    '...',
    '<|nospeech|>',
    '[BLANK_AUDIO] (coughs)',
  ])('%j holds no words', (text) => {
    expect(withoutSoundNotes(text)).toBe('');
  });

  test('words stay, on one line', () => {
    expect(withoutSoundNotes(' What is\n the weather [in Paris]? ')).toBe('What is the weather [in Paris]?');
    expect(withoutSoundNotes('你好')).toBe('你好');
  });
});
