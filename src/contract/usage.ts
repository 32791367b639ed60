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

/** What a direction has of the kinds that not every provider tells apart. */
function cachedKinds(
  a: TokenCount,
  b: TokenCount,
  combine: (a: number, b: number) => number,
): Pick<TokenCount, 'cachedAudio' | 'cachedImage'> {
  const kinds: { cachedAudio?: number; cachedImage?: number } = {};
  for (const kind of ['cachedAudio', 'cachedImage'] as const) {
    if (a[kind] !== undefined || b[kind] !== undefined) kinds[kind] = combine(a[kind] ?? 0, b[kind] ?? 0);
  }
  return kinds;
}

function combineCounts(a: TokenCount, b: TokenCount, combine: (a: number, b: number) => number): TokenCount {
  return {
    text: combine(a.text, b.text),
    audio: combine(a.audio, b.audio),
    image: combine(a.image, b.image),
    cached: combine(a.cached, b.cached),
    ...cachedKinds(a, b, combine),
  };
}

function combineUsage(a: Usage, b: Usage, combine: (a: number, b: number) => number): Usage {
  return {
    input: combineCounts(a.input, b.input, combine),
    output: combineCounts(a.output, b.output, combine),
    total: combine(a.total, b.total),
  };
}

export function addUsage(a: Usage, b: Usage): Usage {
  return combineUsage(a, b, (x, y) => x + y);
}

/** What a running total has grown by; one that falls is not paid back. */
export function usageSince(before: Usage, now: Usage): Usage {
  return combineUsage(now, before, (x, y) => Math.max(0, x - y));
}
