import type { Ear } from '../core/stages.js';

/** Hears that somebody speaks, and for how long, but no words: it says so instead of inventing some. */
export const noTranscription: Ear = {
  hear: async () => ({
    kind: 'unavailable',
    message:
      'The built-in provider hears that you speak but understands no words. Configure a speech-to-text engine, or type your message.',
  }),
};
