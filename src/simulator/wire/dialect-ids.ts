/** The dialects that the built-in server speaks. Data only: help and completion read it. */
export const dialectIds = [
  'openai',
  'beta',
  'azure',
  'gemini',
  'dashscope',
  'volcengine',
  'yandex',
  'xai',
] as const;

export type DialectId = (typeof dialectIds)[number];

/** Peculiarities that a vendor shows only sometimes, by name. */
export const dialectQuirks: Readonly<Partial<Record<DialectId, readonly string[]>>> = {
  yandex: ['output-44100'],
};
