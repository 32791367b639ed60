// voxterm --tool ./examples/tools/notes.mjs Reading does not ask, writing asks, and deleting everything asks each time.
// "--allow-tool clear_notes" says yes in advance.

export default ({ z, defineTool, ToolError }) => {
  const notes = [];

  const noMarkup = {
    name: 'no-markup',
    check: ({ args }) => (/[<>]/.test(args.text) ? 'A note holds plain words, no markup.' : undefined),
  };

  const read = defineTool({
    name: 'read_notes',
    description: 'Reads all notes.',
    execute: () => ({ notes }),
  });

  const write = defineTool({
    name: 'write_note',
    description: 'Writes a note down.',
    parameters: z.object({ text: z.string().trim().min(1).max(500) }),
    approval: 'ask',
    inputGuardrails: [noMarkup],
    execute({ text }) {
      notes.push(text);
      return `Note ${notes.length} is written.`;
    },
  });

  const clear = defineTool({
    name: 'clear_notes',
    description: 'Throws all notes away.',
    approval: 'always',
    execute() {
      if (notes.length === 0) throw new ToolError('notes.none', 'There are no notes.');
      return `${notes.splice(0).length} notes are gone.`;
    },
  });

  return [read, write, clear];
};
