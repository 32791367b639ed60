/** Engines that refuse a field of the request: they are asked again without it, and that is remembered. */
import { describe, expect, test } from 'vitest';
import type { ThinkRequest, Thought } from '../../../src/engines/core/stages.js';
import { engineAddress } from '../../../src/engines/http/engine-address.js';
import { EngineClient } from '../../../src/engines/http/engine-client.js';
import { ChatMind } from '../../../src/engines/think/chat-mind.js';
import { bodyOf, events, FakeEngines, json, stopped, stream, words } from '../fake-engines.js';

const path = '/v1/chat/completions';
type Body = Record<string, unknown>;

interface Call {
  readonly id: string;
  readonly function: { readonly arguments: string };
}

/** `refuse` gives status and body of a refusal, or undefined. */
async function asking(refuse: (body: Body) => readonly [number, unknown] | undefined) {
  const fake = await FakeEngines.start({
    [path]: async (asked, response) => {
      const refusal = refuse(bodyOf(asked));
      if (refusal !== undefined) await json(...refusal)(asked, response);
      else await stream('text/event-stream', events(words('Noon.'), stopped))(asked, response);
    },
  });
  const engine = {
    url: fake.url,
    model: 'm',
    temperature: 0.7,
    reasoningEffort: 'none',
    timeoutMs: 2000,
  } as const;
  const mind = new ChatMind(new EngineClient(engineAddress('think', engine, { env: {} })), engine);
  const think = async (items: ThinkRequest['items'] = []): Promise<Thought[]> => {
    const said: Thought[] = [];
    const request: ThinkRequest = {
      responseId: 'r',
      instructions: 'Be short.',
      items: [{ kind: 'message', itemId: 'i', role: 'user', text: 'When?' }, ...items],
      tools: [{ type: 'function', name: 'look' }],
      language: undefined,
      idle: false,
    };
    for await (const thought of mind.think(request, new AbortController().signal)) said.push(thought);
    return said;
  };
  return { fake, think };
}

const noon = { type: 'say', text: 'Noon.' };
const unrecognized = (field: string) => ({
  error: { message: `Unrecognized request argument supplied: ${field}` },
});
const forbidden = (...fields: string[]) => ({
  detail: fields.map((field) => ({
    type: 'extra_forbidden',
    loc: ['body', field],
    msg: 'Extra inputs are not permitted',
    input: { tools: 1, temperature: 1, stream: 1 },
  })),
});

describe('a field that an engine refuses', () => {
  test.each<[string, string, readonly [number, unknown]]>([
    ['Mistral', 'stream_options', [422, { object: 'error', message: forbidden('stream_options') }]],
    [
      'Mistral behind a proxy',
      'stream_options',
      [422, { object: 'error', message: JSON.stringify(forbidden('stream_options')) }],
    ],
    ['FastAPI', 'stream_options', [422, forbidden('stream_options')]],
    ['Azure', 'stream_options', [400, unrecognized('stream_options')]],
    ['plain text', 'stream_options', [400, 'unknown field "stream_options"']],
    [
      'a server that does not say which',
      'stream_options',
      [422, { detail: 'Extra inputs are not permitted' }],
    ],
    ['a server that says nothing', 'stream_options', [400, {}]],
    [
      'a server without streams',
      'stream',
      [400, { error: { message: "Unsupported value: 'stream'", param: 'stream' } }],
    ],
  ])('is left out without a word: %s', async (_name, field, refusal) => {
    const { fake, think } = await asking((body) => (body[field] ? refusal : undefined));
    expect(await think()).toEqual([noon]);
    expect(await think()).toEqual([noon]);
    expect(fake.to(path)).toHaveLength(3);
    const last = fake.to(path).at(-1);
    expect(last && bodyOf(last)).toMatchObject({ temperature: 0.7, reasoning_effort: 'none' });
  });

  test.each<[string, string, string, readonly [number, unknown]]>([
    [
      'OpenAI',
      'temperature',
      'temperature',
      [
        400,
        {
          error: {
            message: "Unsupported value: 'temperature' does not support 0.7 with this model.",
            param: 'temperature',
          },
        },
      ],
    ],
    ['an old server', 'reasoning_effort', 'reasoningEffort', [400, unrecognized('reasoning_effort')]],
    [
      'Ollama',
      'reasoning_effort',
      'reasoningEffort',
      [400, { error: { message: '"qwen2.5" does not support thinking' } }],
    ],
    [
      'OpenAI, where it refuses it beside tools',
      'reasoning_effort',
      'reasoningEffort',
      [
        400,
        {
          error: {
            message: 'Function tools with reasoning_effort are not supported in /v1/chat/completions.',
            param: 'reasoning_effort',
          },
        },
      ],
    ],
  ])('is left out with a note where somebody has set it: %s', async (_name, field, setting, refusal) => {
    const { fake, think } = await asking((body) => (body[field] === undefined ? undefined : refusal));
    const message = expect.stringMatching(
      new RegExp(`does not accept ${field}.*engines\\.think\\.${setting}`),
    );
    expect(await think()).toEqual([{ type: 'note', code: 'setting_refused', message }, noon]);
    expect(await think()).toEqual([noon]);
    const bodies = fake.to(path).map((asked) => Object.keys(bodyOf(asked)).includes('tools'));
    expect(bodies).toEqual([true, true, true]);
  });

  test('several at once cost one more request', async () => {
    const { fake, think } = await asking((body) => {
      const fields = ['stream_options', 'temperature', 'reasoning_effort'].filter((key) => key in body);
      return fields.length === 0 ? undefined : [422, forbidden(...fields)];
    });
    expect(await think()).toMatchObject([{ type: 'note' }, { type: 'note' }, noon]);
    expect(fake.to(path)).toHaveLength(2);
  });

  test('one after the other', async () => {
    const { fake, think } = await asking((body) => {
      const field = ['stream_options', 'temperature', 'reasoning_effort', 'tools'].find((key) => key in body);
      return field === undefined ? undefined : [400, unrecognized(field)];
    });
    expect((await think()).at(-1)).toEqual(noon);
    expect(fake.to(path)).toHaveLength(5);
  });

  test('a gateway that routes by abilities has no model with tools', async () => {
    const { think } = await asking((body) =>
      body.tools === undefined
        ? undefined
        : [404, { error: { message: 'No endpoints found that support tool use.' } }],
    );
    expect(await think()).toMatchObject([{ code: 'tools_unavailable' }, noon]);
  });

  test('a refusal for another reason fails at once, in its own words', async () => {
    const { fake, think } = await asking(() => [
      400,
      { error: { message: 'The prompt was flagged.', code: 'content_filter' } },
    ]);
    await expect(think()).rejects.toThrow(
      /did not let this question pass \(400\): The prompt was flagged\. Say/,
    );
    expect(fake.to(path)).toHaveLength(1);
  });

  test('what did not help is not remembered', async () => {
    let broken = true;
    const { fake, think } = await asking(() => (broken ? [400, {}] : undefined));
    await expect(think()).rejects.toThrow(/refused the request/);
    broken = false;
    expect(await think()).toEqual([noon]);
    const last = fake.to(path).at(-1);
    expect(last && bodyOf(last)).toHaveProperty('stream_options');
  });
});

describe('calls in the conversation', () => {
  const items = (args = '{}'): ThinkRequest['items'] => [
    { kind: 'call', callId: 'call_abcdefghijkl', name: 'look', arguments: args },
    { kind: 'output', callId: 'call_abcdefghijkl', output: 'here' },
  ];
  const callsIn = (body: Body): Call[] =>
    Array.isArray(body.messages)
      ? body.messages.flatMap((message: { tool_calls?: Call[] }) => message.tool_calls ?? [])
      : [];

  test.each([
    'Tool call id was call_abcdefghijkl but must be a-z, A-Z, 0-9, with a length of 9.',
    "Invalid 'messages[2].tool_calls[0].id': string too long. Expected a string with maximum length 9.",
  ])('get ids of nine letters: %s', async (message) => {
    const { fake, think } = await asking((body) =>
      callsIn(body).every(({ id }) => /^[a-zA-Z0-9]{9}$/.test(id))
        ? undefined
        : [400, { error: { message } }],
    );
    expect(await think(items())).toEqual([noon]);
    expect(fake.to(path)).toHaveLength(2);
  });

  test.each([
    [500, 'Failed to parse tool call arguments as JSON: parse error at line 1'],
    [400, 'Expecting value: line 1 column 6 (char 5)'],
  ])(
    'broken arguments go back as they were, and in an object where that is refused: %i %s',
    async (status, message) => {
      const { fake, think } = await asking((body) =>
        callsIn(body).every((call) => call.function.arguments.endsWith('}'))
          ? undefined
          : [status, { error: { message } }],
      );
      expect(await think(items('{"x'))).toEqual([noon]);
      const [first, second] = fake.to(path).map((asked) => callsIn(bodyOf(asked))[0]?.function.arguments);
      expect(first).toBe('{"x');
      expect(JSON.parse(second ?? '')).toEqual({ invalid: '{"x' });
    },
  );

  test.each([
    ['reasoning_content', 'The `reasoning_content` in the thinking mode must be passed back to the API.'],
    [
      'reasoning_content',
      'thinking is enabled but reasoning_content is missing in assistant tool call message at index 2',
    ],
    ['thought_signature', 'Function call is missing a thought_signature in functionCall parts.'],
  ])('of another session get the %s that is missing: %s', async (field, message) => {
    const { think } = await asking((body) =>
      JSON.stringify(body.messages).includes(field) ? undefined : [400, { error: { message } }],
    );
    expect(await think(items())).toEqual([noon]);
  });

  test('what a server sent beside its own calls, and then refuses, is left out', async () => {
    const reasoned = {
      choices: [
        {
          delta: {
            reasoning: 'Hm.',
            tool_calls: [{ index: 0, id: 'c', function: { name: 'look', arguments: '{}' } }],
          },
        },
      ],
    };
    const { fake, think } = await asking(() => undefined);
    fake.on(path, async (asked, response) => {
      const body = bodyOf(asked);
      const refusal = json(400, {
        error: { message: "'messages.2' : for 'role:assistant' property 'reasoning' is unsupported" },
      });
      if (callsIn(body).length === 0)
        await stream('text/event-stream', events(reasoned, stopped))(asked, response);
      else if (JSON.stringify(body.messages).includes('"reasoning"')) await refusal(asked, response);
      else await stream('text/event-stream', events(words('Noon.'), stopped))(asked, response);
    });
    expect(await think()).toMatchObject([{ type: 'call', callId: 'c' }]);
    expect(
      await think([
        { kind: 'call', callId: 'c', name: 'look', arguments: '{}' },
        { kind: 'output', callId: 'c', output: 'here' },
      ]),
    ).toEqual([noon]);
  });
});
