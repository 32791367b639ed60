import { openai } from '../../../src/providers/openai/provider.js';
import { contractSuite } from './contract-suite.js';

contractSuite(openai, {
  settings: { model: openai.defaultModel, env: { OPENAI_API_KEY: 'sk-test-0123456789' } },
  frames: 'openai',
});
