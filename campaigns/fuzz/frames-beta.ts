import { openai } from '../../src/providers/openai/provider.js';
import { frameTarget } from '../fuzzing/frame-target.js';

export const target = frameTarget(
  openai,
  {
    model: 'old-model',
    env: { OPENAI_API_KEY: 'sk-test-0123456789' },
    url: 'ws://127.0.0.1:8000/v1',
    options: { compat: { dialect: 'beta' } },
  },
  'beta',
);
