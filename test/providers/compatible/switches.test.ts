import { describe, expect, it } from 'vitest';
import { requireText } from '../../../src/base/json.js';
import type { Command } from '../../../src/contract/commands.js';
import type { SessionSettings } from '../../../src/contract/settings.js';
import { createCompatibleCodec } from '../../../src/providers/compatible/codec.js';
import {
  betaDialect,
  gaDialect,
  type Quirks,
  type Switches,
} from '../../../src/providers/compatible/switches.js';

function codec(switches: Partial<Switches>, base: Switches = gaDialect) {
  return createCompatibleCodec({ ...base, format: { kind: 'unsaid' }, ...switches });
}

function sessionOf(settings: SessionSettings, switches: Partial<Switches>, base?: Switches): unknown {
  const [frame] = codec(switches, base).encode({ type: 'session.update', settings });
  return JSON.parse(String(frame)).session;
}

function sent(command: Command, switches: Partial<Switches>): unknown[] {
  return codec(switches)
    .encode(command)
    .map((frame) => JSON.parse(String(frame)));
}

const decode = (switches: Partial<Switches>, ...frames: object[]) => {
  const { decode: read } = codec(switches);
  return frames.map((frame) => read(JSON.stringify(frame)));
};

const tool = { name: 'f', description: 'F', parameters: { type: 'object' } };
const noTool: Quirks = {};

describe('switches of the session', () => {
  it.each<[string, SessionSettings, Partial<Switches>, unknown]>([
    ['sessionType', {}, { sessionType: false }, {}],
    [
      'format: words',
      {},
      { sessionType: false, format: { kind: 'word', input: 'pcm16', output: 'pcm24' } },
      { audio: { input: { format: 'pcm16' }, output: { format: 'pcm24' } } },
    ],
    [
      'format: objects',
      {},
      { sessionType: false, format: { kind: 'object' }, inputRateHz: 16_000, outputRateHz: 44_100 },
      {
        audio: {
          input: { format: { type: 'audio/pcm', rate: 16_000 } },
          output: { format: { type: 'audio/pcm', rate: 44_100 } },
        },
      },
    ],
    [
      'atTopLevel, of both',
      { voice: 'eve', turnDetection: { type: 'none' } },
      { atTopLevel: ['voice', 'turn_detection'], noTurnDetection: { type: null } },
      { type: 'realtime', voice: 'eve', turn_detection: { type: null } },
    ],
    [
      'atTopLevel, of one',
      { voice: 'eve', turnDetection: { type: 'client' } },
      { atTopLevel: ['voice'] },
      { type: 'realtime', voice: 'eve', audio: { input: { turn_detection: null } } },
    ],
    [
      'semanticTurns, without what follows',
      { turnDetection: { type: 'semantic', eagerness: 'low' } },
      { semanticTurns: 'smart_turn', turnsSayWhatFollows: false },
      { type: 'realtime', audio: { input: { turn_detection: { type: 'smart_turn', eagerness: 'low' } } } },
    ],
    [
      'modalities',
      { modality: 'audio' },
      { modalities: { key: 'modalities', audio: ['text', 'audio'] } },
      { type: 'realtime', modalities: ['text', 'audio'] },
    ],
    [
      'modalities, in writing',
      { modality: 'text' },
      { modalities: { key: 'modalities', audio: ['text', 'audio'] } },
      { type: 'realtime', modalities: ['text'] },
    ],
    [
      'maxTokensKey',
      { maxOutputTokens: 9 },
      { maxTokensKey: 'max_tokens' },
      { type: 'realtime', max_tokens: 9 },
    ],
    [
      'toolNesting',
      { tools: [tool], toolChoice: { name: 'f' } },
      { toolNesting: 'nested' },
      {
        type: 'realtime',
        tools: [{ type: 'function', function: tool }],
        tool_choice: { type: 'function', function: { name: 'f' } },
      },
    ],
    [
      'transcriptionModel: none',
      { transcription: { language: 'de' } },
      { transcriptionModel: null },
      { type: 'realtime' },
    ],
    [
      'transcriptionModel: none but the one that was asked for',
      { transcription: { model: 'ear', language: 'de' } },
      { transcriptionModel: null },
      { type: 'realtime', audio: { input: { transcription: { model: 'ear', language: 'de' } } } },
    ],
    [
      'transcriptionModelFixed',
      { transcription: { model: 'ear' } },
      { transcriptionModel: 'theirs', transcriptionModelFixed: true },
      { type: 'realtime', audio: { input: { transcription: { model: 'theirs' } } } },
    ],
    [
      'settings: what is not known is not sent',
      { temperature: 0.5, speed: 1.2, instructions: 'Be brief.' },
      { settings: ['temperature'] },
      { type: 'realtime', temperature: 0.5 },
    ],
    [
      'serverTools: what is not known is not sent',
      {
        serverTools: [{ type: 'web_search' }, { type: 'file_search', storeIds: ['s'] }, { type: 'x_search' }],
      },
      { serverTools: ['file_search', 'x_search'] },
      { type: 'realtime', tools: [{ type: 'file_search', vector_store_ids: ['s'] }, { type: 'x_search' }] },
    ],
  ])('%s', (_name, settings, switches, expected) => {
    expect(sessionOf(settings, switches)).toEqual(expected);
  });

  it('the beta, all together', () => {
    const settings: SessionSettings = {
      instructions: 'Be brief.',
      voice: 'alloy',
      modality: 'audio',
      tools: [tool],
      toolChoice: 'required',
      turnDetection: { type: 'server', threshold: 0.4, prefixPaddingMs: 1, silenceMs: 2 },
      transcription: { language: 'de', keywords: ['Oslo', 'Bergen'], prompt: 'Towns.' },
      noiseReduction: 'near',
      speed: 1.1,
      maxOutputTokens: 7,
      temperature: 0.7,
      reasoningEffort: 'low',
      tracing: 'auto',
    };
    expect(sessionOf(settings, { format: betaDialect.format }, betaDialect)).toEqual({
      instructions: 'Be brief.',
      modalities: ['text', 'audio'],
      voice: 'alloy',
      input_audio_format: 'pcm16',
      output_audio_format: 'pcm16',
      input_audio_noise_reduction: { type: 'near_field' },
      input_audio_transcription: { model: 'whisper-1', language: 'de', prompt: 'Towns. Oslo, Bergen' },
      turn_detection: {
        type: 'server_vad',
        threshold: 0.4,
        prefix_padding_ms: 1,
        silence_duration_ms: 2,
        create_response: true,
        interrupt_response: true,
      },
      speed: 1.1,
      temperature: 0.7,
      max_response_output_tokens: 7,
      tracing: 'auto',
      tools: [{ type: 'function', ...tool }],
      tool_choice: 'required',
    });
  });

  it('tools of both kinds share one list, which every update sends completely', () => {
    const { encode } = codec({});
    const update = (settings: SessionSettings) => {
      return JSON.parse(String(encode({ type: 'session.update', settings })[0])).session.tools;
    };
    const mcp = { type: 'mcp', label: 'cal', url: 'https://example.org/mcp', allowedTools: ['a'] } as const;
    const written = {
      type: 'mcp',
      server_label: 'cal',
      server_url: 'https://example.org/mcp',
      allowed_tools: ['a'],
    };
    expect(update({ tools: [tool], serverTools: [mcp] })).toEqual([{ type: 'function', ...tool }, written]);
    expect(update({ instructions: 'x' })).toBeUndefined();
    expect(update({ tools: [] })).toEqual([written]);
    expect(update({ serverTools: [] })).toEqual([]);
  });

  it('extra is merged deeply into the session, with the vendor’s own names', () => {
    const extra = JSON.parse(
      '{"audio":{"input":{"format":null,"turn_detection":{"threshold":0.9}},"output":{"model":"m"}},"tools":[],"__proto__":{"x":1}}',
    );
    const written = sessionOf({ turnDetection: { type: 'server' }, voice: 'v', tools: [tool], extra }, {});
    expect(written).toEqual({
      type: 'realtime',
      audio: {
        input: {
          format: null,
          turn_detection: {
            type: 'server_vad',
            threshold: 0.9,
            create_response: true,
            interrupt_response: true,
          },
        },
        output: { voice: 'v', model: 'm' },
      },
      tools: [],
      ['__proto__']: { x: 1 },
    });
  });
});

describe('switches of other frames', () => {
  it('content: the type of the assistant’s text', () => {
    const command: Command = {
      type: 'item.create',
      item: { kind: 'message', role: 'assistant', text: 'Hi' },
    };
    expect(sent(command, { content: 'beta' })).toMatchObject([
      { item: { content: [{ type: 'text', text: 'Hi' }] } },
    ]);
    expect(sent(command, {})).toMatchObject([{ item: { content: [{ type: 'output_text' }] } }]);
  });

  it('responseMetadata', () => {
    const command: Command = { type: 'response.create', eventId: 'e' };
    expect(sent(command, { responseMetadata: false })).toEqual([{ type: 'response.create', event_id: 'e' }]);
  });
});

const ids = { response_id: 'r', item_id: 'a', content_index: 0 };

describe('switches of decoding', () => {
  it('textIsSpoken, unless text output was asked for', () => {
    const frame = JSON.stringify({ type: 'response.output_text.delta', ...ids, delta: 'Hi' });
    const { decode: read, encode } = codec({ textIsSpoken: true });
    expect(read(frame)).toMatchObject([{ type: 'text.delta', spoken: true }]);
    encode({ type: 'session.update', settings: { modality: 'text' } });
    expect(read(frame)).toMatchObject([{ spoken: false }]);
    encode({ type: 'session.update', settings: { instructions: 'x' } });
    expect(read(frame)).toMatchObject([{ spoken: false }]);
    encode({ type: 'session.update', settings: { modality: 'audio' } });
    expect(read(frame)).toMatchObject([{ spoken: true }]);
  });

  it('repeatsTranscripts: updates until the turn is over, then final, and final again after a change', () => {
    const completed = (transcript: string, item_id = 'u') => {
      return { type: 'conversation.item.input_audio_transcription.completed', item_id, transcript };
    };
    const created = { type: 'response.created', response: { id: 'r' } };
    const events = decode(
      { repeatsTranscripts: true },
      completed('What'),
      completed('What'),
      completed('What time'),
      created,
      completed('What time is it'),
      completed('What time is it'),
      completed('And', 'v'),
      { type: 'input_audio_buffer.speech_started', item_id: 'w' },
    );
    expect(events).toEqual([
      [{ type: 'user.transcript.updated', itemId: 'u', text: 'What' }],
      [],
      [{ type: 'user.transcript.updated', itemId: 'u', text: 'What time' }],
      [
        { type: 'user.transcript.done', itemId: 'u', text: 'What time' },
        { type: 'response.created', responseId: 'r', createEventId: undefined },
      ],
      [{ type: 'user.transcript.updated', itemId: 'u', text: 'What time is it' }],
      [],
      [{ type: 'user.transcript.updated', itemId: 'v', text: 'And' }],
      [
        { type: 'user.transcript.done', itemId: 'v', text: 'And' },
        { type: 'speech.started', itemId: 'w', audioStartMs: undefined },
      ],
    ]);
  });

  it('repeatsTranscripts: a transcript marked as complete is final, whatever comes after it', () => {
    const words = (type: string, transcript: string, status?: string) => {
      return {
        type: `conversation.item.input_audio_transcription.${type}`,
        item_id: 'u',
        transcript,
        status,
      };
    };
    const events = decode(
      { repeatsTranscripts: true },
      words('completed', 'What', 'in_progress'),
      words('completed', 'What', 'completed'),
      words('completed', 'What', 'completed'),
      words('updated', 'Wha'),
      words('completed', 'Wha', 'in_progress'),
      { type: 'response.created', response: { id: 'r' } },
    );
    expect(events).toMatchObject([
      [{ type: 'user.transcript.updated', text: 'What' }],
      [{ type: 'user.transcript.done', text: 'What' }],
      [],
      [],
      [],
      [{ type: 'response.created' }],
    ]);
  });

  it('errors: the codes of a vendor take precedence over the known ones', () => {
    const errors = new Map([['session_expired', { fatal: false, cause: undefined, hint: 'Never mind.' }]]);
    const frame = { type: 'error', error: { code: 'session_expired', message: 'Over.' } };
    expect(decode({ errors }, frame)).toMatchObject([[{ fatal: false, hint: 'Never mind.' }]]);
    expect(decode({}, frame)).toMatchObject([[{ fatal: true }]]);
  });

  it('usage beside the response if it is empty inside', () => {
    const usage = { input_tokens: 2, output_tokens: 3, total_tokens: 5 };
    const frame = { type: 'response.done', response: { id: 'r', status: 'completed', usage: {} }, usage };
    expect(decode({}, frame)).toMatchObject([[{ usage: { total: 5 } }]]);
  });
});

describe('hooks', () => {
  const withQuirks = (quirks: Quirks) => ({ quirks: () => quirks });

  it('see every command, and may drop, hold back or add', () => {
    const held: Command[] = [];
    const { encode } = codec(
      withQuirks({
        command: (command) => {
          if (command.type === 'audio.clear') return [];
          if (command.type === 'audio.commit') held.push(command);
          return command.type === 'response.create' ? [...held, command] : [];
        },
      }),
    );
    expect(encode({ type: 'audio.clear' })).toEqual([]);
    expect(encode({ type: 'audio.append', audio: new Uint8Array(2) })).toEqual([]);
    expect(encode({ type: 'audio.commit' })).toEqual([]);
    expect(encode({ type: 'response.create' }).map((frame) => JSON.parse(String(frame)).type)).toEqual([
      'input_audio_buffer.commit',
      'response.create',
    ]);
  });

  it('revise the session and the tools before extra is merged', () => {
    const quirks: Quirks = {
      session: (session, { voice }) => ({ ...session, seen: voice, order: 'quirk' }),
      tool: ({ name }, written) => ({ ...written, name: `my_${name}` }),
      serverTool: ({ type }) => ({ type: `my_${type}` }),
    };
    const settings: SessionSettings = {
      voice: 'v',
      tools: [tool],
      serverTools: [{ type: 'mcp', label: 'm' }],
      extra: { order: 'extra' },
    };
    expect(sessionOf(settings, withQuirks(quirks))).toMatchObject({
      seen: 'v',
      order: 'extra',
      tools: [{ type: 'function', name: 'my_f' }, { type: 'my_mcp' }],
    });
  });

  it('see every frame we send except audio', () => {
    const outgoing: Quirks['outgoing'] = (frame, { type }) =>
      type === 'audio.clear' ? null : { ...frame, extra: 1 };
    const { encode } = codec(withQuirks({ outgoing }));
    expect(encode({ type: 'audio.clear' })).toEqual([]);
    expect(encode({ type: 'response.cancel' })).toEqual(['{"type":"response.cancel","extra":1}']);
    expect(encode({ type: 'audio.append', audio: new Uint8Array(3) })).toEqual([
      '{"type":"input_audio_buffer.append","audio":"AAAA"}',
    ]);
  });

  it('see every frame of the server, before and after', () => {
    const quirks: Quirks = {
      incoming: (frame) => (frame.type === 'noise' ? null : { ...frame, type: requireText(frame, 'kind') }),
      events: (events, { kind }) => [...events, { type: 'other', name: 'after', raw: kind }],
    };
    const after = { type: 'other', name: 'after', raw: 'input_audio_buffer.cleared' };
    expect(
      decode(withQuirks(quirks), { type: 'noise' }, { kind: 'input_audio_buffer.cleared' }, { type: 'x' }),
    ).toMatchObject([
      [],
      [{ type: 'input.cleared' }, after],
      // If a guard throws in a hook, the frame counts as unreadable.
      [{ type: 'error', source: 'protocol', message: 'The server sent "x", but kind is missing.' }],
    ]);
  });

  it('are created for every connection', () => {
    let made = 0;
    const switches: Switches = {
      ...gaDialect,
      quirks: () => {
        made += 1;
        return noTool;
      },
    };
    createCompatibleCodec(switches);
    createCompatibleCodec(switches);
    expect(made).toBe(2);
  });
});

describe('createAfterServerTool', () => {
  const call = { id: 'm', type: 'mcp_call', server_label: 's', name: 'f', arguments: '{}' };
  const frames = [
    { type: 'response.output_item.added', response_id: 'r', item: call },
    { type: 'conversation.item.done', item: { ...call, output: 'fine' } },
  ];

  it('reports the start and end of a call, so that the answer can be asked for', () => {
    expect(decode({ createAfterServerTool: true }, ...frames)).toMatchObject([
      [{ type: 'output.item.added' }, { type: 'server.tool.started', itemId: 'm' }],
      [{ type: 'item.done' }, { type: 'server.tool.done', itemId: 'm' }],
    ]);
  });

  it('reports nothing if the response continues by itself', () => {
    const alone = { createAfterServerTool: false };
    expect(
      decode(alone, ...frames)
        .flat()
        .map(({ type }) => type),
    ).toEqual(['output.item.added', 'item.done']);
  });
});
