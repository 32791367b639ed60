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

  test.each([
    ['SenseVoice', '<|zh|><|NEUTRAL|><|Speech|><|withitn|>What is the weather?'],
    ['SenseVoice, spoken text only', '<|en|><|EMO_UNKNOWN|><|Speech|><|woitn|>What is the weather?'],
    ['its pictures', '🎼😊What is the weather?😊'],
    [
      'Whisper',
      '<|startoftranscript|><|en|><|transcribe|><|notimestamps|> What is the weather?<|endoftext|>',
    ],
    ['Whisper with times', '<|0.00|> What is<|1.20|><|1.20|> the weather?<|2.00|>'],
    [
      'whisper.cpp',
      '[00:00:00.000 --> 00:00:01.200]   What is\n[00:00:01.200 --> 00:00:02.000]   the weather?',
    ],
    ['seconds', '[0.00s -> 1.20s] What is\n[1.20s -> 2.00s] the weather?'],
    ['SubRip', '1\n00:00:00,000 --> 00:00:01,200\nWhat is\n\n2\n00:00:01,200 --> 00:00:02,000\nthe weather?'],
    [
      'WebVTT',
      'WEBVTT\n\n00:00.000 --> 00:01.200 align:start\nWhat is\n\n00:01.200 --> 00:02.000\nthe weather?',
    ],
    ['lyrics', '[00:00.00]What is\n[00:01.20]the weather?'],
    ['speakers', '[SPEAKER_00]: What is\nSPEAKER_01: the weather?'],
    ['Qwen', 'language English<asr_text>What is the weather?'],
    ['Qwen, closed', 'language English<asr_text>What is the weather?</asr_text>'],
    ['Qwen, in parts', 'language English<asr_text>What is language English<asr_text>the weather?'],
    ['sentencepiece', '▁What▁is▁the▁weather?</s>'],
    ['unknown words', 'What is <unk>the weather?<blank>'],
  ])('is words only: %s', (_name, transcript) => {
    expect(withoutSoundNotes(transcript)).toBe('What is the weather?');
  });

  test.each([
    '<|zh|><|NEUTRAL|><|BGM|><|woitn|>',
    '[00:00:00.000 --> 00:00:02.000]  [BLANK_AUDIO]',
    'language None<asr_text>',
    '🎼',
    'WEBVTT\n\n',
  ])('%j holds no words either', (transcript) => {
    expect(withoutSoundNotes(transcript)).toBe('');
  });

  test.each([
    'From 10:30 to 12:45, that is 2 hours.',
    'At 5 - 7 o’clock.',
    'The score was 3:2.',
    'The war of 1939–1945, from 5 – 7 o’clock.',
    '1984',
    'Call 0800 123 456.',
    'Is 2 < 3 and 5 > 4?',
    'The language of Rome.',
    'Voxterm © 2026',
  ])('numbers and signs that were said stay: %s', (text) => {
    expect(withoutSoundNotes(text)).toBe(text);
  });
});
