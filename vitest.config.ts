import { defineConfig } from 'vitest/config';

/** They measure real time at a sound server, so nothing else may run beside them. */
const sound = ['test/e2e/sound.test.ts', 'test/e2e/conversation.test.ts', 'test/e2e/examples-sound.test.ts'];

export default defineConfig({
  test: {
    globalSetup: ['test/build.ts'],
    testTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'program',
          include: ['test/**/*.test.ts'],
          exclude: [...sound, 'test/clients/**', '**/node_modules/**'],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'sound', include: sound, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
