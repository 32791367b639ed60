import { openai } from '../../src/providers/openai/provider.js';
import { frameTarget } from '../fuzzing/frame-target.js';

export const target = frameTarget(
  openai,
  { model: openai.defaultModel, env: { OPENAI_API_KEY: 'sk-test-0123456789' } },
  'openai',
);
