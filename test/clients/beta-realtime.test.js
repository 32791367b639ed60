import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { RealtimeClient } from 'openai-realtime-api';
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
];

/** It was written for OpenAI's beta, sends its header, and keeps the conversation itself. */
describe('openai-realtime-api', () => {
  let simulator;
  before(async () => {
    simulator = await startSimulator({ voice: 'tone', pace: 2, turns }, { token, dialect: 'beta' });
  });
  after(async () => {
    assert.equal(await simulator?.stop(), 143);
  });

  test('holds a spoken conversation with a tool call and an interruption', { timeout: 60_000 }, async () => {
    const client = new RealtimeClient({
      apiKey: token,
      url: simulator.url,
      model: 'gpt-4o-realtime-preview',
      sessionConfig: {
        turn_detection: { type: 'server_vad' },
        input_audio_transcription: { model: 'whisper-1' },
        voice: 'ash',
      },
    });
    const called = [];
    const parameters = { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] };
    client.addTool(
      { name: 'get_weather', description: 'The weather of a place.', parameters },
      async (args) => {
        called.push(args);
        return { celsius: 21 };
      },
    );
    const events = [];
    const all = (type) => events.filter((event) => event.type === type);
    client.realtime.on('server.*', (event) => events.push(event));
    await client.connect();
    await client.waitForSessionCreated();
    const speech = await question();
    const send = (pcm) => client.appendInputAudio(pcm);

    await speak(send, speech);
    await until('an answer that is under way', () => all('response.audio.delta').length > 3);
    const speaking = client.conversation.getItems().at(-1);
    assert.equal(speaking.status, 'in_progress');
    await speak(send, speech);
    await until('the interruption', () => all('response.done').some(isCancelled));
    // Not by the client's own cancelResponse: its cancel may meet the next answer, which has begun meanwhile.
    const cut = { item_id: speaking.id, content_index: 0, audio_end_ms: 200 };
    client.realtime.send('conversation.item.truncate', cut);
    await until('the truncation', () => all('conversation.item.truncated').length === 1);
    await until('the next answer', () => all('response.done').length === 3);

    assert.deepEqual(called, [{ place: 'Paris' }]);
    assert.deepEqual(
      client.conversation.getItems().map(({ type, role, status }) => [role ?? type, status]),
      [
        ['user', 'completed'],
        ['function_call', 'completed'],
        ['function_call_output', 'completed'],
        ['assistant', 'incomplete'],
        ['user', 'completed'],
        ['assistant', 'completed'],
      ],
    );
    assert.equal(client.conversation.getItems().at(-1).formatted.transcript, 'I have stopped.');
    assert.equal(client.conversation.getItems()[0].formatted.transcript, turns[0].heard);
    assert.deepEqual(all('error'), []);
    client.disconnect();
  });
});

function isCancelled({ response }) {
  return response.status === 'cancelled';
}
