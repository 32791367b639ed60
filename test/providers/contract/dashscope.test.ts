import { dashscope } from '../../../src/providers/dashscope/provider.js';
import { contractSuite } from './contract-suite.js';

contractSuite(dashscope, {
  settings: { model: dashscope.defaultModel, env: { DASHSCOPE_API_KEY: 'sk-test-0123456789' } },
  frames: 'dashscope',
});
