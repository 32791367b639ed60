import { azure } from '../../src/providers/azure/provider.js';
import { frameTarget } from '../fuzzing/frame-target.js';

export const target = frameTarget(
  azure,
  {
    model: 'my-realtime',
    env: {
      AZURE_OPENAI_API_KEY: '0123456789abcdef',
      AZURE_OPENAI_ENDPOINT: 'https://my-resource.openai.azure.com/',
    },
  },
  'azure',
);
