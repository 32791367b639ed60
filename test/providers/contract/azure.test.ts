import { azure } from '../../../src/providers/azure/provider.js';
import { contractSuite } from './contract-suite.js';

contractSuite(azure, {
  settings: {
    model: 'my-realtime',
    env: {
      AZURE_OPENAI_API_KEY: '0123456789abcdef',
      AZURE_OPENAI_ENDPOINT: 'https://my-resource.openai.azure.com/',
    },
  },
  frames: 'azure',
});
