import { z } from 'zod';
import { isObject, type JsonObject } from '../../../base/json.js';
import { checkedBy } from '../../requests/request-reader.js';

/** As in chat completions: the function is an object of its own. */
const nested = z.object({
  session: z.object({
    tools: z.array(
      z.object({
        type: z.literal('function'),
        function: z.object({
          name: z.string(),
          description: z.string().optional(),
          parameters: z.record(z.string(), z.unknown()).optional(),
        }),
      }),
    ),
  }),
});

/** @throws Refusal for tools that are not nested. */
export function flatTools(session: JsonObject): readonly unknown[] {
  const { tools } = checkedBy(nested, { session }).session;
  return tools.map(({ function: declared }) => ({ type: 'function', ...declared }));
}

export function nestedTools(tools: readonly unknown[]): readonly unknown[] {
  return tools.map((tool) => {
    if (!isObject(tool)) return tool;
    const { type, ...declared } = tool;
    return { type, function: declared };
  });
}
