/**
 * No model counts here, so lengths stand in: one text token per four characters, one audio token per 100 ms heard and
 * per 50 ms spoken, as OpenAI documents for its realtime models; 85 per image.
 */
export const textTokens = (text: string): number => Math.ceil(text.length / 4);
export const spokenTokens = (ms: number): number => Math.ceil(ms / 50);
export const heardTokens = (ms: number): number => Math.ceil(ms / 100);
export const imageTokens = 85;
