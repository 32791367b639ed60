// Agents that hand the conversation over to each other. To talk with them: node examples/agents/talk.mjs handoffs
import { defineAgent, handoff } from 'voxterm';

// Specialized agents
const billing = defineAgent({
  name: 'Billing Support',
  instructions: 'You specialize in billing and payment issues.',
});

const technical = defineAgent({
  name: 'Technical Support',
  instructions: 'You handle technical troubleshooting.',
});

// Main agent with handoffs
export const agent = defineAgent({
  name: 'Customer Service',
  instructions: 'You are the main customer service agent. Hand off to specialists when needed.',
  handoffs: [
    handoff(billing, { toolDescription: 'Transfer to billing support' }),
    handoff(technical, { toolDescription: 'Transfer to technical support' }),
  ],
});
