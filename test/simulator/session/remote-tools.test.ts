import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime';
import { describe, expect, test } from 'vitest';
import { record, SessionDriver } from '../session-driver.js';

const text: string = expect.any(String);
const docs = {
  type: 'mcp',
  server_label: 'docs',
  server_url: 'https://docs.test/mcp',
  allowed_tools: ['find_page'],
  require_approval: 'never',
};

describe('remote tools', () => {
  test('are listed once per server', () => {
    const driver = new SessionDriver();
    driver.forget();
    driver.update({ tools: [docs] });
    const item = { id: text, type: 'mcp_list_tools', server_label: 'docs' } as const;
    const listing: RealtimeServerEvent[] = [
      {
        type: 'conversation.item.added',
        event_id: text,
        previous_item_id: null,
        item: { ...item, tools: [] },
      },
      { type: 'mcp_list_tools.in_progress', event_id: text, item_id: text },
      { type: 'mcp_list_tools.completed', event_id: text, item_id: text },
      {
        type: 'conversation.item.done',
        event_id: text,
        previous_item_id: null,
        item: { ...item, tools: [{ name: 'find_page', input_schema: { type: 'object' } }] },
      },
    ];
    expect(driver.events.slice(1)).toEqual(listing);
    driver.forget();
    driver.update({
      tools: [docs, { ...docs, server_label: 'more', allowed_tools: { tool_names: ['look'] } }],
    });
    expect(driver.all('mcp_list_tools.completed')).toHaveLength(1);
    expect(driver.last('conversation.item.done')).toMatchObject({
      item: { server_label: 'more', tools: [{ name: 'look' }] },
    });
  });

  test('are called by the server, and reported in the next answer', async () => {
    const driver = new SessionDriver({
      scenario: {
        turns: [
          {
            tool: { name: 'find_page', arguments: { about: 'tides' } },
            afterTool: { said: 'Found: {{tool.summary}}' },
          },
        ],
      },
    });
    driver.update({ tools: [docs] });
    driver.forget();
    await driver.ask('Look it up.');
    expect(
      driver.types.filter((type) => !type.startsWith('conversation.') && type !== 'rate_limits.updated'),
    ).toEqual([
      'response.created',
      'response.output_item.added',
      'response.mcp_call_arguments.delta',
      'response.mcp_call_arguments.done',
      'response.mcp_call.in_progress',
      'response.mcp_call.completed',
      'response.output_item.done',
      'response.done',
    ]);
    const called: RealtimeServerEvent = {
      type: 'response.output_item.done',
      event_id: text,
      response_id: text,
      output_index: 0,
      item: {
        id: text,
        type: 'mcp_call',
        server_label: 'docs',
        name: 'find_page',
        arguments: '{"about":"tides"}',
        output: '{"summary":"The server docs is only simulated."}',
        error: null,
        approval_request_id: null,
      },
    };
    expect(driver.last('response.output_item.done')).toEqual(called);
    driver.send({ type: 'response.create' });
    await driver.clock.advance(10_000);
    expect(driver.last('response.output_audio_transcript.done').transcript).toBe(
      'Found: The server docs is only simulated.',
    );
  });
});

describe('tool_choice', () => {
  const tools = [
    { type: 'function', name: 'first' },
    { type: 'function', name: 'second' },
  ];

  test.each<[string, object, string | undefined]>([
    ['auto', { tool_choice: 'auto' }, undefined],
    ['required', { tool_choice: 'required' }, 'first'],
    ['by name', { tool_choice: { type: 'function', name: 'second' } }, 'second'],
    ['none', { tool_choice: 'none' }, undefined],
  ])('%s', async (_, choice, called) => {
    const driver = new SessionDriver();
    driver.update({ tools });
    await driver.ask('Hello.', choice);
    const item = record(driver.last('response.output_item.done').item);
    expect(item.type === 'function_call' ? item.name : undefined).toBe(called);
  });

  test('required is met once: the result is reported', async () => {
    const driver = new SessionDriver();
    driver.update({ tools, tool_choice: 'required' });
    await driver.ask('Hello.');
    const { call_id } = record(driver.last('response.output_item.done').item);
    driver.send(
      {
        type: 'conversation.item.create',
        item: { type: 'function_call_output', call_id, output: '{"text":"Done."}' },
      },
      { type: 'response.create' },
    );
    await driver.clock.advance(10_000);
    expect(driver.last('response.output_audio_transcript.done').transcript).toBe('Done.');
  });
});

describe('other settings of the real server', () => {
  const extras = {
    prompt: { id: 'pmpt_1', version: '2', variables: { name: 'Ada' } },
    tracing: { workflow_name: 'test' },
    truncation: { type: 'retention_ratio', retention_ratio: 0.8 },
    parallel_tool_calls: true,
    reasoning: { effort: 'low' },
  };

  test('are kept and shown', () => {
    const driver = new SessionDriver();
    driver.update(extras);
    expect(driver.last('session.updated').session).toMatchObject(extras);
  });

  test('tracing cannot change once it is on', () => {
    const driver = new SessionDriver();
    driver.update(extras);
    driver.update({ tracing: extras.tracing });
    expect(driver.types).not.toContain('error');
    driver.update({ tracing: 'auto' });
    expect(driver.error).toMatchObject({ param: 'session.tracing' });
  });

  test('images in messages are counted', async () => {
    const driver = new SessionDriver();
    driver.send({
      type: 'conversation.item.create',
      item: {
        type: 'message',
        role: 'user',
        content: [
          { type: 'input_text', text: 'Hello.' },
          { type: 'input_image', image_url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'low' },
        ],
      },
    });
    driver.send({ type: 'response.create' });
    await driver.clock.advance(30_000);
    expect(record(driver.last('response.done').response).usage).toMatchObject({
      input_token_details: { image_tokens: 85 },
    });
  });
});
