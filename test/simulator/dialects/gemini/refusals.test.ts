import { describe, expect, test } from 'vitest';
import { geminiDialect } from '../../../../src/simulator/dialects/gemini/dialect.js';
import { LiveServer, modelBefore, modelNow } from './live-server.js';

function closeAfter(...messages: object[]) {
  const client = new LiveServer().connect();
  client.send(...messages);
  return client.closed;
}

const setup = { setup: { model: modelNow } };
const invalid = { code: 1007, reason: 'Request contains an invalid argument.' };

describe('the setup', () => {
  test('is the first message and only the first', () => {
    const reason = 'setup must be the first message and only the first';
    expect(closeAfter({ realtimeInput: { text: 'Hello' } })).toEqual({ code: 1007, reason });
    expect(closeAfter(setup, setup)).toEqual({ code: 1007, reason });
  });

  test('is read in both spellings', async () => {
    const client = new LiveServer().connect();
    client.send({
      setup: {
        model: modelNow,
        generation_config: {
          response_modalities: ['AUDIO'],
          speech_config: { voice_config: { prebuilt_voice_config: { voice_name: 'Kore' } } },
        },
        system_instruction: { parts: [{ text: 'Be brief.' }] },
        realtime_input_config: { automatic_activity_detection: { silence_duration_ms: 300 } },
        input_audio_transcription: {},
        context_window_compression: { sliding_window: {}, trigger_tokens: '1000' },
        session_resumption: null,
      },
    });
    await client.advance(1);
    expect(client.outline).toEqual(['setupComplete']);
  });

  test.each([
    [{ proactivity: {} }, 'Unknown name "proactivity" at \'setup\''],
    [{ explicitVadSignal: true }, 'Unknown name "explicitVadSignal" at \'setup\''],
    [
      { sessionResumption: { transparent: true } },
      'Unknown name "transparent" at \'setup.session_resumption\'',
    ],
    [
      { generationConfig: { enableAffectiveDialog: true } },
      'Unknown name "enableAffectiveDialog" at \'setup.generation_config\'',
    ],
    [
      { tools: [{ functionDeclarations: [{ name: 'f', parameters: { additionalProperties: false } }] }] },
      'Unknown name "additionalProperties" at \'setup.tools[0].function_declarations[0].parameters\'',
    ],
  ])('with an unknown name: %j', (fields, words) => {
    expect(closeAfter({ setup: { model: modelNow, ...fields } })).toEqual({
      code: 1007,
      reason: `Invalid JSON payload received. ${words}: Cannot find field.`,
    });
  });

  test('with a wrong type', () => {
    expect(closeAfter({ setup: { model: modelNow, generationConfig: { temperature: 'hot' } } })).toEqual({
      code: 1007,
      reason: `Invalid value at 'setup.generation_config.temperature' (TYPE_FLOAT), "hot"`,
    });
  });

  test('at v1alpha may have what v1beta does not know', async () => {
    const server = new LiveServer();
    const client = await server.ready(
      { model: modelBefore, proactivity: { proactiveAudio: true } },
      'v1alpha',
    );
    expect(client.outline).toEqual(['setupComplete']);
  });

  test('with a model that does not exist', () => {
    expect(closeAfter({ setup: { model: 'models/gemini-0' } })).toMatchObject({
      code: 1008,
      reason: expect.stringMatching(
        /^models\/gemini-0 is not found for API version v1beta, or is not supported/,
      ),
    });
  });

  test('with an answer in writing, which no model gives', () => {
    const generationConfig = { responseModalities: ['TEXT'] };
    expect(closeAfter({ setup: { model: modelBefore, generationConfig } })).toEqual({
      code: 1007,
      reason: 'Cannot extract voices from a non-audio request.',
    });
    expect(closeAfter({ setup: { model: modelNow, generationConfig } })?.code).toBe(1011);
  });

  test('with a voice that does not exist', () => {
    const speechConfig = { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'marin' } } };
    expect(closeAfter({ setup: { model: modelNow, generationConfig: { speechConfig } } })).toMatchObject({
      code: 1007,
      reason: expect.stringContaining('marin'),
    });
  });

  test.each([
    ['gemini-3.8-live', { thinkingLevel: 'LOW' }],
    ['gemini-3.8-live-extended-thinking', {}],
    ['gemini-2.5-flash-native-audio-latest', { thinkingLevel: 'LOW' }],
  ])('of %s with a way of thinking it does not take: %j', (model, thinkingConfig) => {
    expect(closeAfter({ setup: { model: `models/${model}`, generationConfig: { thinkingConfig } } })).toEqual(
      invalid,
    );
  });
});

describe('the upgrade', () => {
  const judge = (path: string, headers: Record<string, string> = {}) =>
    geminiDialect().judge({
      url: new URL(`ws://localhost${path}`),
      headers,
      protocols: [],
      token: 'secret',
      model: undefined,
    });
  const path = (version: string, method = 'BidiGenerateContent') =>
    `/ws/google.ai.generativelanguage.${version}.GenerativeService.${method}`;

  test.each([
    [`${path('v1beta')}?key=secret`, {}],
    [`/${path('v1')}?key=secret`, {}],
    [path('v1alpha'), { 'x-goog-api-key': 'secret' }],
    [path('v1alpha', 'BidiGenerateContentConstrained'), { authorization: 'Token secret' }],
    [`${path('v1alpha', 'BidiGenerateContentConstrained')}?access_token=secret`, {}],
  ])('lets in %s %j', (url, headers) => {
    expect(judge(url, headers).kind).toBe('accepted');
  });

  test.each([
    [path('v1beta'), { kind: 'dismissed', code: 1008 }],
    [`${path('v1beta')}?key=wrong`, { kind: 'dismissed', code: 1007 }],
    [`${path('v1beta', 'BidiGenerateContentConstrained')}?key=secret`, { kind: 'dismissed', code: 1008 }],
    [`${path('v2')}?key=secret`, { kind: 'refused', status: 404 }],
    ['/v1/realtime', { kind: 'refused', status: 404 }],
  ])('turns away %s', (url, verdict) => {
    expect(judge(url)).toMatchObject(verdict);
  });
});

describe('messages', () => {
  test.each([
    ['two kinds of input at once', { realtimeInput: { text: 'a', audioStreamEnd: true } }, invalid.reason],
    ['no input at all', { realtimeInput: {} }, invalid.reason],
    [
      'sound that is not PCM',
      { realtimeInput: { audio: { mimeType: 'audio/mp3', data: '' } } },
      invalid.reason,
    ],
    [
      'a video that is not an image',
      { realtimeInput: { video: { mimeType: 'video/mp4', data: '' } } },
      invalid.reason,
    ],
    [
      'explicit activity although it is detected',
      { realtimeInput: { activityStart: {} } },
      'Explicit activity control is not supported when automatic activity detection is enabled.',
    ],
    [
      'the field of older models',
      { realtimeInput: { mediaChunks: [{ mimeType: 'audio/pcm', data: '' }] } },
      'realtime_input.media_chunks is deprecated. Use audio, video, or text instead.',
    ],
    [
      'turns in the middle of the conversation',
      { clientContent: { turns: [{ parts: [{ text: 'a' }] }], turnComplete: true } },
      invalid.reason,
    ],
    ['a new context', { contextUpdate: {} }, invalid.reason],
    [
      'two kinds of message',
      { clientContent: {}, realtimeInput: { text: 'a' } },
      "Invalid value (oneof), oneof field 'message_type' is already set. Cannot set 'realtimeInput'",
    ],
    [
      'an unknown one',
      { hello: {} },
      'Invalid JSON payload received. Unknown name "hello": Cannot find field.',
    ],
    [
      'broken base64',
      { realtimeInput: { audio: { mimeType: 'audio/pcm', data: '*' } } },
      `Invalid value at 'realtime_input.audio.data' (TYPE_BYTES), "*"`,
    ],
  ])('%s', (_, message, reason) => {
    expect(closeAfter(setup, message)).toEqual({ code: 1007, reason });
  });

  test.each(['{', '[]', '"text"', 'null'])('that are not a JSON object: %s', (text) => {
    const client = new LiveServer().connect();
    client.sendRaw(text);
    expect(client.closed?.code).toBe(1007);
  });

  test('nothing is said after the close', async () => {
    const client = await new LiveServer().ready();
    client.forget();
    client.send({ hello: {} }, { realtimeInput: { text: 'a' } });
    await client.advance(60_000);
    expect(client.received).toEqual([]);
  });
});

describe('turns as history', () => {
  const history = {
    turns: [
      { role: 'user', parts: [{ text: 'My name is Ada.' }] },
      { role: 'model', parts: [{ text: 'Hello Ada.' }] },
    ],
    turnComplete: true,
  };

  test('are taken without an answer where the setup announced them', async () => {
    const server = new LiveServer({ scenario: { turns: [{ when: 'name', said: 'Ada.' }] } });
    const client = await server.ready({ historyConfig: { initialHistoryInClientContent: true } });
    client.send({ clientContent: history });
    await client.advance(5000);
    expect(client.outline).toEqual(['setupComplete']);
    client.type('What is my name?');
    await client.advance(5000);
    expect(client.words('outputTranscription')).toBe('Ada.');
  });

  test('older models take turns at any time, and answer the last', async () => {
    const server = new LiveServer({ scenario: { turns: [{ when: 'name', said: 'Ada.' }] } });
    const client = await server.ready({ model: modelBefore });
    client.send({ clientContent: { ...history, turnComplete: false } });
    await client.advance(5000);
    expect(client.outline).toEqual(['setupComplete']);
    const turns = [{ role: 'user', parts: [{ text: 'What is my name?' }] }];
    client.send({ client_content: { turns, turn_complete: true } });
    await client.advance(5000);
    expect(client.words('outputTranscription')).toBe('Ada.');
  });

  test.each([
    [{ role: 'assistant', parts: [{ text: 'a' }] }, 'Please use a valid role: user, model.'],
    [{ role: 'model', parts: [{ functionCall: { name: 'f', args: {} } }] }, invalid.reason],
  ])('refused: %j', async (turn, reason) => {
    const client = await new LiveServer().ready({ model: modelBefore });
    client.send({ clientContent: { turns: [turn] } });
    expect(client.closed).toEqual({ code: 1007, reason });
  });
});
