import { local } from '../../../src/providers/local/provider.js';
import { contractSuite } from './contract-suite.js';

// The built-in server speaks OpenAI's dialect, so it is held to the same frames.
contractSuite(local, { settings: { model: local.defaultModel, env: {} }, frames: 'openai' });
