// node examples/agents/talk.mjs tools|handoffs|guardrail [words …]
// Talks with one of these agents: by microphone and speaker, or as text if there are words.
// With any provider: VOXTERM_PROVIDER=openai. Without a key: VOXTERM_SCENARIO=examples/scenarios/agents.json
import { connect } from 'voxterm';

const [which = 'tools', ...words] = process.argv.slice(2);
const { agent } = await import(`./${which}.mjs`);
const session = await connect({ agent, sound: words.length > 0 ? null : 'devices' }).catch((error) => {
  console.error(error.message, error.hint ?? '');
  process.exit(error.exitCode ?? 1);
});
process.once('SIGINT', () => session.close());

if (words.length > 0) session.sendMessage(words.join(' '));
for await (const event of session) {
  if (event.type === 'user.transcript.done') console.log(`you: ${event.text}`);
  if (event.type === 'tool.finished') console.log(`${event.name}: ${event.output}`);
  if (event.type === 'tool.failed') console.log(`${event.name} failed: ${event.message}`);
  if (event.type === 'agent.handoff') console.log(`${event.from} → ${event.to}`);
  if (event.type === 'guardrail.tripped') console.log(`stopped by: ${event.guardrail}`);
  if (event.type === 'playback.cleared') console.log(`interrupted after ${event.heardMs} ms`);
  if (event.type === 'assistant.text.done') console.log(`${session.agent.name}: ${event.text}`);
  if (event.type === 'error') console.error(event.message, event.hint ?? '');
  if (words.length > 0 && session.state === 'listening' && event.type === 'response.done') break;
}
await session.close();
