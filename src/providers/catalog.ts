import { providerKeys } from './provider-keys.js';
import type { VendorOptionName } from './vendor-options.js';

/** What `--help`, the configuration and hints about keys need to know about a provider without loading its code. */
export interface CatalogEntry<Id extends string = string> {
  readonly id: Id;
  /** One line for `voxterm providers`. */
  readonly title: string;
  readonly defaultModel: string;
  /** Environment variables that may hold the key, preferred one first; empty if it needs no key. */
  readonly keyVariables: readonly string[];
  /** Where to get a key. */
  readonly keyHint?: string | undefined;
  /** Other environment variables it reads, for documentation and hints. */
  readonly variables?: readonly string[] | undefined;
  /** Vendor options its section of the configuration may set. */
  readonly options: readonly VendorOptionName[];
  /** It has telephone calls that a session can join. */
  readonly calls?: true | undefined;
  /** A scenario file can script its answers. */
  readonly scenarios?: true | undefined;
}

export const localEntry: CatalogEntry<'local'> = {
  id: 'local',
  title: 'Built in: no key, no network, simple answers',
  defaultModel: 'local',
  keyVariables: [],
  options: ['engines', 'inputFormat', 'outputFormat'],
  scenarios: true,
};

export const openaiEntry: CatalogEntry<'openai'> = {
  id: 'openai',
  title: 'OpenAI Realtime, and every compatible server by its URL',
  defaultModel: 'gpt-realtime-2.1',
  keyVariables: providerKeys.openai,
  keyHint: 'https://platform.openai.com/api-keys',
  variables: ['OPENAI_ORGANIZATION', 'OPENAI_PROJECT'],
  options: ['headers', 'compat', 'inputFormat', 'outputFormat'],
  calls: true,
};

export const dashscopeEntry: CatalogEntry<'dashscope'> = {
  id: 'dashscope',
  title: 'Qwen-Omni and Qwen-Audio on Alibaba Cloud (DashScope, Model Studio)',
  defaultModel: 'qwen3.5-omni-flash-realtime',
  keyVariables: providerKeys.dashscope,
  keyHint: 'https://bailian.console.aliyun.com (China) or https://modelstudio.console.alibabacloud.com',
  variables: ['DASHSCOPE_WORKSPACE_ID'],
  options: ['region', 'workspace'],
};

export const xaiEntry: CatalogEntry<'xai'> = {
  id: 'xai',
  title: 'xAI Grok Voice',
  defaultModel: 'grok-voice-latest',
  keyVariables: providerKeys.xai,
  keyHint: 'https://console.x.ai',
  options: ['inputFormat', 'outputFormat'],
};

export const volcengineEntry: CatalogEntry<'volcengine'> = {
  id: 'volcengine',
  title: 'Doubao voice agent of the Volcengine AI gateway, or a Coze bot',
  defaultModel: 'AG-voice-chat-agent',
  keyVariables: providerKeys.volcengine,
  keyHint: 'https://console.volcengine.com/vei/aigateway/tokens-list',
  options: ['bot', 'customModel'],
};

export const yandexEntry: CatalogEntry<'yandex'> = {
  id: 'yandex',
  title: 'Yandex AI Studio Realtime',
  defaultModel: 'speech-realtime-260528',
  keyVariables: providerKeys.yandex,
  keyHint: 'https://aistudio.yandex.ru',
  variables: ['YANDEX_FOLDER_ID'],
  options: ['folder', 'legacy', 'outputRateHz'],
};

export const geminiEntry: CatalogEntry<'gemini'> = {
  id: 'gemini',
  title: 'Google Gemini Live',
  defaultModel: 'gemini-3.8-live',
  keyVariables: providerKeys.gemini,
  keyHint: 'https://aistudio.google.com/apikey',
  variables: ['GOOGLE_ACCESS_TOKEN'],
  options: [],
};

export const azureEntry: CatalogEntry<'azure'> = {
  id: 'azure',
  title: 'OpenAI models on Azure, under the name of your deployment',
  // Deployments have names their owners choose.
  defaultModel: '',
  keyVariables: providerKeys.azure,
  keyHint: 'https://ai.azure.com',
  variables: ['AZURE_OPENAI_ENDPOINT'],
  options: ['resource', 'headers', 'inputFormat', 'outputFormat'],
};

/** In the order of `voxterm providers`. The registry says how each is loaded. */
const entries = [
  localEntry,
  openaiEntry,
  azureEntry,
  geminiEntry,
  dashscopeEntry,
  xaiEntry,
  volcengineEntry,
  yandexEntry,
] as const;

export type ProviderId = (typeof entries)[number]['id'];

export const catalog: readonly CatalogEntry<ProviderId>[] = entries;
