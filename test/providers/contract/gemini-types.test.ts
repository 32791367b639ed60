import type {
  LiveClientMessage,
  LiveServerContent,
  LiveServerMessage,
  Part,
  TurnCompleteReason,
} from '@google/genai';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/contract/commands.js';
import { createGeminiCodec } from '../../../src/providers/gemini/codec.js';

/** The published types, with enumerations as the strings on the wire. */
type Wire<T> = T extends string
  ? `${T}`
  : T extends number | boolean | undefined | null
    ? T
    : T extends (infer Item)[]
      ? Wire<Item>[]
      : { [Key in keyof T]: Wire<T[Key]> };
type ClientMessage = Wire<LiveClientMessage>;

const [extended, newest, older, oldest] = [
  'gemini-3.8-live-extended-thinking',
  'gemini-3.8-live',
  'gemini-3.1-flash-live-preview',
  'gemini-2.5-flash-native-audio-latest',
] as const;

function newCodec(model: string = newest) {
  return createGeminiCodec({ model, env: {} });
}

function encoded(codec: ReturnType<typeof newCodec>, ...commands: readonly Command[]): unknown[] {
  return commands.flatMap((command) => codec.encode(command)).map((frame) => JSON.parse(String(frame)));
}

const always = {
  outputAudioTranscription: {},
  sessionResumption: {},
  contextWindowCompression: { slidingWindow: {} },
} as const;

const place = { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] };
const placeOnWire: { type: 'OBJECT'; properties: Record<string, { type: 'STRING' }>; required: string[] } = {
  type: 'OBJECT',
  properties: { place: { type: 'STRING' } },
  required: ['place'],
};
const weather = { name: 'get_weather', description: 'The weather', parameters: place };

/** Setups for settings. The compiler checks them against the published types. */
const setups: [string, string, Extract<Command, { type: 'session.update' }>['settings'], ClientMessage][] = [
  [
    'nothing',
    newest,
    {},
    {
      setup: {
        model: 'models/gemini-3.8-live',
        generationConfig: { responseModalities: ['AUDIO'] },
        ...always,
      },
    },
  ],
  [
    'everything on the newest',
    newest,
    {
      instructions: 'Be brief.',
      voice: 'Puck',
      modality: 'audio',
      tools: [weather, { ...weather, name: 'search_all', blocking: false }],
      serverTools: [{ type: 'web_search' }],
      turnDetection: { type: 'server', threshold: 0.8, prefixPaddingMs: 100, silenceMs: 600 },
      transcription: { language: 'de', keywords: ['voxterm'] },
      maxOutputTokens: 512,
      temperature: 0.7,
      reasoningEffort: 'high',
    },
    {
      setup: {
        model: 'models/gemini-3.8-live',
        generationConfig: {
          responseModalities: ['AUDIO'],
          speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Puck' } } },
          temperature: 0.7,
          maxOutputTokens: 512,
        },
        systemInstruction: { parts: [{ text: 'Be brief.' }] },
        tools: [
          {
            functionDeclarations: [
              {
                name: 'get_weather',
                description: 'The weather',
                parameters: placeOnWire,
                behavior: 'BLOCKING',
              },
              {
                name: 'search_all',
                description: 'The weather',
                parameters: placeOnWire,
                behavior: 'NON_BLOCKING',
              },
            ],
          },
          { googleSearch: {} },
        ],
        realtimeInputConfig: {
          automaticActivityDetection: {
            startOfSpeechSensitivity: 'START_SENSITIVITY_LOW',
            prefixPaddingMs: 100,
            silenceDurationMs: 600,
          },
        },
        inputAudioTranscription: { languageCodes: ['de'], customVocabulary: ['voxterm'] },
        ...always,
      },
    },
  ],
  [
    'extended thinking, which needs a level and never waits for a tool',
    extended,
    { tools: [weather], reasoningEffort: 'none', turnDetection: { type: 'semantic', eagerness: 'low' } },
    {
      setup: {
        model: `models/${extended}`,
        generationConfig: { responseModalities: ['AUDIO'], thinkingConfig: { thinkingLevel: 'LOW' } },
        tools: [
          {
            functionDeclarations: [
              {
                name: 'get_weather',
                description: 'The weather',
                parameters: placeOnWire,
                behavior: 'NON_BLOCKING',
              },
            ],
          },
        ],
        realtimeInputConfig: {
          automaticActivityDetection: { endOfSpeechSensitivity: 'END_SENSITIVITY_LOW' },
        },
        ...always,
      },
    },
  ],
  [
    '3.1, which always waits',
    older,
    {
      tools: [{ ...weather, blocking: false }],
      reasoningEffort: 'xhigh',
      transcription: { keywords: ['x'] },
    },
    {
      setup: {
        model: `models/${older}`,
        generationConfig: { responseModalities: ['AUDIO'], thinkingConfig: { thinkingLevel: 'HIGH' } },
        tools: [
          {
            functionDeclarations: [
              { name: 'get_weather', description: 'The weather', parameters: placeOnWire },
            ],
          },
        ],
        inputAudioTranscription: {},
        ...always,
      },
    },
  ],
  [
    '2.5, which reads only OpenAPI and cannot search beside tools',
    oldest,
    {
      tools: [
        weather,
        { name: 'get_time', description: 'The time', parameters: { type: 'object', properties: {} } },
      ],
      serverTools: [{ type: 'web_search' }],
      reasoningEffort: 'none',
      turnDetection: { type: 'none' },
      contextTruncation: 'disabled',
    },
    {
      setup: {
        model: `models/${oldest}`,
        generationConfig: { responseModalities: ['AUDIO'], thinkingConfig: { thinkingBudget: 0 } },
        tools: [
          {
            functionDeclarations: [
              {
                name: 'get_weather',
                description: 'The weather',
                parameters: {
                  type: 'OBJECT',
                  properties: { place: { type: 'STRING' } },
                  required: ['place'],
                },
              },
              { name: 'get_time', description: 'The time' },
            ],
          },
        ],
        realtimeInputConfig: { automaticActivityDetection: { disabled: true } },
        outputAudioTranscription: {},
        sessionResumption: {},
      },
    },
  ],
  [
    'only one tool, and fields of the user over ours',
    newest,
    {
      tools: [weather, { ...weather, name: 'other' }],
      toolChoice: { name: 'other' },
      extra: {
        generationConfig: { topP: 0.9 },
        proactivity: { proactiveAudio: true },
        sessionResumption: { transparent: true },
      },
    },
    {
      setup: {
        model: 'models/gemini-3.8-live',
        generationConfig: { responseModalities: ['AUDIO'], topP: 0.9 },
        tools: [
          {
            functionDeclarations: [
              {
                name: 'other',
                description: 'The weather',
                parameters: placeOnWire,
                behavior: 'BLOCKING',
              },
            ],
          },
        ],
        ...always,
        sessionResumption: { transparent: true },
        proactivity: { proactiveAudio: true },
      },
    },
  ],
];

describe('setups of the published types', () => {
  it.each(setups)('%s', (_name, model, settings, expected) => {
    expect(encoded(newCodec(model), { type: 'session.update', settings })).toEqual([expected]);
  });

  it('continues an earlier session by its handle', () => {
    const codec = createGeminiCodec({ model: newest, env: {}, resume: 'h1' });
    const [message] = encoded(codec, { type: 'session.update', settings: {} });
    expect(message).toMatchObject({ setup: { sessionResumption: { handle: 'h1' } } } satisfies ClientMessage);
  });

  it('uses a full path unchanged', () => {
    const model =
      'projects/p/locations/us-central1/publishers/google/models/gemini-live-2.5-flash-native-audio';
    const [message] = encoded(newCodec(model), { type: 'session.update', settings: {} });
    expect(message).toMatchObject({ setup: { model } });
  });
});

const picture: Command = {
  type: 'item.create',
  item: { kind: 'image', mime: 'image/png', data: new Uint8Array([1, 2, 3]) },
};
const hello: Command = { type: 'item.create', item: { kind: 'message', role: 'user', text: 'Hello' } };
const create: Command = { type: 'response.create', eventId: 'e' };
const byHand: Command = { type: 'session.update', settings: { turnDetection: { type: 'none' } } };
const sound: Command = { type: 'audio.append', audio: new Uint8Array([1, 0, 255, 127]).subarray(2) };
const soundMessage: ClientMessage = {
  realtimeInput: { audio: { mimeType: 'audio/pcm;rate=16000', data: '/38=' } },
};

/** Commands after the setup, and the messages they must become. */
const messages: [string, string, readonly Command[], readonly ClientMessage[]][] = [
  ['sound', newest, [sound], [soundMessage]],
  ['a picture', newest, [picture], [{ realtimeInput: { video: { mimeType: 'image/png', data: 'AQID' } } }]],
  ['typed words', newest, [hello, create], [{ realtimeInput: { text: 'Hello' } }]],
  ['typed words on 3.1', older, [hello, create], [{ realtimeInput: { text: 'Hello' } }]],
  [
    'typed words on 2.5',
    oldest,
    [hello, create],
    [{ clientContent: { turns: [{ role: 'user', parts: [{ text: 'Hello' }] }], turnComplete: true } }],
  ],
  [
    'what was said before, without the parts of functions',
    newest,
    [
      hello,
      { type: 'item.create', item: { kind: 'tool.call', callId: 'c', name: 'get_time', arguments: '{}' } },
      { type: 'item.create', item: { kind: 'tool.output', callId: 'c', output: '{"time":"10:00"}' } },
      { type: 'item.create', item: { kind: 'message', role: 'assistant', text: 'Ten.' } },
      sound,
    ],
    [
      {
        clientContent: {
          turns: [
            { role: 'user', parts: [{ text: 'Hello' }] },
            { role: 'model', parts: [{ text: '[Tool call: get_time({})]' }] },
            { role: 'user', parts: [{ text: '[Tool result of get_time: {"time":"10:00"}]' }] },
            { role: 'model', parts: [{ text: 'Ten.' }] },
          ],
          turnComplete: false,
        },
      },
      soundMessage,
    ],
  ],
  [
    'nothing where nothing can be done',
    newest,
    [{ type: 'audio.clear' }, create, { type: 'response.cancel' }],
    [],
  ],
  [
    'nothing for what the server does itself',
    newest,
    [
      { type: 'item.truncate', itemId: 'i', contentIndex: 0, audioEndMs: 1 },
      { type: 'item.delete', itemId: 'i' },
      { type: 'turn.begin' },
    ],
    [],
  ],
  ['nothing for later settings', newest, [{ type: 'session.update', settings: {} }, byHand], []],
  [
    'the end of sound where the server detects turns',
    newest,
    [{ type: 'audio.commit' }],
    [{ realtimeInput: { audioStreamEnd: true } }],
  ],
];

describe('messages of the published types', () => {
  it('the result of a call that outlived its connection and needs an answer', () => {
    const codec = newCodec();
    const called: Command = {
      type: 'item.create',
      item: { kind: 'tool.call', callId: 'c', name: 'get_time', arguments: '{}' },
    };
    const result: Command = {
      type: 'item.create',
      item: { kind: 'tool.output', callId: 'c', output: '10:00' },
    };
    const text = '[Tool result of get_time: 10:00]';
    expect(encoded(codec, called, sound)).toHaveLength(2);
    expect(encoded(codec, result)).toEqual([{ realtimeInput: { text } }] satisfies ClientMessage[]);
  });

  it.each(messages)('%s', (_name, model, commands, expected) => {
    const codec = newCodec(model);
    encoded(codec, { type: 'session.update', settings: {} });
    expect(encoded(codec, ...commands)).toEqual(expected);
  });

  it('turns that the client ends', () => {
    const codec = newCodec();
    encoded(codec, byHand);
    const begin = { realtimeInput: { activityStart: {} } } satisfies ClientMessage;
    const end = { realtimeInput: { activityEnd: {} } } satisfies ClientMessage;
    expect(encoded(codec, { type: 'turn.begin' }, sound, { type: 'audio.commit' })).toEqual([
      begin,
      soundMessage,
      end,
    ]);
    // A discarded turn can only become part of the next one, spoken or typed.
    expect(encoded(codec, { type: 'turn.begin' }, sound, { type: 'audio.clear' })).toEqual([
      begin,
      soundMessage,
    ]);
    expect(encoded(codec, { type: 'turn.begin' }, sound, { type: 'audio.clear' }, hello, create)).toEqual([
      soundMessage,
      { realtimeInput: { text: 'Hello' } },
      end,
    ]);
    // Without a start, the first audio starts the turn; a turn that was never started is not ended.
    expect(encoded(codec, sound, { type: 'audio.commit' }, { type: 'audio.commit' })).toEqual([
      begin,
      soundMessage,
      end,
    ]);
    expect(encoded(codec, hello, create)).toEqual([begin, { realtimeInput: { text: 'Hello' } }, end]);
  });

  it('tool results, as objects and with the name of the function', () => {
    const codec = newCodec();
    encoded(codec, { type: 'session.update', settings: { tools: [{ ...weather, blocking: false }] } });
    codec.decode(
      JSON.stringify({
        toolCall: {
          functionCalls: [
            { id: 'a', name: 'get_weather' },
            { id: 'b', name: 'f' },
            { name: 'g' },
            { id: 'x', name: 'f' },
          ],
        },
      }),
    );
    codec.decode('{"toolCallCancellation":{"ids":["x"]}}');
    const output = (callId: string, text: string): Command => {
      return { type: 'item.create', item: { kind: 'tool.output', callId, output: text } };
    };
    const answers = encoded(
      codec,
      output('a', '{"error":{"code":"c"}}'),
      output('b', 'fine'),
      output('b', 'again'),
      output('x', '1'),
    );
    expect(answers).toEqual([
      {
        toolResponse: {
          functionResponses: [
            { id: 'a', name: 'get_weather', response: { error: { code: 'c' } }, scheduling: 'WHEN_IDLE' },
          ],
        },
      },
      { toolResponse: { functionResponses: [{ id: 'b', name: 'f', response: { output: 'fine' } }] } },
    ] satisfies ClientMessage[]);
  });
});

// The compiler checks that every field of the published types is listed, and nothing else.
const serverFields: Record<Exclude<keyof LiveServerMessage, 'text' | 'data'>, unknown> = {
  setupComplete: {},
  serverContent: {},
  toolCall: { functionCalls: [] },
  toolCallCancellation: { ids: [] },
  usageMetadata: {},
  goAway: { timeLeft: '1s' },
  sessionResumptionUpdate: {},
  voiceActivityDetectionSignal: { vadSignalType: 'VAD_SIGNAL_TYPE_EOS' },
  voiceActivity: { voiceActivityType: 'ACTIVITY_END' },
};

const contentFields: Record<keyof LiveServerContent, 'decoded' | 'without meaning'> = {
  modelTurn: 'decoded',
  turnComplete: 'decoded',
  interrupted: 'decoded',
  generationComplete: 'decoded',
  inputTranscription: 'decoded',
  outputTranscription: 'decoded',
  turnCompleteReason: 'decoded',
  interactionStatus: 'decoded',
  // Guesses that later text replaces; our transcripts only grow.
  interimInputTranscription: 'without meaning',
  // Sources of an answer, which are not shown.
  groundingMetadata: 'without meaning',
  urlContextMetadata: 'without meaning',
  // Repeated by the end of the turn.
  waitingForInput: 'without meaning',
};

const partFields: Record<keyof Part, 'decoded' | 'without meaning'> = {
  text: 'decoded',
  inlineData: 'decoded',
  thought: 'decoded',
  thoughtSignature: 'without meaning',
  // Google's tools that run at the server.
  executableCode: 'without meaning',
  codeExecutionResult: 'without meaning',
  toolCall: 'without meaning',
  toolResponse: 'without meaning',
  // Never in a reply of this API: calls are separate messages.
  functionCall: 'decoded',
  functionResponse: 'without meaning',
  fileData: 'without meaning',
  videoMetadata: 'without meaning',
  mediaResolution: 'without meaning',
  mediaProcessing: 'without meaning',
  partMetadata: 'without meaning',
  speechMetadata: 'without meaning',
  audioTranscription: 'without meaning',
};

describe('messages of the server', () => {
  it.each(Object.entries(serverFields))('%s is known', (name, field) => {
    const types = newCodec()
      .decode(JSON.stringify({ [name]: field }))
      .map(({ type }) => type);
    expect(types).not.toContain('other');
    expect(types).not.toContain('error');
  });

  // A wrong value in a field shows whether the field is read at all.
  it.each(Object.entries(contentFields))('serverContent.%s is %s', (name, expected) => {
    const codec = newCodec();
    codec.decode('{"serverContent":{"modelTurn":{"parts":[{"inlineData":{"data":"AAA="}}]}}}');
    const flags = ['interrupted', 'turnComplete', 'generationComplete'];
    const turnEnds =
      name === 'turnCompleteReason' || name === 'interactionStatus' ? { turnComplete: true } : {};
    const events = codec.decode(
      JSON.stringify({ serverContent: { ...turnEnds, [name]: flags.includes(name) ? true : 7 } }),
    );
    expect(events.length > 0 ? 'decoded' : 'without meaning').toBe(expected);
  });

  it.each(Object.entries(partFields))('a part with %s is %s', (name, expected) => {
    const value =
      name === 'thought' ? { text: 'hush', thought: true } : { text: 'a', [name]: name === 'text' ? 'b' : 7 };
    const [first, ...rest] = newCodec().decode(
      JSON.stringify({ serverContent: { modelTurn: { parts: [value] } } }),
    );
    const plain = first?.type === 'response.created' && rest.at(-1)?.type === 'text.delta';
    const read = name === 'text' || !plain;
    expect(read ? 'decoded' : 'without meaning').toBe(expected);
  });

  it('reads every reason for the end of a turn', () => {
    const reasons = {
      TURN_COMPLETE_REASON_UNSPECIFIED: 'completed',
      NEED_MORE_INPUT: 'completed',
      MALFORMED_FUNCTION_CALL: 'failed',
      RESPONSE_REJECTED: 'failed',
      MAX_REGENERATION_REACHED: 'failed',
      PROHIBITED_INPUT_CONTENT: 'incomplete',
      BLOCKLIST: 'incomplete',
    } satisfies { [Reason in `${TurnCompleteReason}`]?: string };
    for (const [turnCompleteReason, status] of Object.entries(reasons)) {
      const codec = newCodec();
      codec.decode('{"serverContent":{"modelTurn":{"parts":[{"text":"a"}]}}}');
      const events = codec.decode(
        JSON.stringify({ serverContent: { turnComplete: true, turnCompleteReason } }),
      );
      expect(events.at(-1)).toMatchObject({ type: 'response.done', status });
    }
  });
});
