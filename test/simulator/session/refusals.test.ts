import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { record, SessionDriver } from '../session-driver.js';

const update = (session: object): object => ({ type: 'session.update', session });
const realtime = (session: object): object => update({ type: 'realtime', ...session });
const userItem = (content: unknown): object => ({
  type: 'conversation.item.create',
  item: { type: 'message', role: 'user', content },
});

describe('a request that the server refuses', () => {
  test.each<[string, object, { code: string; param?: string | null; message?: RegExp }]>([
    ['no type', {}, { code: 'missing_required_parameter', param: 'type' }],
    [
      'an unknown type',
      { type: 'session.upgrade' },
      {
        code: 'invalid_value',
        param: 'type',
        message: /^Invalid value: 'session.upgrade'\. Supported values are: 'session\.update', /,
      },
    ],
    [
      'no session type',
      update({ instructions: 'x' }),
      {
        code: 'missing_required_parameter',
        param: 'session.type',
        message: /^Missing required parameter: 'session\.type'\.$/,
      },
    ],
    ['no session', { type: 'session.update' }, { code: 'missing_required_parameter', param: 'session' }],
    [
      'a key of the old dialect',
      realtime({ input_audio_format: 'pcm16' }),
      {
        code: 'unknown_parameter',
        param: 'session.input_audio_format',
        message: /^Unknown parameter: 'session\.input_audio_format'\.$/,
      },
    ],
    [
      'an unknown key inside a list',
      realtime({ tools: [{ type: 'function', name: 'a', meta: 1 }] }),
      { code: 'unknown_parameter', param: 'session.tools[0].meta' },
    ],
    [
      'too low a rate',
      realtime({ audio: { input: { format: { type: 'audio/pcm', rate: 16_000 } } } }),
      {
        code: 'integer_below_min_value',
        param: 'session.audio.input.format.rate',
        message:
          /^Invalid 'session\.audio\.input\.format\.rate': integer below minimum value\. Expected a value >= 24000, but got 16000 instead\.$/,
      },
    ],
    [
      'too high a threshold',
      realtime({ audio: { input: { turn_detection: { type: 'server_vad', threshold: 1.5 } } } }),
      { code: 'decimal_above_max_value', param: 'session.audio.input.turn_detection.threshold' },
    ],
    [
      'an unknown kind of turn detection',
      realtime({ audio: { input: { turn_detection: { type: 'clever' } } } }),
      {
        code: 'invalid_value',
        param: 'session.audio.input.turn_detection.type',
        message: /'server_vad' and 'semantic_vad'/,
      },
    ],
    [
      'an unknown voice',
      realtime({ audio: { output: { voice: 'hal' } } }),
      { code: 'invalid_value', param: 'session.audio.output.voice', message: /'alloy', .* and 'cedar'/ },
    ],
    [
      'both modalities',
      realtime({ output_modalities: ['audio', 'text'] }),
      {
        code: 'invalid_value',
        param: 'session.output_modalities',
        message:
          /^Invalid modalities: \['audio', 'text'\]\. Supported combinations are: \['text'\] and \['audio'\]\.$/,
      },
    ],
    ['another model', realtime({ model: 'gpt-realtime' }), { code: 'invalid_value', param: 'session.model' }],
    [
      'a number for a text',
      realtime({ instructions: 7 }),
      {
        code: 'invalid_type',
        param: 'session.instructions',
        message: /expected a string, but got an integer instead/,
      },
    ],
    ['an empty list of modalities', realtime({ output_modalities: [] }), { code: 'array_below_min_length' }],
    ['nothing to commit', { type: 'input_audio_buffer.commit' }, { code: 'input_audio_buffer_commit_empty' }],
    [
      'sound that is not base64',
      { type: 'input_audio_buffer.append', audio: '%%%' },
      { code: 'invalid_value', param: 'audio' },
    ],
    [
      'sound that is not a string',
      { type: 'input_audio_buffer.append', audio: 5 },
      { code: 'invalid_type', param: 'audio' },
    ],
    [
      'content of the old dialect',
      userItem([{ type: 'text', text: 'x' }]),
      {
        code: 'invalid_value',
        param: 'item.content[0].type',
        message: /'input_text', 'input_audio', and 'input_image'/,
      },
    ],
    [
      'a message without content',
      userItem(undefined),
      { code: 'missing_required_parameter', param: 'item.content' },
    ],
    [
      'a result of an unknown call',
      {
        type: 'conversation.item.create',
        item: { type: 'function_call_output', call_id: 'call_nobody', output: '' },
      },
      { code: 'invalid_tool_call_id', message: /^Tool call ID 'call_nobody' not found in conversation\.$/ },
    ],
    [
      'an unknown place',
      { ...userItem([{ type: 'input_text', text: 'x' }]), previous_item_id: 'item_gone' },
      { code: 'item_create_invalid_previous_item_id', param: 'previous_item_id' },
    ],
    [
      'retrieving what is not there',
      { type: 'conversation.item.retrieve', item_id: 'item_gone' },
      { code: 'item_retrieve_invalid_item_id', param: 'item_id' },
    ],
    [
      'deleting what is not there',
      { type: 'conversation.item.delete', item_id: 'item_gone' },
      {
        code: 'item_delete_invalid_item_id',
        message: /^Error deleting item: the item with id 'item_gone' does not exist\.$/,
      },
    ],
    [
      'truncating what is not there',
      { type: 'conversation.item.truncate', item_id: 'item_gone', content_index: 0, audio_end_ms: 0 },
      { code: 'item_truncate_invalid_item_id' },
    ],
    [
      'truncating to before the beginning',
      { type: 'conversation.item.truncate', item_id: 'x', content_index: 0, audio_end_ms: -1 },
      { code: 'integer_below_min_value', param: 'audio_end_ms' },
    ],
    [
      'truncating to half a millisecond',
      { type: 'conversation.item.truncate', item_id: 'x', content_index: 0, audio_end_ms: 0.5 },
      { code: 'invalid_type', param: 'audio_end_ms', message: /expected an integer, but got a decimal/ },
    ],
    [
      'cancelling nothing',
      { type: 'response.cancel' },
      { code: 'response_cancel_not_active', message: /^Cancellation failed: no active response found$/ },
    ],
    [
      'a silent answer with both modalities',
      { type: 'response.create', response: { output_modalities: ['text', 'audio'] } },
      { code: 'invalid_value', param: 'response.output_modalities' },
    ],
  ])('%s', (_, request, expected) => {
    const driver = new SessionDriver();
    driver.send({ event_id: 'mine_1', ...request });
    const { code, param, message } = driver.error;
    expect(driver.error).toMatchObject({ type: 'invalid_request_error', event_id: 'mine_1' });
    expect(code).toBe(expected.code);
    if (expected.param !== undefined) expect(param).toBe(expected.param);
    if (expected.message !== undefined) expect(message).toMatch(expected.message);
  });

  test('is answered without an event id when it had none', () => {
    const driver = new SessionDriver();
    driver.session.receive('{"type":');
    expect(driver.error).toMatchObject({ code: 'invalid_json', event_id: null });
  });

  test('a second answer at once is refused with the id of the first', async () => {
    const driver = new SessionDriver();
    driver.type('hello');
    driver.send({ type: 'response.create' }, { type: 'response.create', event_id: 'second' });
    const { id } = record(driver.last('response.created').response);
    expect(driver.error).toEqual({
      type: 'invalid_request_error',
      code: 'conversation_already_has_active_response',
      message: `Conversation already has an active response in progress: ${String(id)}. Wait until the response is finished before creating a new one.`,
      param: null,
      event_id: 'second',
    });
    await driver.clock.advance(60_000);
    expect(driver.all('response.done')).toHaveLength(1);
  });

  test('an id can be used once', () => {
    const driver = new SessionDriver();
    const item = {
      id: 'item_mine',
      type: 'message',
      role: 'user',
      content: [{ type: 'input_text', text: 'x' }],
    };
    driver.send({ type: 'conversation.item.create', item }, { type: 'conversation.item.create', item });
    expect(driver.error).toMatchObject({ code: 'item_create_duplicate_item_id' });
    expect(driver.all('conversation.item.added')).toHaveLength(1);
  });

  test('too much sound at once is refused', () => {
    const driver = new SessionDriver();
    driver.send({ type: 'input_audio_buffer.append', audio: 'A'.repeat(21 * 1024 * 1024) });
    expect(driver.error).toMatchObject({ code: 'string_above_max_length', param: 'audio' });
  });
});

describe('whatever a client sends', () => {
  /** Shaped like requests, so that more than the first check is reached. */
  const types = [
    'session.update',
    'input_audio_buffer.append',
    'input_audio_buffer.commit',
    'input_audio_buffer.clear',
    'conversation.item.create',
    'conversation.item.retrieve',
    'conversation.item.delete',
    'conversation.item.truncate',
    'response.create',
    'response.cancel',
  ];
  const nearlyRequests = fc.record(
    {
      type: fc.constantFrom(...types),
      event_id: fc.oneof(fc.string(), fc.anything()),
      session: fc.oneof(fc.record({ type: fc.constant('realtime'), audio: fc.anything() }), fc.anything()),
      audio: fc.oneof(fc.base64String(), fc.string(), fc.anything()),
      item: fc.oneof(
        fc.record({
          type: fc.constantFrom('message', 'function_call', 'function_call_output'),
          role: fc.constantFrom('user', 'assistant', 'system', 'nobody'),
          content: fc.oneof(fc.constant([{ type: 'input_text', text: 'hi' }]), fc.anything()),
          call_id: fc.string(),
          output: fc.string(),
        }),
        fc.anything(),
      ),
      item_id: fc.oneof(fc.constant('item_5'), fc.anything()),
      content_index: fc.oneof(fc.nat(2), fc.anything()),
      audio_end_ms: fc.oneof(fc.integer(), fc.anything()),
      response: fc.oneof(fc.constant({}), fc.anything()),
      previous_item_id: fc.anything(),
    },
    { requiredKeys: ['type'] },
  );

  test('the session answers in JSON and goes on', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(nearlyRequests, fc.anything()), { maxLength: 12 }),
        fc.string(),
        async (requests, garbage) => {
          const driver = new SessionDriver();
          for (const request of requests) driver.session.receive(JSON.stringify(request) ?? garbage);
          driver.session.receive(garbage);
          await driver.clock.advance(30_000);
          expect(driver.events).toHaveLength(driver.frames.length);
          expect(driver.closed).toBeUndefined();
          const codes = driver.all('error').map(({ error }) => record(error).code);
          expect(codes).not.toContain('internal_error');
          expect(driver.all('response.done')).toHaveLength(driver.all('response.created').length);
          driver.forget();
          driver.send({ type: 'input_audio_buffer.clear' });
          expect(driver.types).toEqual(['input_audio_buffer.cleared']);
        },
      ),
      { numRuns: 300 },
    );
  });
});
