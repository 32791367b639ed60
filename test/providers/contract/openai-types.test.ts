import type { RealtimeClientEvent, RealtimeServerEvent } from 'openai/resources/realtime/realtime';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/contract/commands.js';
import { createCompatibleCodec } from '../../../src/providers/compatible/codec.js';
import { gaDialect } from '../../../src/providers/compatible/switches.js';

function newCodec() {
  return createCompatibleCodec({ ...gaDialect, transcriptionModel: 'whisper-1' });
}

// The compiler checks that every server event of the published types is listed, and nothing else.
const treatment: Record<RealtimeServerEvent['type'], 'decoded' | 'duplicate' | 'without meaning'> = {
  error: 'decoded',
  'session.created': 'decoded',
  'session.updated': 'decoded',
  'rate_limits.updated': 'decoded',
  'input_audio_buffer.speech_started': 'decoded',
  'input_audio_buffer.speech_stopped': 'decoded',
  'input_audio_buffer.committed': 'decoded',
  'input_audio_buffer.cleared': 'decoded',
  'input_audio_buffer.timeout_triggered': 'decoded',
  'conversation.item.added': 'decoded',
  'conversation.item.created': 'decoded',
  'conversation.item.done': 'decoded',
  'conversation.item.deleted': 'decoded',
  'conversation.item.truncated': 'decoded',
  'conversation.item.input_audio_transcription.delta': 'decoded',
  'conversation.item.input_audio_transcription.completed': 'decoded',
  'conversation.item.input_audio_transcription.failed': 'decoded',
  'response.created': 'decoded',
  'response.done': 'decoded',
  'response.output_item.added': 'decoded',
  'response.output_item.done': 'decoded',
  'response.output_audio.delta': 'decoded',
  'response.output_audio.done': 'decoded',
  'response.output_audio_transcript.delta': 'decoded',
  'response.output_audio_transcript.done': 'decoded',
  'response.output_text.delta': 'decoded',
  'response.output_text.done': 'decoded',
  'response.function_call_arguments.delta': 'decoded',
  // Kept until the item or its response is done, or repeated in more detail by the deltas.
  'response.function_call_arguments.done': 'duplicate',
  'response.content_part.added': 'duplicate',
  'response.content_part.done': 'duplicate',
  // We never retrieve items, and the conversation needs no id.
  'conversation.created': 'without meaning',
  'conversation.item.retrieved': 'without meaning',
  // Speaker labels of transcription models that are not for conversations.
  'conversation.item.input_audio_transcription.segment': 'without meaning',
  // WebRTC and telephone only.
  'input_audio_buffer.dtmf_event_received': 'without meaning',
  'output_audio_buffer.started': 'without meaning',
  'output_audio_buffer.stopped': 'without meaning',
  'output_audio_buffer.cleared': 'without meaning',
  // Server tools: only their end and failures matter, and their items report the start.
  'mcp_list_tools.in_progress': 'without meaning',
  'mcp_list_tools.completed': 'without meaning',
  'mcp_list_tools.failed': 'decoded',
  'response.mcp_call_arguments.delta': 'without meaning',
  'response.mcp_call_arguments.done': 'without meaning',
  'response.mcp_call.in_progress': 'without meaning',
  // Forwarded unchanged, followed by the end of the call.
  'response.mcp_call.completed': 'without meaning',
  'response.mcp_call.failed': 'without meaning',
};

describe('server events of the published types', () => {
  it.each(Object.entries(treatment))('%s is %s', (type, expected) => {
    const [event] = newCodec().decode(JSON.stringify({ type }));
    const found = event === undefined ? 'duplicate' : event.type === 'other' ? 'without meaning' : 'decoded';
    expect(found).toBe(expected);
  });
});

const pcm24 = { type: 'audio/pcm', rate: 24_000 } as const;

/** Commands and the frames they must become. The compiler checks the frames against the published types. */
const frames: [string, Command, RealtimeClientEvent][] = [
  [
    'the first settings declare the formats',
    { type: 'session.update', settings: {} },
    {
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { format: pcm24 }, output: { format: pcm24 } } },
    },
  ],
  [
    'all settings',
    {
      type: 'session.update',
      eventId: 'vt_1',
      settings: {
        instructions: 'Be brief.',
        voice: 'cedar',
        modality: 'audio',
        tools: [{ name: 'f', description: 'F', parameters: { type: 'object' } }],
        toolChoice: { name: 'f' },
        turnDetection: {
          type: 'server',
          threshold: 0.6,
          prefixPaddingMs: 200,
          silenceMs: 400,
          idleTimeoutMs: 6000,
        },
        transcription: { model: 'gpt-realtime-whisper', language: 'de', prompt: 'Oslo' },
        noiseReduction: 'far',
        speed: 1.2,
        maxOutputTokens: 512,
        reasoningEffort: 'low',
      },
    },
    {
      type: 'session.update',
      event_id: 'vt_1',
      session: {
        type: 'realtime',
        instructions: 'Be brief.',
        output_modalities: ['audio'],
        audio: {
          input: {
            format: pcm24,
            noise_reduction: { type: 'far_field' },
            transcription: { model: 'gpt-realtime-whisper', language: 'de', prompt: 'Oslo' },
            turn_detection: {
              type: 'server_vad',
              threshold: 0.6,
              prefix_padding_ms: 200,
              silence_duration_ms: 400,
              idle_timeout_ms: 6000,
              create_response: true,
              interrupt_response: true,
            },
          },
          output: { format: pcm24, voice: 'cedar', speed: 1.2 },
        },
        tools: [{ type: 'function', name: 'f', description: 'F', parameters: { type: 'object' } }],
        tool_choice: { type: 'function', name: 'f' },
        max_output_tokens: 512,
        reasoning: { effort: 'low' },
      },
    },
  ],
  [
    'what else the provider can be told',
    {
      type: 'session.update',
      settings: {
        prompt: { id: 'pmpt_1', version: '2', variables: { city: 'Oslo' } },
        tracing: { workflowName: 'talk', groupId: 'g', metadata: { who: 'me' } },
        contextTruncation: { retentionRatio: 0.8, postInstructionTokens: 8000 },
        serverTools: [
          {
            type: 'mcp',
            label: 'calendar',
            url: 'https://example.org/mcp',
            authorization: 'secret',
            headers: { 'X-A': 'b' },
            allowedTools: ['list_events'],
            requireApproval: 'never',
          },
          { type: 'mcp', label: 'mail', connectorId: 'connector_gmail' },
          // Not OpenAI's.
          { type: 'web_search' },
        ],
      },
    },
    {
      type: 'session.update',
      session: {
        type: 'realtime',
        audio: { input: { format: pcm24 }, output: { format: pcm24 } },
        prompt: { id: 'pmpt_1', version: '2', variables: { city: 'Oslo' } },
        tracing: { workflow_name: 'talk', group_id: 'g', metadata: { who: 'me' } },
        truncation: {
          type: 'retention_ratio',
          retention_ratio: 0.8,
          token_limits: { post_instructions: 8000 },
        },
        tools: [
          {
            type: 'mcp',
            server_label: 'calendar',
            server_url: 'https://example.org/mcp',
            authorization: 'secret',
            headers: { 'X-A': 'b' },
            allowed_tools: ['list_events'],
            require_approval: 'never',
          },
          { type: 'mcp', server_label: 'mail', connector_id: 'connector_gmail' },
        ],
      },
    },
  ],
  [
    'tracing and forgetting as the provider likes',
    { type: 'session.update', settings: { tracing: 'auto', contextTruncation: 'disabled' } },
    {
      type: 'session.update',
      session: {
        type: 'realtime',
        audio: { input: { format: pcm24 }, output: { format: pcm24 } },
        tracing: 'auto',
        truncation: 'disabled',
      },
    },
  ],
  [
    'turns by meaning, and answers in writing',
    {
      type: 'session.update',
      settings: {
        turnDetection: { type: 'semantic', eagerness: 'high' },
        modality: 'text',
        toolChoice: 'none',
      },
    },
    {
      type: 'session.update',
      session: {
        type: 'realtime',
        output_modalities: ['text'],
        audio: {
          input: {
            format: pcm24,
            turn_detection: {
              type: 'semantic_vad',
              eagerness: 'high',
              create_response: true,
              interrupt_response: true,
            },
          },
          output: { format: pcm24 },
        },
        tool_choice: 'none',
      },
    },
  ],
  [
    'no turn detection, and transcripts by the usual model',
    { type: 'session.update', settings: { turnDetection: { type: 'none' }, transcription: {} } },
    {
      type: 'session.update',
      session: {
        type: 'realtime',
        audio: {
          input: { format: pcm24, transcription: { model: 'whisper-1' }, turn_detection: null },
          output: { format: pcm24 },
        },
      },
    },
  ],
  [
    'sound',
    { type: 'audio.append', audio: new Uint8Array([1, 0, 255, 127]).subarray(2) },
    { type: 'input_audio_buffer.append', audio: '/38=' },
  ],
  ['commit', { type: 'audio.commit', eventId: 'e' }, { type: 'input_audio_buffer.commit', event_id: 'e' }],
  ['clear', { type: 'audio.clear' }, { type: 'input_audio_buffer.clear' }],
  [
    'typed words',
    {
      type: 'item.create',
      item: { kind: 'message', itemId: 'i', role: 'user', text: 'Hello' },
      eventId: 'e',
    },
    {
      type: 'conversation.item.create',
      event_id: 'e',
      item: { id: 'i', type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hello' }] },
    },
  ],
  [
    "the assistant's words, said again after a reconnect",
    { type: 'item.create', item: { kind: 'message', role: 'assistant', text: 'Hi' }, previousItemId: 'root' },
    {
      type: 'conversation.item.create',
      previous_item_id: 'root',
      item: { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hi' }] },
    },
  ],
  [
    'a note from the program',
    { type: 'item.create', item: { kind: 'message', role: 'system', text: 'It is late.' } },
    {
      type: 'conversation.item.create',
      item: { type: 'message', role: 'system', content: [{ type: 'input_text', text: 'It is late.' }] },
    },
  ],
  [
    'a picture',
    { type: 'item.create', item: { kind: 'image', mime: 'image/png', data: new Uint8Array([1, 2, 3]) } },
    {
      type: 'conversation.item.create',
      item: {
        type: 'message',
        role: 'user',
        content: [{ type: 'input_image', image_url: 'data:image/png;base64,AQID' }],
      },
    },
  ],
  [
    'a call, said again after a reconnect',
    { type: 'item.create', item: { kind: 'tool.call', callId: 'c', name: 'f', arguments: '{"a":1}' } },
    {
      type: 'conversation.item.create',
      item: { type: 'function_call', call_id: 'c', name: 'f', arguments: '{"a":1}' },
    },
  ],
  [
    'a result',
    { type: 'item.create', item: { kind: 'tool.output', callId: 'c', output: 'fine' } },
    {
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: 'c', output: 'fine' },
    },
  ],
  [
    'truncation',
    { type: 'item.truncate', itemId: 'i', contentIndex: 1, audioEndMs: 420, eventId: 'e' },
    { type: 'conversation.item.truncate', event_id: 'e', item_id: 'i', content_index: 1, audio_end_ms: 420 },
  ],
  ['deletion', { type: 'item.delete', itemId: 'i' }, { type: 'conversation.item.delete', item_id: 'i' }],
  [
    'asking for a response, so that it can be told from others',
    { type: 'response.create', eventId: 'e' },
    { type: 'response.create', event_id: 'e', response: { metadata: { voxterm_event: 'e' } } },
  ],
  ['asking for any response', { type: 'response.create' }, { type: 'response.create' }],
  [
    'cancelling',
    { type: 'response.cancel', responseId: 'r', eventId: 'e' },
    { type: 'response.cancel', event_id: 'e', response_id: 'r' },
  ],
  ['cancelling whatever runs', { type: 'response.cancel' }, { type: 'response.cancel' }],
];

describe('client events of the published types', () => {
  it.each(frames)('%s', (_name, command, expected) => {
    const encoded = newCodec().encode(command);
    expect(encoded.map((frame) => JSON.parse(String(frame)))).toEqual([expected]);
  });
});
