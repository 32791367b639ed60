import type { RealtimeClientEvent, RealtimeServerEvent } from 'openai/resources/beta/realtime/realtime';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/contract/commands.js';
import { createCompatibleCodec } from '../../../src/providers/compatible/codec.js';
import { betaDialect } from '../../../src/providers/compatible/switches.js';

// The compiler checks that every server event of the former types is listed, and nothing else.
const treatment: Record<RealtimeServerEvent['type'], 'decoded' | 'duplicate' | 'without meaning'> = {
  error: 'decoded',
  'session.created': 'decoded',
  'session.updated': 'decoded',
  'rate_limits.updated': 'decoded',
  'input_audio_buffer.speech_started': 'decoded',
  'input_audio_buffer.speech_stopped': 'decoded',
  'input_audio_buffer.committed': 'decoded',
  'input_audio_buffer.cleared': 'decoded',
  'conversation.item.created': 'decoded',
  'conversation.item.deleted': 'decoded',
  'conversation.item.truncated': 'decoded',
  'conversation.item.input_audio_transcription.delta': 'decoded',
  'conversation.item.input_audio_transcription.completed': 'decoded',
  'conversation.item.input_audio_transcription.failed': 'decoded',
  'response.created': 'decoded',
  'response.done': 'decoded',
  'response.output_item.added': 'decoded',
  'response.output_item.done': 'decoded',
  'response.audio.delta': 'decoded',
  'response.audio.done': 'decoded',
  'response.audio_transcript.delta': 'decoded',
  'response.audio_transcript.done': 'decoded',
  'response.text.delta': 'decoded',
  'response.text.done': 'decoded',
  'response.function_call_arguments.delta': 'decoded',
  // Kept until the item or its response is done, or repeated in more detail by the deltas.
  'response.function_call_arguments.done': 'duplicate',
  'response.content_part.added': 'duplicate',
  'response.content_part.done': 'duplicate',
  // We never retrieve items, transcribe only, or speak by WebRTC; and the conversation needs no id.
  'conversation.created': 'without meaning',
  'conversation.item.retrieved': 'without meaning',
  'transcription_session.updated': 'without meaning',
  'output_audio_buffer.started': 'without meaning',
  'output_audio_buffer.stopped': 'without meaning',
  'output_audio_buffer.cleared': 'without meaning',
};

describe('server events of the former types', () => {
  it.each(Object.entries(treatment))('%s is %s', (type, expected) => {
    const [event] = createCompatibleCodec(betaDialect).decode(JSON.stringify({ type }));
    const found = event === undefined ? 'duplicate' : event.type === 'other' ? 'without meaning' : 'decoded';
    expect(found).toBe(expected);
  });
});

/** Commands and the frames they must become. The compiler checks the frames against the former types. */
const frames: [string, Command, RealtimeClientEvent][] = [
  [
    'all settings',
    {
      type: 'session.update',
      eventId: 'vt_1',
      settings: {
        instructions: 'Be brief.',
        voice: 'sage',
        modality: 'audio',
        tools: [{ name: 'f', description: 'F', parameters: { type: 'object' } }],
        toolChoice: 'auto',
        turnDetection: { type: 'semantic', eagerness: 'low' },
        transcription: { language: 'de', prompt: 'Oslo' },
        noiseReduction: 'far',
        speed: 1.2,
        temperature: 0.8,
        maxOutputTokens: 512,
        tracing: { workflowName: 'talk' },
      },
    },
    {
      type: 'session.update',
      event_id: 'vt_1',
      session: {
        instructions: 'Be brief.',
        modalities: ['text', 'audio'],
        voice: 'sage',
        input_audio_format: 'pcm16',
        output_audio_format: 'pcm16',
        input_audio_noise_reduction: { type: 'far_field' },
        input_audio_transcription: { model: 'whisper-1', language: 'de', prompt: 'Oslo' },
        turn_detection: {
          type: 'semantic_vad',
          eagerness: 'low',
          create_response: true,
          interrupt_response: true,
        },
        speed: 1.2,
        temperature: 0.8,
        max_response_output_tokens: 512,
        tracing: { workflow_name: 'talk' },
        tools: [{ type: 'function', name: 'f', description: 'F', parameters: { type: 'object' } }],
        tool_choice: 'auto',
      },
    },
  ],
  [
    "the assistant's words, said again after a reconnect",
    { type: 'item.create', item: { kind: 'message', role: 'assistant', text: 'Hi' } },
    {
      type: 'conversation.item.create',
      item: { type: 'message', role: 'assistant', content: [{ type: 'text', text: 'Hi' }] },
    },
  ],
  [
    'asking for a response',
    { type: 'response.create', eventId: 'e' },
    { type: 'response.create', event_id: 'e' },
  ],
  ['cancelling', { type: 'response.cancel', responseId: 'r' }, { type: 'response.cancel', response_id: 'r' }],
];

describe('client events of the former types', () => {
  it.each(frames)('%s', (_name, command, expected) => {
    const encoded = createCompatibleCodec(betaDialect).encode(command);
    expect(encoded.map((frame) => JSON.parse(String(frame)))).toEqual([expected]);
  });
});
