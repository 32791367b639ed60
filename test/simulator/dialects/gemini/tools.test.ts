import { describe, expect, test } from 'vitest';
import { LiveServer, list, modelBefore, record } from './live-server.js';

const weather = {
  name: 'get_weather',
  description: 'The weather of a place.',
  parameters: { type: 'OBJECT', properties: { place: { type: 'STRING' } }, required: ['place'] },
};
const turns = [
  {
    heard: 'What is the weather in Paris?',
    tool: { name: 'get_weather', arguments: { place: 'Paris' } },
    said: 'It is {{tool.celsius}} degrees.',
  },
  { heard: 'Never mind.', said: 'All right.' },
];

function toolsOf(...declarations: object[]): object {
  return { tools: [{ functionDeclarations: declarations }] };
}

async function asked(setup: object = toolsOf(weather)) {
  const server = new LiveServer({ scenario: { turns } });
  const client = await server.ready(setup);
  client.speak();
  await client.advance(5000);
  const [call] = list(record(client.all('toolCall')[0]).functionCalls).map(record);
  if (call === undefined) throw new Error('no call');
  return { client, call, id: String(call.id) };
}

describe('a tool call', () => {
  test('brings its arguments as an object, and the turn waits for the result', async () => {
    const { client, call, id } = await asked();
    expect(call).toMatchObject({ name: 'get_weather', args: { place: 'Paris' } });
    await client.advance(60_000);
    expect(client.all('turnComplete')).toEqual([]);
    client.send({
      toolResponse: { functionResponses: [{ id, name: 'get_weather', response: { celsius: 18 } }] },
    });
    await client.advance(10_000);
    expect(client.words('outputTranscription')).toBe('It is 18 degrees.');
    expect(client.outline.slice(-2)).toEqual(['generationComplete', 'usageMetadata+turnComplete']);
  });

  test.each([
    ['output as an object', { output: { celsius: 18 } }],
    ['output as text', { output: '{"celsius": 18}' }],
  ])('takes %s', async (_, response) => {
    const { client, id } = await asked();
    client.send({ tool_response: { function_responses: [{ id, name: 'get_weather', response }] } });
    await client.advance(10_000);
    expect(client.words('outputTranscription')).toBe('It is 18 degrees.');
  });

  test('two calls come in one message, and both results are waited for', async () => {
    const calls = [
      { name: 'get_weather', arguments: { place: 'Paris' } },
      { name: 'get_weather', arguments: { place: 'Rome' } },
    ];
    const server = new LiveServer({
      scenario: {
        turns: [{ when: 'both', tools: calls, said: '{{tool.0.celsius}} and {{tool.1.celsius}}.' }],
      },
    });
    const client = await server.ready(toolsOf(weather));
    client.type('both');
    await client.advance(1000);
    expect(client.all('toolCall')).toHaveLength(1);
    const ids = list(record(client.all('toolCall')[0]).functionCalls).map((call) => String(record(call).id));
    const answer = (id: string | undefined, celsius: number) =>
      client.send({ toolResponse: { functionResponses: [{ id, response: { celsius } }] } });
    answer(ids[1], 20);
    await client.advance(5000);
    expect(client.all('modelTurn')).toEqual([]);
    answer(ids[0], 18);
    await client.advance(5000);
    expect(client.all('modelTurn').length).toBeGreaterThan(0);
  });

  test('is cancelled when the user speaks; its late result is dropped', async () => {
    const { client, id } = await asked();
    client.forget();
    client.speak();
    await client.advance(5000);
    expect(record(client.all('toolCallCancellation')[0]).ids).toEqual([id]);
    expect(client.outline.slice(0, 3)).toEqual([
      'toolCallCancellation',
      'interrupted',
      'usageMetadata+turnComplete',
    ]);
    client.send({ toolResponse: { functionResponses: [{ id, response: { celsius: 18 } }] } });
    await client.advance(5000);
    expect(client.closed).toBeUndefined();
    expect(client.words('outputTranscription')).toBe('All right.');
  });

  test('a result that is not an object, or of an unknown call, ends the connection', async () => {
    const { client, id } = await asked();
    client.send({ toolResponse: { functionResponses: [{ id, response: 'eighteen' }] } });
    expect(client.closed).toEqual({
      code: 1007,
      reason: `Invalid value at 'tool_response.function_responses[0].response' (TYPE_MESSAGE), "eighteen"`,
    });
    const other = await asked();
    other.client.send({ toolResponse: { functionResponses: [{ id: 'nobody', response: {} }] } });
    expect(other.client.closed?.code).toBe(1008);
  });
});

describe('a call that does not block', () => {
  const free = { ...toolsOf({ ...weather, behavior: 'NON_BLOCKING' }), model: modelBefore };

  test('ends the turn at once, and its result is reported when the model is idle', async () => {
    const { client, id } = await asked(free);
    expect(client.all('turnComplete')).toEqual([true]);
    client.forget();
    client.send({ toolResponse: { functionResponses: [{ id, response: { celsius: 18 } }] } });
    await client.advance(10_000);
    expect(client.words('outputTranscription')).toBe('It is 18 degrees.');
    expect(client.all('turnComplete')).toEqual([true]);
  });

  test('SILENT: the result is noted, and nothing is said', async () => {
    const { client, id } = await asked(free);
    client.forget();
    const result = { id, response: { celsius: 18 }, scheduling: 'SILENT' };
    client.send({ toolResponse: { functionResponses: [result] } });
    await client.advance(10_000);
    expect(client.outline).toEqual([]);
  });

  test('INTERRUPT and WHEN_IDLE differ while the model speaks', async () => {
    const long = 'And it goes on and on about everything there is to say. '.repeat(5);
    const says = [...turns.slice(0, 1), { heard: 'Talk.', said: long }];
    for (const [scheduling, expected] of [
      ['INTERRUPT', [true]],
      ['WHEN_IDLE', []],
    ] as const) {
      const server = new LiveServer({ scenario: { pace: 2, turns: says } });
      const client = await server.ready(free);
      client.speak();
      await client.advance(5000);
      const [call] = list(record(client.all('toolCall')[0]).functionCalls);
      client.speak();
      await client.advance(2000);
      const result = { id: record(call).id, response: { celsius: 18 }, scheduling };
      client.send({ toolResponse: { functionResponses: [result] } });
      await client.advance(60_000);
      expect(client.all('interrupted')).toEqual(expected);
      expect(client.words('outputTranscription')).toMatch(/It is 18 degrees\.$/);
    }
  });

  test('a result that will be continued is not the last', async () => {
    const { client, id } = await asked(free);
    client.forget();
    client.send({
      toolResponse: { functionResponses: [{ id, response: { progress: 50 }, willContinue: true }] },
    });
    await client.advance(10_000);
    expect(client.outline).toEqual([]);
    client.send({ toolResponse: { functionResponses: [{ id, response: { celsius: 18 } }] } });
    await client.advance(10_000);
    expect(client.words('outputTranscription')).toBe('It is 18 degrees.');
  });

  test('3.8 does not wait for functions that say nothing about it, 3.1 waits for all', async () => {
    const other = await asked({ ...toolsOf(weather), model: 'models/gemini-3.8-live' });
    expect(other.client.all('turnComplete')).toEqual([true]);
    const blocking = await asked({
      ...toolsOf({ ...weather, behavior: 'BLOCKING' }),
      model: 'models/gemini-3.8-live',
    });
    expect(blocking.client.all('turnComplete')).toEqual([]);
    const sequential = await asked(toolsOf({ ...weather, behavior: 'NON_BLOCKING' }));
    expect(sequential.client.all('turnComplete')).toEqual([]);
  });
});
