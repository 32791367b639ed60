import { expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { defineTool } from '../../../src/tools/definition/define-tool.js';

it('gives approval and execute the types of the arguments', () => {
  const pay = defineTool({
    name: 'pay',
    description: 'Pays.',
    parameters: z.object({ cents: z.int(), to: z.string().optional() }),
    approval: ({ cents }) => {
      expectTypeOf(cents).toEqualTypeOf<number>();
      return cents > 1000;
    },
    onTimeout: 'raise',
    background: true,
    cancelOnInterrupt: true,
    inputGuardrails: [{ name: 'none', check: () => undefined }],
    execute: ({ to }) => {
      expectTypeOf(to).toEqualTypeOf<string | undefined>();
    },
  });
  expect(pay).toMatchObject({ name: 'pay', onTimeout: 'raise', background: true, cancelOnInterrupt: true });
  const plain = defineTool({
    name: 'plain',
    description: 'Plain.',
    approval: ({ cents }) => typeof cents === 'number' && cents > 5,
    execute: (args) => {
      expectTypeOf(args).toEqualTypeOf<Readonly<Record<string, unknown>>>();
    },
  });
  expect(typeof plain.approval).toBe('function');
});
