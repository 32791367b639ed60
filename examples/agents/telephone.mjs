// node examples/agents/telephone.mjs CALL_ID
// Joins a telephone call that OpenAI has accepted; the webhook brings its id. The sound stays there, the agent runs here.
import { connect } from 'voxterm';
import { agent } from './handoffs.mjs';

const session = await connect({
  agent,
  provider: 'openai',
  callId: process.argv[2],
  settings: { turnDetection: { type: 'semantic', interruptResponse: true } },
});
for await (const event of session) console.log(event.type); // ends when the caller hangs up
