import type { SessionSettings } from '../../src/contract/settings.js';
import type { VendorOptions } from '../../src/providers/vendor-options.js';
import type { DialectId } from '../../src/simulator/wire/dialect-ids.js';

/** Who talks to whom. */
export interface Cast {
  readonly dialect: DialectId;
  readonly provider: string;
  /** Default: the provider's. */
  readonly model?: string;
  /** Where the key is expected. */
  readonly variable: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly options?: VendorOptions;
  readonly settings?: SessionSettings;
  /** Codes of what is said before the first word. */
  readonly warnings?: readonly string[];
}

/** Every dialect that can be simulated, with the provider that speaks it. */
export const casts: Readonly<Record<DialectId, Cast>> = {
  openai: { dialect: 'openai', provider: 'openai', variable: 'OPENAI_API_KEY' },
  beta: {
    dialect: 'beta',
    provider: 'openai',
    variable: 'OPENAI_API_KEY',
    options: { compat: { dialect: 'beta' } },
  },
  azure: {
    dialect: 'azure',
    provider: 'azure',
    model: 'my-realtime',
    variable: 'AZURE_OPENAI_API_KEY',
    settings: { transcription: { model: 'my-transcribe' } },
  },
  gemini: { dialect: 'gemini', provider: 'gemini', variable: 'GEMINI_API_KEY' },
  dashscope: {
    dialect: 'dashscope',
    provider: 'dashscope',
    variable: 'DASHSCOPE_API_KEY',
  },
  volcengine: {
    dialect: 'volcengine',
    provider: 'volcengine',
    variable: 'VOLCENGINE_API_KEY',
    // It was asked for turns that the server ends, and has none.
    warnings: ['setting.ignored'],
  },
  yandex: {
    dialect: 'yandex',
    provider: 'yandex',
    variable: 'YANDEX_API_KEY',
    env: { YANDEX_FOLDER_ID: 'my-folder' },
  },
  xai: { dialect: 'xai', provider: 'xai', variable: 'XAI_API_KEY' },
};
