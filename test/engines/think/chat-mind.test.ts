import { describe, expect, test } from 'vitest';
import type { ThinkRequest, Thought } from '../../../src/engines/core/stages.js';
import { engineAddress } from '../../../src/engines/http/engine-address.js';
import { EngineClient } from '../../../src/engines/http/engine-client.js';
import { ChatMind } from '../../../src/engines/think/chat-mind.js';
import {
  type Behaviour,
  bodyOf,
  broken,
  callOf,
  events,
  FakeEngines,
  json,
  page,
  stopped,
  stream,
  words,
} from '../fake-engines.js';

const path = '/v1/chat/completions';
const sse = 'text/event-stream';

async function thinking(behaviour: Behaviour): Promise<{ fake: FakeEngines; mind: ChatMind }> {
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

const question: ThinkRequest = {
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

async function thoughts(
  mind: ChatMind,
  request = question,
  signal = new AbortController().signal,
): Promise<Thought[]> {
  const all: Thought[] = [];
  for await (const thought of mind.think(request, signal)) all.push(thought);
  return all;
}

describe('thinking', () => {
  test('words as they are written, then the calls, then the tokens', async () => {
    const usage = { choices: [], usage: { prompt_tokens: 40, completion_tokens: 9 } };
    const pieces = events(
      words('<think>hm</think>Let me '),
      words('see.'),
      callOf('get_time', { place: 'Rome' }),
      stopped,
      usage,
    );
    const { fake, mind } = await thinking(stream(sse, pieces));
    expect(await thoughts(mind)).toEqual([
      { type: 'say', text: 'Let me ' },
      { type: 'say', text: 'see.' },
      { type: 'call', callId: 'call_1', name: 'get_time', arguments: '{"place":"Rome"}' },
      { type: 'usage', inputTokens: 40, outputTokens: 9 },
    ]);
    const [asked] = fake.to(path);
    if (asked === undefined) throw new Error('no request');
    expect(bodyOf(asked)).toEqual({
      model: 'qwen3',
      temperature: 0.5,
      reasoning_effort: 'none',
      stream: true,
      stream_options: { include_usage: true },
      messages: [
        { role: 'system', content: 'Be short.' },
        { role: 'user', content: 'What time is it?' },
      ],
      tools: [
        {
          type: 'function',
          function: {
            name: 'get_time',
            description: 'The time',
            parameters: { type: 'object', properties: {} },
          },
        },
        { type: 'function', function: { name: 'bare', parameters: { type: 'object', properties: {} } } },
      ],
    });
  });

  test.each([
    ['any', 'required'],
    [{ name: 'bare' }, { type: 'function', function: { name: 'bare' } }],
  ] as const)('a call may be required: %j', async (mustCall, choice) => {
    const { fake, mind } = await thinking(stream(sse, events(callOf('bare', {}), stopped)));
    await thoughts(mind, { ...question, mustCall });
    expect(fake.to(path).map((asked) => bodyOf(asked).tool_choice)).toEqual([choice]);
  });

  test('a model without tools is asked without them, and the user gets one note', async () => {
    const { fake, mind } = await thinking(async (asked, response) => {
      const { tools } = bodyOf(asked);
      if (tools !== undefined) {
        const message = 'registry.ollama.ai/library/llama2:latest does not support tools';
        await json(400, { error: { message, type: 'api_error' } })(asked, response);
      } else await stream(sse, events(words('Noon.'), stopped))(asked, response);
    });
    expect(await thoughts(mind)).toEqual([
      {
        type: 'note',
        code: 'tools_unavailable',
        message: expect.stringMatching(/qwen3 does not support tools.*think\.model/),
      },
      { type: 'say', text: 'Noon.' },
    ]);
    expect(await thoughts(mind)).toEqual([{ type: 'say', text: 'Noon.' }]);
    expect(fake.to(path)).toHaveLength(3);
  });

  test('a server that does not stream, and one that does not say why it stopped', async () => {
    const { fake, mind } = await thinking(
      json(200, { choices: [{ message: { content: 'Noon.' }, finish_reason: 'stop' }] }),
    );
    expect(await thoughts(mind)).toEqual([{ type: 'say', text: 'Noon.' }]);
    fake.on(path, stream(sse, events(words('Noon.'))));
    expect(await thoughts(mind)).toEqual([{ type: 'say', text: 'Noon.' }]);
  });

  test.each([
    [
      'an unknown model',
      json(404, { error: { message: 'model "qwen3" not found' } }),
      /does not know the model.*think\.model/,
    ],
    ['a web page', page(200), /a web page instead of a chat completion/],
    ['broken JSON', stream(sse, ['data: {"choices"\n\n']), /broken JSON/],
    [
      'an error in the stream',
      stream(sse, events(words('No'), { error: { message: 'context is full' } })),
      /failed: context is full/,
    ],
    [
      'a stream without an end',
      stream(sse, [`data: ${JSON.stringify(words('Noo'))}\n\n`]),
      /broke off in the middle/,
    ],
    [
      'a broken connection',
      broken(sse, `data: ${JSON.stringify(words('Noo'))}\n\n`),
      /broke off in the middle/,
    ],
    [
      'nothing but reasoning',
      stream(sse, events(words('<think>hm'), { choices: [{ delta: {}, finish_reason: 'length' }] })),
      /whole answer on reasoning/,
    ],
  ] satisfies [string, Behaviour, RegExp][])(
    '%s fails with the name of the engine',
    async (_name, behaviour, message) => {
      const { mind } = await thinking(behaviour);
      const failure = thoughts(mind);
      await expect(failure).rejects.toThrow(/^The thinking engine at http:/);
      await expect(failure).rejects.toThrow(message);
    },
  );

  test('a conversation that became too long is asked again with its later half, until it fits', async () => {
    const { fake, mind } = await thinking(async (asked, response) => {
      const { messages } = bodyOf(asked);
      const tooLong = Array.isArray(messages) && messages.length > 6;
      const message = 'the request exceeds the available context size, try increasing it';
      const refusal = json(400, { error: { code: 400, message, type: 'exceed_context_size_error' } });
      await (tooLong ? refusal : stream(sse, events(words('Yes.'), stopped)))(asked, response);
    });
    const items: ThinkRequest['items'] = Array.from({ length: 20 }, (_, n) => ({
      kind: 'message',
      itemId: `i${n}`,
      role: n % 2 === 0 ? 'user' : 'assistant',
      text: `message ${n}`,
    }));
    expect(await thoughts(mind, { ...question, items: [...items, ...question.items] })).toEqual([
      { type: 'say', text: 'Yes.' },
    ]);
    const last = fake.to(path).at(-1);
    const sent = last === undefined ? [] : bodyOf(last).messages;
    expect(sent).toEqual([
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: 'message 18' },
      { role: 'assistant', content: 'message 19' },
      { role: 'user', content: 'What time is it?' },
    ]);
    // A single question that is too long fails.
    fake.on(path, json(400, { error: { message: 'maximum context length is 8 tokens' } }));
    await expect(thoughts(mind)).rejects.toThrow(/refused the request \(400\): maximum context length/);
  });

  test('an empty answer is empty', async () => {
    const { mind } = await thinking(stream(sse, events(stopped)));
    expect(await thoughts(mind)).toEqual([]);
  });

  test('an interruption ends the request at once', async () => {
    const { fake, mind } = await thinking(
      stream(sse, Array<string>(200).fill(`data: ${JSON.stringify(words('la '))}\n\n`), 10),
    );
    const stop = new AbortController();
    const said: Thought[] = [];
    const work = (async () => {
      for await (const thought of mind.think(question, stop.signal)) said.push(thought);
    })();
    await expect.poll(() => said.length).toBeGreaterThan(2);
    stop.abort();
    await expect(work).rejects.toThrow();
    await expect.poll(() => fake.to(path)[0]?.gone).toBe(true);
    expect(said.length).toBeLessThan(100);
  });
});
