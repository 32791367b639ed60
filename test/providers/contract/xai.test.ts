import { xai } from '../../../src/providers/xai/provider.js';
import { contractSuite } from './contract-suite.js';

contractSuite(xai, {
  settings: {
    model: xai.defaultModel,
    env: { XAI_API_KEY: 'xai-test-0123456789' },
    // Resumes an earlier conversation, which the scene `resume` needs.
    resume: 'conv_1',
  },
  frames: 'xai',
});
