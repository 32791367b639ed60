import { xai } from '../../src/providers/xai/provider.js';
import { frameTarget } from '../fuzzing/frame-target.js';

export const target = frameTarget(
  xai,
  { model: xai.defaultModel, env: { XAI_API_KEY: 'xai-test-0123456789' }, resume: 'conv_1' },
  'xai',
);
