// @openai/agents-realtime as its own examples use it: an agent, a session, a listener for audio.
import { OpenAIRealtimeWebSocket, RealtimeAgent, RealtimeSession } from '@openai/agents-realtime';
import { Meter } from './meter.js';

const meter = new Meter();
const transport = new OpenAIRealtimeWebSocket({ url: process.argv[2] });
const session = new RealtimeSession(new RealtimeAgent({ name: 'bench', instructions: '' }), {
  transport,
  model: 'bench',
  tracingDisabled: true,
});
session.on('audio', ({ data }) => meter.delta(data.byteLength));
session.on('error', ({ error }) => process.stderr.write(`${JSON.stringify(error)}\n`));
session.on('transport_event', (event) => {
  if (event.type === 'response.done') meter.done();
});
await session.connect({ apiKey: 'bench' });
