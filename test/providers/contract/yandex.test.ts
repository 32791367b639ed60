import { yandex } from '../../../src/providers/yandex/provider.js';
import { contractSuite } from './contract-suite.js';

contractSuite(yandex, {
  settings: {
    model: yandex.defaultModel,
    env: { YANDEX_API_KEY: 'AQVN-test-0123456789', YANDEX_FOLDER_ID: 'b1gtestfolder' },
  },
  frames: 'yandex',
});
