import { volcengine } from '../../../src/providers/volcengine/provider.js';
import { contractSuite } from './contract-suite.js';

contractSuite(volcengine, {
  settings: { model: volcengine.defaultModel, env: { VOLCENGINE_API_KEY: 'vk-test-0123456789' } },
  frames: 'volcengine',
});
