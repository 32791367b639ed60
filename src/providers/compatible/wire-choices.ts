/** What may differ between servers that speak OpenAI's wire. Data only: the configuration reads it. */

/**
 * How samples are written on the wire; on this side they are always PCM16. The other two are G.711, as in telephony.
 */
export const sampleFormats = ['pcm16', 'pcmu', 'pcma'] as const;
export type SampleFormat = (typeof sampleFormats)[number];

/** The generally available wire, and the beta before it. */
export const wireGenerations = ['ga', 'beta'] as const;
export type WireGeneration = (typeof wireGenerations)[number];

/** Shapes of the session object: `nested` has `audio.input` and `audio.output`, `flat` is the beta's. */
export const sessionShapes = ['nested', 'flat'] as const;
/** Fields that some vendors want at the top of a nested session. */
export const topLevelFields = ['voice', 'turn_detection'] as const;
/** Function declarations flat, or nested in a `function` object as in chat completions. */
export const toolNestings = ['flat', 'nested'] as const;
/** What the longest answer is called. */
export const maxTokensKeys = ['max_output_tokens', 'max_response_output_tokens', 'max_tokens'] as const;
