import type { Ear } from '../core/stages.js';

/** Has no speech recognition, and says so instead of inventing words. */
export const noTranscription: Ear = {
  hear: async () => ({
    kind: 'unavailable',
    message:
      'The built-in provider hears that you speak but understands no words. Configure a speech-to-text engine, or type your message.',
  }),
};
