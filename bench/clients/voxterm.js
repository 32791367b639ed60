// The whole path: link, codec, conversation, player, a listener.
import { createToolRunner, findProvider, startSession, VirtualSound } from '../../dist/index.js';
import { Meter } from './meter.js';

const meter = new Meter();
const session = await startSession({
  provider: await findProvider('openai'),
  connection: { model: 'bench', url: process.argv[2], env: {} },
  settings: {},
  tools: createToolRunner([], { env: {} }),
  openSound: async ({ outputRateHz }) => new VirtualSound({ outputRateHz, pace: 'instant' }),
});
session.subscribe((event) => {
  if (event.type === 'assistant.audio') meter.delta(event.bytes);
  if (event.type === 'response.done') meter.done();
});
