// VOXTERM_PROVIDER=openai node examples/agents/telephone.mjs CALL_ID Joins a telephone call that OpenAI has accepted;
// its id comes with the webhook. The audio stays at OpenAI, the agent runs here.
import { connect } from 'voxterm';
import { agent } from './handoffs.mjs';

const session = await connect({
  agent,
  callId: process.argv[2],
  settings: { turnDetection: { type: 'semantic', interruptResponse: true } },
});
for await (const event of session) console.log(event.type, event.text ?? ''); // ends when the caller hangs up
