import { expect, test } from 'vitest';
import { refusedSetting } from '../../../src/providers/compatible/refused-setting.js';

test.each([
  ['session.audio.output.voice', ['voice']],
  ['session.voice', ['voice']],
  ['voice', ['voice']],
  ['session.audio.input.turn_detection.eagerness', ['turnDetection', 'eagerness']],
  ['session.turn_detection.silence_duration_ms', ['turnDetection', 'silenceMs']],
  ['session.audio.input.transcription.model', ['transcription', 'model']],
  ['session.input_audio_transcription', ['transcription']],
  ['session.reasoning.effort', ['reasoningEffort', 'effort']],
  ['session.max_response_output_tokens', ['maxOutputTokens']],
  ['session.tools[3].parameters', ['tools', 3]],
  ['tools.2.function.name', ['tools', 2]],
  ['session.tools', ['tools']],
  ['session.audio.output.format.rate', ['format', 'output']],
  ['session.output_audio_format', ['format', 'output']],
  ['session.input_audio_format', ['format', 'input']],
  ['format', ['format']],
  ["session['audio']['output']['speed']", ['speed']],
  ['session.type', ['extra', 'type']],
  ['session.search.depth', ['extra', 'search', 'depth']],
  ['session', undefined],
])('%s is our setting %j', (param, setting) => {
  expect(refusedSetting(param, 'No.')).toEqual(setting);
});

test('a path in the message will do', () => {
  expect(refusedSetting(undefined, "Unknown parameter: 'session.tracing'.")).toEqual(['tracing']);
  expect(refusedSetting(undefined, 'Unknown parameter: "tracing".')).toBeUndefined();
  const pydantic =
    '1 validation error for SessionUpdate\nsession.audio.output.speed\n  Input should be less than 2';
  expect(refusedSetting(undefined, pydantic)).toEqual(['speed']);
});
