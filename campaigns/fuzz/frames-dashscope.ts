import { dashscope } from '../../src/providers/dashscope/provider.js';
import { frameTarget } from '../fuzzing/frame-target.js';

export const target = frameTarget(
  dashscope,
  { model: dashscope.defaultModel, env: { DASHSCOPE_API_KEY: 'sk-test-0123456789' } },
  'dashscope',
);
