import { expect, it } from 'vitest';
import { refuseOptions } from '../../../src/session/start/option-refusal.js';

it('names the options that a provider does not have', () => {
  expect(() => refuseOptions('gemini', { inputFormat: 'pcmu', region: undefined })).toThrow(
    'The provider gemini has no option inputFormat.',
  );
  expect(() => refuseOptions('openai', { inputFormat: 'pcmu', headers: {} })).not.toThrow();
  expect(() => refuseOptions('openai')).not.toThrow();
});

it('does not know what a provider of the program’s own takes', () => {
  expect(() => refuseOptions('mine', { bot: 'b' })).not.toThrow();
});
