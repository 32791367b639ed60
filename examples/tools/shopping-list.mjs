// voxterm --tool ./examples/tools/shopping-list.mjs
// Several tools that share state. The function receives zod, so you do not have to install anything.

export default ({ z, defineTool, ToolError }) => {
  const list = new Map();

  const add = defineTool({
    name: 'add_to_shopping_list',
    description: 'Puts something on the shopping list. What is there already is added up.',
    parameters: z.object({
      item: z.string().trim().min(1).max(100).describe('in the singular, for example "apple"'),
      amount: z.int().min(1).max(999).default(1),
    }),
    execute({ item, amount }) {
      if (list.size >= 100)
        throw new ToolError('list.full', 'The shopping list is full: it holds 100 things.');
      list.set(item, (list.get(item) ?? 0) + amount);
      return { item, amount: list.get(item) };
    },
  });

  const read = defineTool({
    name: 'read_shopping_list',
    description: 'Tells what is on the shopping list.',
    parameters: z.object({}),
    execute: () => Object.fromEntries(list),
  });

  return [add, read];
};
