import type { Note } from '../../providers/provider.js';

/** What the user is told where the network takes less sound than they say. */
export function slowNetwork(lostMs: number): Note {
  const seconds = Math.max(1, Math.round(lostMs / 1000));
  return {
    code: 'network.slow',
    message:
      lostMs > 0
        ? `The network is too slow for your sound: ${seconds} s of what you said were dropped.`
        : 'The network is slow: what you say reaches the provider late.',
    hint: 'Use a faster connection, or type instead.',
  };
}
