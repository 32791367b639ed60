import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/contract/commands.js';
import type { Frame } from '../../../src/contract/frame.js';
import type { SessionSettings } from '../../../src/contract/settings.js';
import { dashscope } from '../../../src/providers/dashscope/provider.js';

const parameters = { type: 'object', properties: { place: { type: 'string' } } };
const tools = [{ name: 'get_weather', description: 'The weather', parameters }];

function open(model = dashscope.defaultModel) {
  const codec = dashscope.codec({ model, env: {} });
  const parsed = (frame: Frame): unknown => JSON.parse(String(frame));
  return {
    send: (...commands: readonly Command[]) =>
      commands.flatMap((command) => codec.encode(command).map(parsed)),
    hear: (frame: object) => codec.decode(JSON.stringify(frame)),
    keepAlive: () => codec.keepAlive?.().map(parsed),
  };
}

function session(settings: SessionSettings, model?: string): unknown {
  const [frame] = open(model).send({ type: 'session.update', settings });
  return frame;
}

describe('session.update', () => {
  it('is flat, and nests the functions', () => {
    const settings: SessionSettings = {
      instructions: 'Be brief.',
      voice: 'Tina',
      modality: 'audio',
      tools,
      turnDetection: { type: 'server' },
      transcription: { language: 'de', model: 'whisper-1', prompt: 'names', keywords: ['Ada'] },
      maxOutputTokens: 512,
      temperature: 2,
      toolChoice: 'required',
      speed: 1.2,
    };
    expect(session(settings)).toEqual({
      type: 'session.update',
      session: {
        instructions: 'Be brief.',
        voice: 'Tina',
        modalities: ['text', 'audio'],
        input_audio_format: 'pcm',
        output_audio_format: 'pcm',
        input_audio_transcription: { model: 'qwen3-asr-flash-realtime' },
        turn_detection: { type: 'server_vad', threshold: 0.5, silence_duration_ms: 800 },
        tools: [
          { type: 'function', function: { name: 'get_weather', description: 'The weather', parameters } },
        ],
        max_tokens: 512,
        temperature: 1.99,
      },
    });
  });

  it('asks for text output alone with one modality', () => {
    expect(session({ modality: 'text' })).toMatchObject({ session: { modalities: ['text'] } });
  });

  it.each([
    ['qwen3.5-omni-flash-realtime', { type: 'none' }, null],
    ['qwen3.5-omni-flash-realtime', { type: 'client' }, null],
    ['qwen3.5-omni-flash-realtime', { type: 'semantic', eagerness: 'low' }, { type: 'semantic_vad' }],
    ['qwen-audio-3.0-realtime-flash', { type: 'semantic' }, { type: 'smart_turn' }],
    [
      'qwen3-omni-flash-realtime',
      { type: 'semantic' },
      { type: 'server_vad', threshold: 0.5, silence_duration_ms: 800 },
    ],
    ['qwen-audio-3.0-realtime-flash', { type: 'server' }, { type: 'server_vad' }],
    [
      'qwen3.5-omni-plus-realtime',
      { type: 'server', threshold: 0.2, prefixPaddingMs: 300, silenceMs: 100, idleTimeoutMs: 9000 },
      {
        type: 'server_vad',
        threshold: 0.2,
        prefix_padding_ms: 300,
        silence_duration_ms: 200,
        idle_timeout_ms: 9000,
      },
    ],
    [
      'qwen3-omni-flash-realtime',
      { type: 'server', silenceMs: 9000, idleTimeoutMs: 9000 },
      { type: 'server_vad', threshold: 0.5, silence_duration_ms: 6000 },
    ],
  ] as const)('%s: %o', (model, turnDetection, expected) => {
    expect(session({ turnDetection }, model)).toMatchObject({ session: { turn_detection: expected } });
  });

  it('names PCM16 as the older family does, whose sampling is fixed', () => {
    const settings = { temperature: 0.5, maxOutputTokens: 100, transcription: {} };
    expect(session(settings, 'qwen-omni-turbo-realtime')).toEqual({
      type: 'session.update',
      session: {
        input_audio_format: 'pcm16',
        output_audio_format: 'pcm16',
        input_audio_transcription: { model: 'gummy-realtime-v1' },
      },
    });
  });

  it('does not send tools to a model that would drop them, nor a transcription that cannot be chosen', () => {
    expect(session({ tools }, 'qwen3-omni-flash-realtime')).not.toHaveProperty('session.tools');
    expect(session({ transcription: {} }, 'qwen-audio-3.0-realtime-plus')).not.toHaveProperty(
      'session.input_audio_transcription',
    );
  });

  it('searches the web instead of declaring tools', () => {
    const sent = session({ tools, serverTools: [{ type: 'web_search' }] });
    expect(sent).toMatchObject({ session: { enable_search: true } });
    expect(sent).not.toHaveProperty('session.tools');
    expect(session({ tools, serverTools: [] })).toMatchObject({
      session: { enable_search: false, tools: [{ type: 'function' }] },
    });
  });

  it('merges the user’s extra fields', () => {
    const extra = { top_p: 0.8, smooth_output: true, search_options: { enable_source: true } };
    expect(session({ extra })).toMatchObject({ session: extra });
  });
});

describe('other commands', () => {
  it('are those of the beta', () => {
    expect(
      open().send(
        {
          type: 'item.create',
          item: { kind: 'tool.output', callId: 'call_1', output: '{}' },
          eventId: 'vt_1',
        },
        { type: 'response.create', eventId: 'vt_2' },
        { type: 'response.cancel', responseId: 'resp_1', eventId: 'vt_3' },
        { type: 'audio.commit', eventId: 'vt_4' },
        { type: 'audio.clear', eventId: 'vt_5' },
        { type: 'audio.append', audio: new Uint8Array([1, 0]) },
      ),
    ).toEqual([
      {
        type: 'conversation.item.create',
        event_id: 'vt_1',
        item: { type: 'function_call_output', call_id: 'call_1', output: '{}' },
      },
      { type: 'response.create', event_id: 'vt_2' },
      { type: 'response.cancel', event_id: 'vt_3' },
      { type: 'input_audio_buffer.commit', event_id: 'vt_4' },
      { type: 'input_audio_buffer.clear', event_id: 'vt_5' },
      { type: 'input_audio_buffer.append', audio: 'AQA=' },
    ]);
  });

  it('leave out what the family does not support', () => {
    const truncate = { type: 'item.truncate', itemId: 'item_1', contentIndex: 0, audioEndMs: 10 } as const;
    const remove = { type: 'item.delete', itemId: 'item_1' } as const;
    expect(open().send(truncate, remove)).toEqual([]);
    expect(open('qwen-audio-3.0-realtime-plus').send(truncate, remove)).toEqual([
      { type: 'conversation.item.delete', item_id: 'item_1' },
    ]);
  });
});

describe('keep-alive', () => {
  it('is a short silence if the server detects turns', () => {
    const [frame] = open().keepAlive() ?? [];
    expect(frame).toMatchObject({ type: 'input_audio_buffer.append' });
    expect(Buffer.from(Object(frame).audio, 'base64')).toEqual(Buffer.alloc(3200));
  });

  it('must not become part of a turn that we end', () => {
    const { send, keepAlive } = open();
    send({ type: 'session.update', settings: { turnDetection: { type: 'none' } } });
    expect(keepAlive()).toEqual([{ type: 'input_audio_buffer.clear' }]);
  });
});

describe('tools that the server drops', () => {
  const echo = (echoed: unknown) => ({ type: 'session.updated', session: { id: 's', tools: echoed } });

  it.each([null, []])('are reported once (%o)', (echoed) => {
    const { send, hear } = open();
    send({ type: 'session.update', settings: { tools } });
    const events = hear(echo(echoed));
    expect(events.map(({ type }) => type)).toEqual(['session.updated', 'error']);
    expect(events[1]).toMatchObject({ code: 'tools.ignored', fatal: false });
    expect(events[1]).toHaveProperty('message', expect.stringContaining('get_weather'));
    expect(hear(echo(echoed))).toHaveLength(1);
  });

  it('are not reported if they are in force, were not sent, or were replaced by the search', () => {
    const kept = open();
    kept.send({ type: 'session.update', settings: { tools } });
    expect(kept.hear(echo([{ type: 'function' }]))).toHaveLength(1);
    expect(kept.hear({ type: 'session.updated', session: {} })).toHaveLength(1);
    expect(open().hear(echo(null))).toHaveLength(1);
    const searching = open();
    searching.send({ type: 'session.update', settings: { tools, serverTools: [{ type: 'web_search' }] } });
    expect(searching.hear(echo(null))).toHaveLength(1);
  });
});
