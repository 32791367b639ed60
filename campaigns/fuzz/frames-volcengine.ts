import { volcengine } from '../../src/providers/volcengine/provider.js';
import { frameTarget } from '../fuzzing/frame-target.js';

export const target = frameTarget(
  volcengine,
  { model: volcengine.defaultModel, env: { VOLCENGINE_API_KEY: 'vk-test-0123456789' } },
  'volcengine',
);
