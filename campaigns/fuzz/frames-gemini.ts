import { gemini } from '../../src/providers/gemini/provider.js';
import { frameTarget } from '../fuzzing/frame-target.js';

export const target = frameTarget(
  gemini,
  { model: gemini.defaultModel, env: { GEMINI_API_KEY: 'AIza-test-0123456789' } },
  'gemini',
);
