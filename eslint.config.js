import tseslint from 'typescript-eslint';
import { anyProgram } from './scripts/any-program.js';
import { oneWay } from './scripts/arrows.js';

const layers = {
  files: ['src/**/*.ts'],
  plugins: { arrows: { rules: { 'one-way': oneWay } } },
  rules: { 'arrows/one-way': 'error' },
};

/** A program that embeds the library is not told about flags it does not have. */
const noFlags = {
  files: ['src/**/*.ts'],
  ignores: ['src/cli.ts', 'src/cli/**', 'src/commands/**', 'src/config/**'],
  plugins: { words: { rules: { 'any-program': anyProgram } } },
  rules: { 'words/any-program': 'error' },
};

/** The heart and what it speaks need no library but zod, which describes its events. */
const nothingFromOutside = {
  files: ['src/conversation/**/*.ts', 'src/contract/**/*.ts'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: '^(?!zod$)[^.]',
            allowTypeImports: true,
            message: 'The heart imports nothing from outside (but zod, for the schema of its events).',
          },
        ],
      },
    ],
  },
};

/** One style of private members. */
const noHashes = { selector: 'PrivateIdentifier', message: 'Write `private name` instead of `#name`.' };

/** The heart is deterministic: time, randomness and I/O arrive as inputs. */
const pureHeart = {
  files: ['src/conversation/**/*.ts', 'src/contract/**/*.ts'],
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
      noHashes,
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
      'test/conformance/node_modules',
      '**/fixtures/**',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['src/**/*.ts', 'test/**/*.ts', 'campaigns/**/*.ts', 'vitest.config.ts'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      'no-restricted-syntax': ['error', noHashes],
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
  layers,
  noFlags,
  nothingFromOutside,
  pureHeart,
);
