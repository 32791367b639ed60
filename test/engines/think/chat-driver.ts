import type { ThinkRequest, Thought } from '../../../src/engines/core/stages.js';
import { engineAddress } from '../../../src/engines/http/engine-address.js';
import { EngineClient } from '../../../src/engines/http/engine-client.js';
import { ChatMind } from '../../../src/engines/think/chat-mind.js';
import { type Behaviour, FakeEngines } from '../fake-engines.js';

export const path = '/v1/chat/completions';
export const sse = 'text/event-stream';

/** A mind, and the server that it asks. */
export async function thinking(behaviour: Behaviour): Promise<{ fake: FakeEngines; mind: ChatMind }> {
  const fake = await FakeEngines.start({ [path]: behaviour });
  const engine = {
    url: fake.url,
    model: 'qwen3',
    temperature: 0.5,
    reasoningEffort: 'none',
    timeoutMs: 2000,
  } as const;
  return { fake, mind: new ChatMind(new EngineClient(engineAddress('think', engine, { env: {} })), engine) };
}

export const question: ThinkRequest = {
  responseId: 'resp',
  instructions: 'Be short.',
  items: [{ kind: 'message', itemId: 'i', role: 'user', text: 'What time is it?' }],
  tools: [
    {
      type: 'function',
      name: 'get_time',
      description: 'The time',
      parameters: { type: 'object', properties: {} },
    },
    { type: 'function', name: 'bare' },
  ],
  language: undefined,
  idle: false,
};

export async function thoughts(
  mind: ChatMind,
  request = question,
  signal: AbortSignal = new AbortController().signal,
): Promise<Thought[]> {
  const all: Thought[] = [];
  for await (const thought of mind.think(request, signal)) all.push(thought);
  return all;
}
