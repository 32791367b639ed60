import { gemini } from '../../../src/providers/gemini/provider.js';
import { contractSuite } from './contract-suite.js';

contractSuite(gemini, {
  settings: { model: gemini.defaultModel, env: { GEMINI_API_KEY: 'AIza-test-0123456789' } },
  frames: 'gemini',
});
