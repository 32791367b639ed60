import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { GoogleGenAI, Modality, Type } from '@google/genai';
import { startSimulator } from './simulator.js';
import { question, speak } from './speech.js';
import { until } from './waiting.js';

const token = 'only-for-this-test';
const turns = [
  {
    heard: 'What is the weather in Paris?',
    tool: { name: 'get_weather', arguments: { place: 'Paris' } },
    said: `It is {{tool.celsius}} degrees in Paris. ${'And I go on talking about it for quite a while. '.repeat(6)}`,
  },
  { heard: 'Stop, what is the weather?', said: 'I have stopped.' },
  { when: 'name', said: 'Your name is Ada.' },
];
const getWeather = {
  name: 'get_weather',
  description: 'The weather of a place.',
  parameters: { type: Type.OBJECT, properties: { place: { type: Type.STRING } }, required: ['place'] },
};
const modelNow = 'gemini-3.1-flash-live-preview';
const modelBefore = 'gemini-2.5-flash-native-audio-preview-12-2025';

/**
 * This client puts the key into the address, asks for v1 and a path with two slashes, and speaks TLS where told https.
 */
describe('@google/genai', () => {
  let simulator;
  before(async () => {
    simulator = await startSimulator({ voice: 'tone', pace: 2, turns }, { token, dialect: 'gemini' });
  });
  after(async () => {
    assert.equal(await simulator?.stop(), 143);
  });

  async function connect({ model = modelNow, apiKey = token, apiVersion, config = {} } = {}) {
    const baseUrl = new URL(simulator.url).origin.replace(/^ws/, 'http');
    const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl, ...(apiVersion && { apiVersion }) } });
    const seen = { messages: [], closed: undefined };
    const connecting = client.live.connect({
      model,
      config: {
        responseModalities: [Modality.AUDIO],
        inputAudioTranscription: {},
        outputAudioTranscription: {},
        ...config,
      },
      callbacks: {
        onmessage: (message) => seen.messages.push(message),
        onclose: ({ code, reason }) => {
          seen.closed = { code, reason };
        },
      },
    });
    connecting.catch(() => {}); // whoever is turned away reads the close frame
    const content = (field) =>
      seen.messages.flatMap(({ serverContent }) =>
        serverContent?.[field] === undefined ? [] : [serverContent[field]],
      );
    const words = (field) =>
      content(field)
        .map(({ text }) => text)
        .join('');
    return { connecting, seen, content, words };
  }

  function microphone(session) {
    return (pcm) =>
      session.sendRealtimeInput({
        audio: { mimeType: 'audio/pcm;rate=24000', data: Buffer.from(pcm).toString('base64') },
      });
  }

  for (const model of [modelNow, modelBefore]) {
    test(`${model}: a spoken conversation with a tool call and an interruption`, {
      timeout: 60_000,
    }, async () => {
      const { connecting, seen, content, words } = await connect({
        model,
        config: { tools: [{ functionDeclarations: [getWeather] }], systemInstruction: 'Be brief.' },
      });
      const session = await connecting;
      const speech = await question();
      const send = microphone(session);

      await speak(send, speech);
      const calls = () => seen.messages.flatMap(({ toolCall }) => toolCall?.functionCalls ?? []);
      await until('the call', () => calls().length === 1);
      const [{ id, name, args }] = calls();
      assert.deepEqual({ name, args }, { name: 'get_weather', args: { place: 'Paris' } });
      assert.equal(content('turnComplete').length, 0);
      session.sendToolResponse({ functionResponses: [{ id, name, response: { celsius: 18 } }] });
      await until('sound', () => content('modelTurn').length > 3);
      const [{ parts }] = content('modelTurn');
      assert.equal(parts[0].inlineData.mimeType, 'audio/pcm;rate=24000');

      await speak(send, speech);
      await until('the interruption', () => content('interrupted').length === 1);
      await until('the next answer', () => content('turnComplete').length === 2);
      assert.equal(content('generationComplete').length, 1);
      assert.match(words('outputTranscription'), /^It is 18 degrees .*I have stopped\.$/);
      assert.equal(words('inputTranscription'), turns.flatMap(({ heard = [] }) => heard).join(''));
      const usage = seen.messages.flatMap(({ usageMetadata = [] }) => usageMetadata);
      assert.equal(usage.length, 2);
      assert.ok(usage.every(({ totalTokenCount }) => totalTokenCount > 0));
      assert.equal(seen.closed, undefined);
      session.close();
      await until('the end of the connection', () => seen.closed !== undefined);
    });
  }

  test('takes a conversation up again', { timeout: 30_000 }, async () => {
    const first = await connect({ config: { sessionResumption: {} } });
    const handles = () =>
      first.seen.messages.flatMap(({ sessionResumptionUpdate }) => sessionResumptionUpdate?.newHandle ?? []);
    const session = await first.connecting;
    session.sendRealtimeInput({ text: 'My name is Ada.' });
    await until('the end of the turn', () => first.content('turnComplete').length === 1);
    await until('a handle behind it', () => handles().length === 2);
    session.close();
    await until('the end of the connection', () => first.seen.closed !== undefined);

    const second = await connect({ config: { sessionResumption: { handle: handles().at(-1) } } });
    const resumed = await second.connecting;
    resumed.sendRealtimeInput({ text: 'What is my name?' });
    await until('the answer', () => second.content('turnComplete').length === 1);
    assert.equal(second.words('outputTranscription'), 'Your name is Ada.');
    resumed.close();
  });

  test('hears in the close frame why it was turned away', { timeout: 30_000 }, async () => {
    const refused = async (options) => {
      const { seen } = await connect(options);
      await until('the end of the connection', () => seen.closed !== undefined);
      return seen.closed;
    };
    const stranger = await refused({ apiKey: 'wrong' });
    assert.deepEqual(stranger, { code: 1007, reason: 'API key not valid. Please pass a valid API key.' });
    assert.equal((await refused({ model: 'gemini-0' })).code, 1008);
    const proactivity = { proactivity: { proactiveAudio: true } };
    assert.match((await refused({ config: proactivity })).reason, /Unknown name "proactivity"/);
    const alpha = await connect({ model: modelBefore, config: proactivity, apiVersion: 'v1alpha' });
    (await alpha.connecting).close();
    const written = await refused({ model: modelBefore, config: { responseModalities: [Modality.TEXT] } });
    assert.equal(written.reason, 'Cannot extract voices from a non-audio request.');
  });
});
