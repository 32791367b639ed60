import { readArguments } from '../../src/tools/calls/read-arguments.js';
import { readParameters } from '../../src/tools/definition/parameters.js';
import { ToolError } from '../../src/tools/definition/tool-error.js';
import { jsonTarget } from '../fuzzing/inputs.js';
import { mayRefuse } from '../fuzzing/target.js';

const parameters = readParameters({
  parameters: {
    type: 'object',
    properties: {
      place: { type: 'string', minLength: 1, pattern: '^(a+)+$' },
      days: { type: 'integer', minimum: 1, maximum: 7 },
      tags: { type: 'array', items: { enum: ['a', 'b'] }, uniqueItems: true },
    },
    required: ['place'],
    additionalProperties: false,
  },
});

export const target = jsonTarget({
  about: 'arguments of tool calls: as the schema says, or explained to the model',
  seeds: [{ place: 'aaa', days: 3, tags: ['a', 'b'] }, { place: 'a' }],
  check: (text) =>
    mayRefuse(
      async () => {
        const args = await readArguments('look', text, parameters);
        const known = { place: 'string', days: 'number', tags: 'object' };
        for (const [name, value] of Object.entries(Object(args))) {
          if (Object.entries(known).every(([key, type]) => key !== name || type !== typeof value)) {
            throw new Error(`${name} is ${JSON.stringify(value)}`);
          }
        }
      },
      (error) => error instanceof ToolError,
    ),
});
