import type { RealtimeServerEvent as BetaEvent } from 'openai/resources/beta/realtime/realtime';
import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime';
import { describe, expect, test } from 'vitest';
import type { DialectId } from '../../../src/simulator/wire/dialect-ids.js';
import type { SessionDriver } from '../session-driver.js';
import { connect, weatherTool } from './dialect-driver.js';

const text: string = expect.any(String);
const count: number = expect.any(Number);
const usage = {
  total_tokens: count,
  input_tokens: count,
  output_tokens: count,
  input_token_details: {
    text_tokens: count,
    audio_tokens: count,
    image_tokens: 0,
    cached_tokens: 0,
    cached_tokens_details: { text_tokens: 0, audio_tokens: 0, image_tokens: 0 },
  },
  output_token_details: { text_tokens: count, audio_tokens: count },
};
const { image_tokens, cached_tokens_details, ...betaInput } = usage.input_token_details;

/** One frame of each kind, in which the compiler compares every field with the types that OpenAI publishes. */
const ga: { [Type in RealtimeServerEvent['type']]?: Extract<RealtimeServerEvent, { type: Type }> } = {
  'session.created': {
    type: 'session.created',
    event_id: text,
    session: {
      type: 'realtime',
      object: 'realtime.session',
      id: text,
      model: 'gpt-realtime-2.1',
      output_modalities: ['audio'],
      instructions: '',
      tools: [],
      tool_choice: 'auto',
      max_output_tokens: 'inf',
      tracing: null,
      truncation: 'auto',
      prompt: null,
      expires_at: count,
      // @ts-expect-error the types leave out that it is null
      include: null,
      audio: {
        input: {
          format: { type: 'audio/pcm', rate: 24_000 },
          // @ts-expect-error the types leave out that it is null
          transcription: null,
          // @ts-expect-error the types leave out that it is null
          noise_reduction: null,
          turn_detection: {
            type: 'server_vad',
            threshold: 0.5,
            prefix_padding_ms: 300,
            silence_duration_ms: 500,
            idle_timeout_ms: null,
            create_response: true,
            interrupt_response: true,
          },
        },
        output: { format: { type: 'audio/pcm', rate: 24_000 }, voice: 'marin', speed: 1 },
      },
    },
  },
  'input_audio_buffer.speech_started': {
    type: 'input_audio_buffer.speech_started',
    event_id: text,
    audio_start_ms: count,
    item_id: text,
  },
  'input_audio_buffer.speech_stopped': {
    type: 'input_audio_buffer.speech_stopped',
    event_id: text,
    audio_end_ms: count,
    item_id: text,
  },
  'input_audio_buffer.committed': {
    type: 'input_audio_buffer.committed',
    event_id: text,
    previous_item_id: null,
    item_id: text,
  },
  'response.output_item.added': {
    type: 'response.output_item.added',
    event_id: text,
    response_id: text,
    output_index: count,
    item: {
      id: text,
      object: 'realtime.item',
      type: 'message',
      status: 'in_progress',
      role: 'assistant',
      content: [],
    },
  },
  'response.content_part.added': {
    type: 'response.content_part.added',
    event_id: text,
    response_id: text,
    item_id: text,
    output_index: 0,
    content_index: 0,
    part: { type: 'audio', transcript: '' },
  },
  'response.output_audio_transcript.done': {
    type: 'response.output_audio_transcript.done',
    event_id: text,
    response_id: text,
    item_id: text,
    output_index: 0,
    content_index: 0,
    transcript: 'It is fine.',
  },
  'response.output_audio.delta': {
    type: 'response.output_audio.delta',
    event_id: text,
    response_id: text,
    item_id: text,
    output_index: 0,
    content_index: 0,
    delta: text,
  },
  'response.function_call_arguments.done': {
    type: 'response.function_call_arguments.done',
    event_id: text,
    response_id: text,
    item_id: text,
    output_index: 0,
    call_id: text,
    name: 'get_weather',
    arguments: '{"city":"Paris"}',
  },
  'conversation.item.input_audio_transcription.completed': {
    type: 'conversation.item.input_audio_transcription.completed',
    event_id: text,
    item_id: text,
    content_index: 0,
    transcript: 'How is the weather?',
    usage: { type: 'duration', seconds: count },
  },
  'conversation.item.truncated': {
    type: 'conversation.item.truncated',
    event_id: text,
    item_id: text,
    content_index: 0,
    audio_end_ms: 100,
  },
  'response.done': {
    type: 'response.done',
    event_id: text,
    response: {
      object: 'realtime.response',
      id: text,
      status: 'completed',
      // @ts-expect-error the types leave out that it is null
      status_details: null,
      output: expect.any(Array),
      conversation_id: text,
      output_modalities: ['audio'],
      max_output_tokens: 'inf',
      audio: { output: { format: { type: 'audio/pcm', rate: 24_000 }, voice: 'marin' } },
      usage,
      metadata: null,
    },
  },
  error: {
    type: 'error',
    event_id: text,
    error: {
      type: 'invalid_request_error',
      code: 'response_cancel_not_active',
      message: text,
      param: null,
      event_id: null,
    },
  },
};

const beta: { [Type in BetaEvent['type']]?: Extract<BetaEvent, { type: Type }> } = {
  'conversation.item.created': {
    type: 'conversation.item.created',
    event_id: text,
    previous_item_id: expect.anything(),
    item: {
      id: text,
      object: 'realtime.item',
      type: 'message',
      status: 'in_progress',
      role: 'assistant',
      content: [],
    },
  },
  'response.audio.delta': {
    type: 'response.audio.delta',
    event_id: text,
    response_id: text,
    item_id: text,
    output_index: 0,
    content_index: 0,
    delta: text,
  },
  'response.audio_transcript.done': {
    type: 'response.audio_transcript.done',
    event_id: text,
    response_id: text,
    item_id: text,
    output_index: 0,
    content_index: 0,
    transcript: 'It is fine.',
  },
  'response.function_call_arguments.done': {
    type: 'response.function_call_arguments.done',
    event_id: text,
    response_id: text,
    item_id: text,
    output_index: 0,
    call_id: text,
    arguments: '{"city":"Paris"}',
  },
  'response.output_item.done': {
    type: 'response.output_item.done',
    event_id: text,
    response_id: text,
    output_index: 0,
    item: {
      id: text,
      object: 'realtime.item',
      type: 'message',
      status: 'completed',
      role: 'assistant',
      content: [{ type: 'audio', transcript: 'It is fine.' }],
    },
  },
  'response.done': {
    type: 'response.done',
    event_id: text,
    response: {
      object: 'realtime.response',
      id: text,
      status: 'completed',
      // @ts-expect-error the types leave out that it is null
      status_details: null,
      output: expect.any(Array),
      conversation_id: text,
      max_output_tokens: 'inf',
      usage: { ...usage, input_token_details: betaInput },
      metadata: null,
      modalities: ['text', 'audio'],
      voice: 'alloy',
      output_audio_format: 'pcm16',
      temperature: 0.8,
    },
  },
};

/** A spoken question, a tool, a spoken answer, a truncation and a mistake. */
async function talk(id: DialectId, settings: object, path?: string): Promise<SessionDriver> {
  const driver = await connect(id, {
    ...(path === undefined ? {} : { path }),
    scenario: {
      turns: [
        {
          heard: 'How is the weather?',
          tool: { name: 'get_weather', arguments: { city: 'Paris' } },
          afterTool: { said: 'It is {{tool.weather}}.' },
        },
      ],
    },
  });
  driver.send({ type: 'session.update', session: { tools: [weatherTool], ...settings } });
  await driver.speak();
  await driver.clock.advance(5000);
  const { call_id } = driver.last('response.function_call_arguments.done');
  driver.send(
    {
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id, output: '{"weather":"fine"}' },
    },
    { type: 'response.create' },
  );
  await driver.clock.advance(5000);
  const { item_id } = driver.last('response.content_part.added');
  driver.send({ type: 'conversation.item.truncate', item_id, content_index: 0, audio_end_ms: 100 });
  driver.send({ type: 'response.cancel' });
  return driver;
}

const transcription = { model: 'whisper-1' };
const gaSettings = { type: 'realtime', audio: { input: { transcription } } };

describe('what is sent agrees with the published types', () => {
  test.each([
    ['openai', undefined],
    ['azure', '/openai/v1/realtime?model=gpt-realtime-2.1'],
  ] as const)('of the generally available dialect, from %s', async (id, path) => {
    const azure = { ...gaSettings, audio: { input: { transcription: { model: 'gpt-4o-transcribe' } } } };
    const driver = await talk(id, id === 'azure' ? azure : gaSettings, path);
    const counted = { type: 'tokens' };
    for (const [type, frame] of Object.entries(ga)) {
      const isTranscript = type.endsWith('transcription.completed');
      const expected =
        isTranscript && id === 'azure' ? { ...frame, usage: expect.objectContaining(counted) } : frame;
      expect(driver.all(type)).toContainEqual(expected);
    }
  });

  test('of the beta', async () => {
    const driver = await talk('beta', { input_audio_transcription: transcription });
    for (const [type, frame] of Object.entries(beta)) expect(driver.all(type)).toContainEqual(frame);
  });
});
