import { yandex } from '../../src/providers/yandex/provider.js';
import { frameTarget } from '../fuzzing/frame-target.js';

export const target = frameTarget(
  yandex,
  {
    model: yandex.defaultModel,
    env: { YANDEX_API_KEY: 'AQVN-test-0123456789', YANDEX_FOLDER_ID: 'b1gtestfolder' },
  },
  'yandex',
);
