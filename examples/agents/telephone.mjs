// VOXTERM_PROVIDER=openai node examples/agents/telephone.mjs CALL_ID
// Joins a telephone call that OpenAI has accepted; the webhook brings its id. The sound stays there, the agent runs here.
import { connect } from 'voxterm';
import { agent } from './handoffs.mjs';

const session = await connect({
  agent,
  callId: process.argv[2],
  settings: { turnDetection: { type: 'semantic', interruptResponse: true } },
});
for await (const event of session) console.log(event.type, event.text ?? ''); // ends when the caller hangs up
