import { openai } from '../../../src/providers/openai/provider.js';
import { contractSuite } from './contract-suite.js';

// Servers that still speak the beta dialect.
contractSuite(openai, {
  settings: {
    model: 'old-model',
    url: 'ws://127.0.0.1:8000/v1',
    env: { OPENAI_API_KEY: 'sk-test-0123456789' },
    options: {
      compat: { dialect: 'beta' },
      headers: { 'X-Vendor-Key': ['$', '{OPENAI_API_KEY}'].join('') },
    },
  },
  frames: 'beta',
});
