import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { initializeLogger, llm } from '@livekit/agents';
import { realtime } from '@livekit/agents-plugin-openai';
import { AudioFrame } from '@livekit/rtc-node';
import { startSimulator } from './simulator.js';
import { question, speak } from './speech.js';
import { until } from './waiting.js';

const rateHz = 24_000;

const turns = [
  {
    heard: 'What is the weather in Paris?',
    tool: { name: 'get_weather', arguments: { place: 'Paris' } },
    said: 'It is {{tool.celsius}} degrees in Paris.',
  },
  { heard: 'Tell me a story.', said: 'Once upon a time there was a fox. '.repeat(12) },
  { heard: 'Stop.', said: 'I have stopped.' },
];

const parameters = { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] };

describe('@livekit/agents-plugin-openai', () => {
  let simulator;
  before(async () => {
    initializeLogger({ pretty: false, level: 'silent' });
    simulator = await startSimulator({ voice: 'tone', pace: 2, turns });
  });
  after(async () => assert.equal(await simulator?.stop(), 143));

  /** A session of the plugin, with everything that it hands out. */
  function connect() {
    const baseURL = simulator.url.replace(/^ws/, 'http').replace(/\/realtime$/, '');
    const session = new realtime.RealtimeModel({ apiKey: 'any', baseURL, model: 'gpt-realtime' }).session();
    const seen = { messages: [], calls: [], errors: [], heard: [], events: [] };
    session.on('error', (error) => seen.errors.push(error));
    session.on('openai_server_event_received', ({ type }) => seen.events.push(type));
    session.on('input_audio_transcription_completed', (event) => seen.heard.push(event));
    session.on('generation_created', async ({ messageStream, functionStream }) => {
      const messages = collect(messageStream, async (message) => {
        const said = { id: message.messageId, text: '', samples: 0, over: false };
        seen.messages.push(said);
        await Promise.all([
          collect(message.textStream, (text) => {
            said.text += typeof text === 'string' ? text : text.text;
          }),
          collect(message.audioStream, ({ samplesPerChannel }) => {
            said.samples += samplesPerChannel;
          }),
        ]);
        said.over = true;
      });
      await Promise.all([messages, collect(functionStream, (call) => seen.calls.push(call))]);
    });
    return { session, seen };
  }

  async function answerCall(session, { callId, name }) {
    const context = session.chatCtx.copy();
    const output = JSON.stringify({ celsius: 21 });
    context.insert(llm.FunctionCallOutput.create({ callId, name, output, isError: false }));
    await session.updateChatCtx(context);
    await session.generateReply();
  }

  function say(session, samples) {
    const send = (pcm) =>
      session.pushAudio(new AudioFrame(new Int16Array(pcm), rateHz, 1, pcm.byteLength / 2));
    return speak(send, samples);
  }

  test('types, calls a tool, speaks, and interrupts', { timeout: 60_000 }, async () => {
    const { session, seen } = connect();
    const execute = async () => ({ celsius: 21 });
    await session.updateInstructions('Be kind.');
    await session.updateTools(
      new llm.ToolContext({ get_weather: llm.tool({ description: 'The weather.', parameters, execute }) }),
    );
    const context = session.chatCtx.copy();
    context.addMessage({ role: 'user', content: 'What is the weather in Paris?' });
    await session.updateChatCtx(context);
    await session.generateReply();
    await until('the call', () => seen.calls.length === 1);
    assert.deepEqual(JSON.parse(seen.calls[0].args), { place: 'Paris' });
    await answerCall(session, seen.calls[0]);
    await until('the answer', () => seen.messages.at(-1)?.over === true);
    assert.equal(seen.messages[0].text, 'It is 21 degrees in Paris.');
    assert.ok(seen.messages[0].samples > rateHz / 4);

    await say(session, await question());
    await until('the story', () => seen.messages.length === 2 && seen.messages[1].samples > rateHz / 2);
    assert.deepEqual(
      seen.heard.filter(({ isFinal }) => isFinal !== false).map(({ transcript }) => transcript),
      ['Tell me a story.'],
    );
    const cut = seen.messages[1];
    await session.interrupt();
    await session.truncate({ messageId: cut.id, audioEndMs: 200, modalities: ['audio'] });
    await until('the cut', () => seen.events.includes('conversation.item.truncated'));

    await say(session, await question());
    await until('the last answer', () => seen.messages.at(-1)?.text === 'I have stopped.');
    assert.deepEqual(seen.errors, []);
    await session.close();
  });
});

/** @template T @param {AsyncIterable<T>} stream @param {(value: T) => unknown} each */
async function collect(stream, each) {
  for await (const value of stream) await each(value);
}
