// A guardrail stops an answer while it is being spoken. To try it: node examples/agents/talk.mjs guardrail
import { defineAgent } from 'voxterm';

const sensitiveDataCheck = {
  name: 'sensitive data',
  check: ({ text }) => text.includes('password'),
};

export const agent = defineAgent({
  name: 'Assistant',
  instructions: 'You answer questions about the office.',
  outputGuardrails: [sensitiveDataCheck],
});
