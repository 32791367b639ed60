import tseslint from 'typescript-eslint';

/**
 * The layer rule: arrows point one way. For each folder of `src` the folders it may import; `commands` and what starts them may
 * import all. `providers` uses the pure parts of `audio` (the built-in provider hears and speaks), never the reverse.
 */
const imports = {
  conversation: [],
  audio: ['conversation'],
  tools: ['conversation'],
  agents: ['conversation', 'tools'],
  providers: ['conversation', 'audio'],
  config: ['conversation', 'providers', 'tools'],
  session: ['conversation', 'audio', 'tools', 'agents', 'providers'],
  history: ['conversation'],
  recording: ['conversation', 'audio'],
  tracing: ['conversation', 'audio', 'session'],
  terminal: ['conversation', 'session'],
};
const folders = [...Object.keys(imports), 'commands'];
const order = Object.fromEntries(
  Object.entries(imports).map(([layer, allowed]) => [
    layer,
    folders.filter((folder) => folder !== layer && !allowed.includes(folder)),
  ]),
);

const layers = Object.entries(order).map(([layer, forbidden]) => ({
  files: [`src/${layer}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^(\\.\\./)+(${[...forbidden, 'cli', 'index'].join('|')})(/|\\.js$)`,
            message: `${layer} must not know that layer: arrows point one way (docs/architecture.md).`,
          },
          ...(layer === 'conversation'
            ? [
                {
                  regex: '^(?!zod$)[^.]',
                  allowTypeImports: true,
                  message: 'The heart imports nothing but itself (and zod, for the schema of its events).',
                },
              ]
            : []),
        ],
      },
    ],
  },
}));

/** The heart is deterministic: time, randomness and I/O arrive as inputs. */
const pureHeart = {
  files: ['src/conversation/**/*.ts'],
  rules: {
    'no-restricted-globals': [
      'error',
      ...[
        'process',
        'setTimeout',
        'setInterval',
        'setImmediate',
        'queueMicrotask',
        'performance',
        'crypto',
        'fetch',
        'console',
        'Buffer',
      ].map((name) => ({ name, message: 'The heart is pure: no I/O, no timers, no clock, no randomness.' })),
    ],
    'no-restricted-syntax': [
      'error',
      {
        selector: "MemberExpression[object.name='Date'][property.name='now']",
        message: 'Time arrives as an input.',
      },
      {
        selector: "NewExpression[callee.name='Date'][arguments.length=0]",
        message: 'Time arrives as an input.',
      },
      {
        selector: "MemberExpression[object.name='Math'][property.name='random']",
        message: 'No randomness in the heart.',
      },
    ],
  },
};

export default tseslint.config(
  {
    ignores: [
      'dist',
      'node_modules',
      'coverage',
      'bench/node_modules',
      'test/clients/node_modules',
      '**/fixtures/**',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['src/**/*.ts', 'test/**/*.ts', 'vitest.config.ts'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
    },
  },
  ...layers,
  pureHeart,
);
