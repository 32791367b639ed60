import { defineConfig } from 'vitest/config';

/** They measure real time at a sound server, so nothing else may run beside them. */
const sound = ['test/e2e/sound.test.ts', 'test/e2e/conversation.test.ts', 'test/e2e/examples-sound.test.ts'];

/** They run the built program (test/built.ts). */
const program = [
  'test/cli.test.ts',
  'test/e2e/**/*.test.ts',
  'test/examples/**/*.test.ts',
  'test/package/**/*.test.ts',
  'test/commands/provider-failures.test.ts',
  'test/contract/session-event-schema.test.ts',
  'test/providers/gemini/simulated.test.ts',
  'test/tools/command/command-tool.test.ts',
  'test/tools/loud-tool.test.ts',
  'test/tools/mcp/bundle.test.ts',
  'test/tools/load-tools.test.ts',
];

/** Projects of their own, with other runners. */
const elsewhere = [
  'test/clients/**',
  'test/conformance/**',
  'test/fixtures/package-toy/**',
  '**/node_modules/**',
];

const build = ['test/build.ts'];

export default defineConfig({
  test: {
    testTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: {
          // All that is in no list above, so that no test file can be forgotten. Builds nothing.
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...program, ...sound, ...elsewhere],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'program',
          include: program,
          exclude: [...sound, ...elsewhere],
          globalSetup: build,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'sound',
          include: sound,
          globalSetup: build,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
