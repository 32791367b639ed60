import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/contract/commands.js';
import type { SessionSettings } from '../../../src/contract/settings.js';
import { xai } from '../../../src/providers/xai/provider.js';

function open() {
  const codec = xai.codec({ model: xai.defaultModel, env: {} });
  const send = (...commands: readonly Command[]): unknown[] =>
    commands.flatMap((command) => codec.encode(command)).map((frame) => JSON.parse(String(frame)));
  return { send, hear: (frame: object) => codec.decode(JSON.stringify(frame)) };
}

function session(settings: SessionSettings): unknown {
  const [frame] = open().send({ type: 'session.update', settings });
  return frame;
}

const pcm = { type: 'audio/pcm', rate: 24_000 };
const parameters = { type: 'object', properties: {} };

describe('session.update', () => {
  it('has voice and turn detection at the top level, and neither type nor modality', () => {
    const settings: SessionSettings = {
      instructions: 'Be brief.',
      voice: 'ara',
      modality: 'text',
      tools: [{ name: 'get_time', description: 'The time', parameters }],
      toolChoice: 'auto',
      turnDetection: { type: 'server', threshold: 0.6, prefixPaddingMs: 333, silenceMs: 500 },
      transcription: { model: 'whisper-1', language: 'de', keywords: ['Ada'], prompt: 'names' },
      speed: 1.2,
      reasoningEffort: 'high',
      maxOutputTokens: 100,
    };
    expect(session(settings)).toEqual({
      type: 'session.update',
      session: {
        instructions: 'Be brief.',
        voice: 'ara',
        turn_detection: {
          type: 'server_vad',
          threshold: 0.6,
          prefix_padding_ms: 333,
          silence_duration_ms: 500,
        },
        audio: {
          input: {
            format: pcm,
            transcription: { model: 'grok-transcribe', language_hint: 'de', keyterms: ['Ada'] },
          },
          output: { format: pcm, speed: 1.2 },
        },
        tools: [{ type: 'function', name: 'get_time', description: 'The time', parameters }],
        tool_choice: 'auto',
        reasoning: { effort: 'high' },
        resumption: { enabled: true },
      },
    });
  });

  it('declares the formats once, and asks for resumption with every update', () => {
    const { send } = open();
    send({ type: 'session.update', settings: {} });
    expect(send({ type: 'session.update', settings: { instructions: 'Now in German.' } })).toEqual([
      { type: 'session.update', session: { instructions: 'Now in German.', resumption: { enabled: true } } },
    ]);
  });

  it('asks for turn detection first, which a new session does not have', () => {
    const { send } = open();
    const turn_detection = { type: 'server_vad' };
    expect(send({ type: 'session.update', settings: {} })).toMatchObject([{ session: { turn_detection } }]);
    const [later] = send({ type: 'session.update', settings: {} });
    expect(later).not.toHaveProperty('session.turn_detection');
  });

  it.each([
    [{ type: 'none' }, { type: null }],
    [{ type: 'client' }, { type: null }],
    [{ type: 'semantic', eagerness: 'high' }, { type: 'server_vad' }],
    [
      { type: 'server', threshold: 0 },
      { type: 'server_vad', threshold: 0.1 },
    ],
    [
      { type: 'server', threshold: 1, silenceMs: 20_000 },
      { type: 'server_vad', threshold: 0.9, silence_duration_ms: 10_000 },
    ],
  ] as const)('turns %o', (turnDetection, turn_detection) => {
    expect(session({ turnDetection })).toMatchObject({ session: { turn_detection } });
  });

  it.each([
    ['none', 'none'],
    ['minimal', 'none'],
    ['low', 'none'],
    ['medium', 'high'],
    ['xhigh', 'high'],
  ] as const)('thinking %s is %s', (reasoningEffort, effort) => {
    expect(session({ reasoningEffort })).toMatchObject({ session: { reasoning: { effort } } });
  });

  it('limits the speed to what the server accepts', () => {
    expect(session({ speed: 0.5 })).toMatchObject({ session: { audio: { output: { speed: 0.7 } } } });
  });

  it('lists the server tools', () => {
    const serverTools: SessionSettings['serverTools'] = [
      { type: 'web_search' },
      { type: 'x_search' },
      { type: 'file_search', storeIds: ['collection_1'] },
      { type: 'mcp', label: 'docs', url: 'https://example.org/mcp', allowedTools: ['find'] },
    ];
    expect(session({ serverTools })).toMatchObject({
      session: {
        tools: [
          { type: 'web_search' },
          { type: 'x_search' },
          { type: 'file_search', vector_store_ids: ['collection_1'] },
          {
            type: 'mcp',
            server_label: 'docs',
            server_url: 'https://example.org/mcp',
            allowed_tools: ['find'],
          },
        ],
      },
    });
  });
});

describe('other commands', () => {
  it('are the usual ones, without truncation', () => {
    expect(
      open().send(
        { type: 'item.truncate', itemId: 'item_1', contentIndex: 0, audioEndMs: 10 },
        {
          type: 'item.create',
          item: { kind: 'tool.output', callId: 'call_1', output: '{}' },
          eventId: 'vt_1',
        },
        { type: 'item.create', item: { kind: 'message', role: 'user', text: 'Hello' }, eventId: 'vt_2' },
        { type: 'response.create', eventId: 'vt_3' },
        { type: 'response.cancel', responseId: 'resp_1', eventId: 'vt_4' },
      ),
    ).toEqual([
      {
        type: 'conversation.item.create',
        event_id: 'vt_1',
        item: { type: 'function_call_output', call_id: 'call_1', output: '{}' },
      },
      {
        type: 'conversation.item.create',
        event_id: 'vt_2',
        item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hello' }] },
      },
      { type: 'response.create', event_id: 'vt_3' },
      { type: 'response.cancel', event_id: 'vt_4', response_id: 'resp_1' },
    ]);
  });
});

describe('turns that we end ourselves', () => {
  const manual = { type: 'session.update', settings: { turnDetection: { type: 'none' } } } as const;
  const commit = { type: 'audio.commit' } as const;
  const create = { type: 'response.create' } as const;
  const text = { type: 'item.create', item: { kind: 'message', role: 'user', text: 'Hello' } } as const;
  const speech = { type: 'input_audio_buffer.speech_started', item_id: 'item_u' };
  const words = (frames: unknown[]) => frames.map((frame) => String(Object(frame).type).split('.').at(-1));

  it('are answered without a request if there was speech', () => {
    const { send, hear } = open();
    send(manual);
    hear(speech);
    expect(words(send(commit, create))).toEqual(['commit']);
    expect(words(send(create))).toEqual(['create']);
  });

  it('are answered without a request if the speech is detected after the commit', () => {
    const { send, hear } = open();
    send(manual);
    expect(words(send(commit))).toEqual(['commit']);
    hear(speech);
    hear({ type: 'input_audio_buffer.committed', item_id: 'item_u' });
    expect(words(send(create))).toEqual([]);
    // That speech says nothing about the next turn.
    expect(words(send(commit, create))).toEqual(['commit', 'create']);
  });

  it('are answered on request if there was no speech', () => {
    const { send } = open();
    send(manual);
    expect(words(send(commit, create))).toEqual(['commit', 'create']);
  });

  it('do not drop a response.create for a newer item', () => {
    const { send, hear } = open();
    send(manual);
    hear(speech);
    expect(words(send(commit, text, create))).toEqual(['commit', 'create', 'create']);
  });

  it('forget speech that was cleared', () => {
    const { send, hear } = open();
    send(manual);
    hear(speech);
    expect(words(send({ type: 'audio.clear' }, commit, create))).toEqual(['clear', 'commit', 'create']);
  });

  it('do not matter in a session with turn detection', () => {
    const { send, hear } = open();
    send({ type: 'session.update', settings: { turnDetection: { type: 'server' } } });
    hear(speech);
    expect(words(send(commit, create))).toEqual(['commit', 'create']);
  });
});

describe('a first connection', () => {
  it('treats every item as new, and any conversation as its own', () => {
    const { hear } = open();
    const conversation = { id: 'conv_9', object: 'realtime.conversation' };
    expect(hear({ type: 'conversation.created', conversation })).toEqual([
      { type: 'resume.handle', handle: 'conv_9' },
    ]);
    expect(hear({ type: 'conversation.item.added', item: { id: 'item_1', type: 'message' } })).toMatchObject([
      { type: 'item.added' },
    ]);
    expect(hear({ type: 'session.updated', session: {} })).toMatchObject([{ type: 'session.updated' }]);
  });

  it.each([{}, { conversation: null }, { conversation: { id: '' } }, { conversation: { id: 7 } }])(
    'has no handle without an id (%o)',
    (fields) => {
      expect(open().hear({ type: 'conversation.created', ...fields })).toMatchObject([{ type: 'other' }]);
    },
  );
});
