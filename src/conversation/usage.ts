/** Tokens of one direction. `cached` is part of the others, never on top of them. */
export interface TokenCount {
  readonly text: number;
  readonly audio: number;
  readonly image: number;
  readonly cached: number;
  /** Part of `cached`, where the provider tells the kinds apart; the rest of it is text. */
  readonly cachedAudio?: number | undefined;
  readonly cachedImage?: number | undefined;
}

/** Tokens of one response, or of a session so far. */
export interface Usage {
  readonly input: TokenCount;
  readonly output: TokenCount;
  readonly total: number;
}

const none: TokenCount = { text: 0, audio: 0, image: 0, cached: 0 };
export const noUsage: Usage = { input: none, output: none, total: 0 };

function addCounts(a: TokenCount, b: TokenCount): TokenCount {
  return {
    text: a.text + b.text,
    audio: a.audio + b.audio,
    image: a.image + b.image,
    cached: a.cached + b.cached,
  };
}

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    input: addCounts(a.input, b.input),
    output: addCounts(a.output, b.output),
    total: a.total + b.total,
  };
}
