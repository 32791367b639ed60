/** For each provider, the environment variables that may hold its key, the preferred one first. */
export const providerKeys = {
  openai: ['OPENAI_API_KEY'],
  azure: ['AZURE_OPENAI_API_KEY', 'AZURE_OPENAI_AD_TOKEN'],
  gemini: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
  dashscope: ['DASHSCOPE_API_KEY'],
  xai: ['XAI_API_KEY'],
  volcengine: ['VOLCENGINE_API_KEY'],
  yandex: ['YANDEX_API_KEY', 'YANDEX_IAM_TOKEN'],
} as const;

/** All variables that hold keys of ours: those of the providers, and the tokens beside them. */
export const ownKeyVariables: readonly string[] = [
  ...Object.values(providerKeys).flat(),
  'GOOGLE_ACCESS_TOKEN',
  'VOXTERM_SIMULATE_TOKEN',
];
