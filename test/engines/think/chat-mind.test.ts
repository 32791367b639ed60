import { describe, expect, test } from 'vitest';
import type { ThinkRequest, Thought } from '../../../src/engines/core/stages.js';
import {
  type Behaviour,
  bodyOf,
  broken,
  callOf,
  events,
  json,
  page,
  stopped,
  stream,
  words,
} from '../fake-engines.js';
import { path, question, sse, thinking, thoughts } from './chat-driver.js';

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
      'a stream without an end, in which nothing was said',
      stream(sse, [`data: ${JSON.stringify(words(''))}\n\n`]),
      /broke off in the middle/,
    ],
    ['nothing', stream(sse, []), /nothing instead of a chat completion/],
    ['a web page of another type', stream(sse, ['<!doctype html><title>Hi</title>']), /a web page/],
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

  test.each([
    ['in a filter', 'content_filter', 'content_filter'],
    ['in a vendor’s own words', 'SAFETY', 'content_filter'],
    ['at its limit', 'length', 'max_output_tokens'],
    ['at the limit of the context', 'model_context_window_exceeded', 'max_output_tokens'],
  ])('an answer that ends %s says so', async (_name, finish, reason) => {
    const end = { choices: [{ delta: {}, finish_reason: finish }] };
    const { fake, mind } = await thinking(stream(sse, events(words('Noon, or'), end)));
    expect(await thoughts(mind)).toEqual([
      { type: 'say', text: 'Noon, or' },
      { type: 'cut', reason },
    ]);
    fake.on(path, stream(sse, events(end)));
    expect(await thoughts(mind)).toEqual([{ type: 'cut', reason }]);
  });

  test('a call that the limit cuts off is not made; those before it are', async () => {
    const cut = callOf('get_time', {}, { index: 1, id: 'b' });
    const text = JSON.stringify(cut).replace('"{}"', '"{\\"pl"');
    const end = { choices: [{ delta: {}, finish_reason: 'length' }] };
    const { fake, mind } = await thinking(stream(sse, events(JSON.parse(text), end)));
    expect(await thoughts(mind)).toEqual([{ type: 'cut', reason: 'max_output_tokens' }]);
    fake.on(path, stream(sse, events(callOf('bare', {}), JSON.parse(text), end)));
    expect(await thoughts(mind)).toEqual([{ type: 'call', callId: 'call_1', name: 'bare', arguments: '{}' }]);
  });

  test('an end without a reason is an end; in the middle of a sentence it is told', async () => {
    const { fake, mind } = await thinking(stream(sse, [`data: ${JSON.stringify(words('Noo'))}\n\n`]));
    expect(await thoughts(mind)).toEqual([
      { type: 'say', text: 'Noo' },
      { type: 'note', code: 'answer_unfinished', message: expect.stringMatching(/middle of a sentence/) },
    ]);
    fake.on(path, stream(sse, [`data: ${JSON.stringify(words('Noon.'))}\n\n`]));
    expect(await thoughts(mind)).toEqual([{ type: 'say', text: 'Noon.' }]);
  });

  test('a model that only closes its thoughts: taken back at first, then waited for', async () => {
    const pieces = events(
      words('The user wants '),
      words('the time.</think>'),
      words('No'),
      words('on.'),
      stopped,
    );
    const { mind } = await thinking(stream(sse, pieces));
    expect(await thoughts(mind)).toEqual([
      { type: 'say', text: 'The user wants ' },
      { type: 'unsay' },
      { type: 'say', text: 'No' },
      { type: 'say', text: 'on.' },
    ]);
    expect(await thoughts(mind)).toEqual([
      { type: 'say', text: 'No' },
      { type: 'say', text: 'on.' },
    ]);
  });

  test('a model that closes its thoughts only sometimes is waited for each time', async () => {
    const { fake, mind } = await thinking(stream(sse, events(words('Hm.</think>Noon.'), stopped)));
    expect(await thoughts(mind)).toEqual([{ type: 'say', text: 'Noon.' }]);
    fake.on(path, stream(sse, events(words('No'), words('on.'), stopped)));
    expect(await thoughts(mind)).toEqual([{ type: 'say', text: 'Noon.' }]);
    fake.on(path, stream(sse, events(words('Hm. '), words('A question.'), words('</think>Noon.'), stopped)));
    expect(await thoughts(mind)).toEqual([{ type: 'say', text: 'Noon.' }]);
  });

  test('a call that the server passes on as text is made; one that cannot be read is told', async () => {
    const call = (text: string) => stream(sse, events(words('Let me see. '), words(text), stopped));
    const { fake, mind } = await thinking(
      call('<tool_call>{"name": "bare", "arguments": {"x": 1}}</tool_call>'),
    );
    const short = expect.stringMatching(/^[a-zA-Z0-9]{9}$/);
    expect(await thoughts(mind)).toEqual([
      { type: 'say', text: 'Let me see. ' },
      { type: 'call', name: 'bare', arguments: '{"x":1}', callId: short },
    ]);
    fake.on(path, call('<tool_call>rm -rf</tool_call>'));
    expect(await thoughts(mind)).toEqual([
      { type: 'say', text: 'Let me see. ' },
      { type: 'note', code: 'call_unread', message: expect.stringMatching(/tool call as text/) },
    ]);
  });

  test('calls without an id, or with one that was used before, get one that every server accepts', async () => {
    const twice = events(callOf('bare', {}), callOf('bare', {}, { index: 1, id: '' }), stopped);
    const { mind } = await thinking(stream(sse, twice));
    const short = expect.stringMatching(/^[a-zA-Z0-9]{9}$/);
    const made = (callId: unknown) => ({ type: 'call', name: 'bare', arguments: '{}', callId });
    expect(await thoughts(mind)).toEqual([made('call_1'), made(short)]);
    const before: ThinkRequest['items'] = [{ kind: 'call', callId: 'call_1', name: 'bare', arguments: '{}' }];
    expect(await thoughts(mind, { ...question, items: before })).toEqual([made(short), made(short)]);
  });

  test.each(['functions.bare:0', 'call/abc==', 'call_ü', 'x'.repeat(70)])(
    'the engine gets its own id %s back, the conversation a valid one',
    async (id) => {
      const { fake, mind } = await thinking(stream(sse, events(callOf('bare', {}, { id }), stopped)));
      const [call] = await thoughts(mind);
      const callId = call?.type === 'call' ? (call.callId ?? '') : '';
      expect(callId).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
      const items: ThinkRequest['items'] = [
        ...question.items,
        { kind: 'call', callId, name: 'bare', arguments: '{}' },
        { kind: 'output', callId, output: 'done' },
      ];
      // The same id in a later answer is another call.
      const [later] = await thoughts(mind, { ...question, items });
      expect(later).toMatchObject({ type: 'call', callId: expect.stringMatching(/^[a-zA-Z0-9]{9}$/) });
      expect(later).not.toMatchObject({ callId });
      const laterId = later?.type === 'call' ? (later.callId ?? '') : '';
      await thoughts(mind, {
        ...question,
        items: [
          ...items,
          { kind: 'call', callId: laterId, name: 'bare', arguments: '{}' },
          { kind: 'output', callId: laterId, output: 'again' },
        ],
      });
      const last = fake.to(path).at(-1);
      expect(last === undefined ? undefined : bodyOf(last).messages).toMatchObject([
        { role: 'system' },
        { role: 'user' },
        { role: 'assistant', tool_calls: [{ id }] },
        { role: 'tool', tool_call_id: id, content: 'done' },
        { role: 'assistant', tool_calls: [{ id: laterId }] },
        { role: 'tool', tool_call_id: laterId, content: 'again' },
      ]);
    },
  );

  test('what comes beside a call goes back with it', async () => {
    const details = (text: string) => ({ reasoning_details: [{ type: 'reasoning.text', index: 0, text }] });
    const thought = (fields: object) => ({ choices: [{ delta: fields }] });
    const signed = callOf('bare', {});
    const text = JSON.stringify(signed).replace(
      '"id":',
      '"extra_content":{"google":{"thought_signature":"S"}},"id":',
    );
    const { fake, mind } = await thinking(
      stream(
        sse,
        events(
          thought({ reasoning_content: 'I should ', ...details('I sh') }),
          thought({ reasoning_content: 'ask.', ...details('ould') }),
          JSON.parse(text),
          stopped,
        ),
      ),
    );
    await thoughts(mind);
    const items: ThinkRequest['items'] = [
      ...question.items,
      { kind: 'call', callId: 'call_1', name: 'bare', arguments: '{}' },
      { kind: 'output', callId: 'call_1', output: 'done' },
    ];
    await thoughts(mind, { ...question, items });
    const last = fake.to(path).at(-1);
    const messages = last === undefined ? undefined : bodyOf(last).messages;
    expect(messages).toMatchObject([
      { role: 'system' },
      { role: 'user' },
      {
        role: 'assistant',
        reasoning_content: 'I should ask.',
        reasoning_details: [{ type: 'reasoning.text', index: 0, text: 'I should' }],
        tool_calls: [{ id: 'call_1', extra_content: { google: { thought_signature: 'S' } } }],
      },
      { role: 'tool', tool_call_id: 'call_1' },
    ]);
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
