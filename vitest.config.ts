import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/clients/**', '**/node_modules/**'],
    globalSetup: ['test/build.ts'],
    testTimeout: 20_000,
    // Two cores: sound tests measure real time, so files run two at a time at most.
    maxWorkers: 2,
  },
});
