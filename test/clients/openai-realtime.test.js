import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { createCertificate } from './certificate.js';
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
const getWeather = {
  type: 'function',
  name: 'get_weather',
  description: 'The weather of a place.',
  parameters: { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] },
};

/** This client speaks TLS only, whatever the address says. */
describe('openai', () => {
  let certificate;
  let simulator;
  before(async () => {
    certificate = await createCertificate();
    simulator = await startSimulator({ voice: 'tone', pace: 2, turns }, { token, tls: certificate });
  });
  after(async () => {
    assert.equal(await simulator?.stop(), 143);
    await certificate?.remove();
  });

  async function connect() {
    const baseURL = simulator.url.replace(/^wss/, 'https').replace(/\/realtime$/, '');
    const client = new OpenAI({ apiKey: token, baseURL });
    const options = { ca: await readFile(certificate.cert) };
    const realtime = new OpenAIRealtimeWS({ model: 'gpt-realtime-2.1', options }, client);
    const seen = { events: [], errors: [], closed: undefined };
    realtime.on('event', (event) => seen.events.push(event));
    realtime.on('error', (error) => seen.errors.push(error));
    realtime.socket.on('close', (code) => {
      seen.closed = code;
    });
    const all = (type) => seen.events.filter((event) => event.type === type);
    const last = (type) => all(type).at(-1);
    await until('session.created', () => all('session.created').length === 1);
    return { realtime, seen, all, last };
  }

  test('holds a spoken conversation with a tool call and an interruption', { timeout: 60_000 }, async () => {
    const { realtime, seen, all, last } = await connect();
    const speech = await question();
    const send = (pcm) =>
      realtime.send({ type: 'input_audio_buffer.append', audio: Buffer.from(pcm).toString('base64') });
    realtime.send({
      type: 'session.update',
      session: {
        type: 'realtime',
        tools: [getWeather],
        audio: { input: { transcription: { model: 'gpt-4o-mini-transcribe' } } },
      },
    });
    await until('session.updated', () => all('session.updated').length === 1);

    await speak(send, speech);
    await until('the call', () => last('response.output_item.done')?.item.type === 'function_call');
    const { call_id, name, arguments: args } = last('response.output_item.done').item;
    assert.equal(name, 'get_weather');
    assert.deepEqual(JSON.parse(args), { place: 'Paris' });
    await until('the end of the response', () => all('response.done').length === 1);
    realtime.send({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id, output: JSON.stringify({ celsius: 18 }) },
    });
    realtime.send({ type: 'response.create' });
    await until('sound', () => all('response.output_audio.delta').length > 3);

    await speak(send, speech);
    await until('the interruption', () => last('response.done').response.status === 'cancelled');
    const { item_id, content_index } = all('response.output_audio.delta')[0];
    realtime.send({ type: 'conversation.item.truncate', item_id, content_index, audio_end_ms: 500 });
    await until('the truncation', () => all('conversation.item.truncated').length === 1);
    await until('the next answer', () => all('response.done').length === 3);

    assert.deepEqual(
      all('response.done').map(({ response }) => response.status),
      ['completed', 'cancelled', 'completed'],
    );
    assert.equal(last('response.output_audio_transcript.done').transcript, 'I have stopped.');
    assert.deepEqual(
      all('conversation.item.input_audio_transcription.completed').map(({ transcript }) => transcript),
      turns.map(({ heard }) => heard),
    );
    assert.deepEqual(seen.errors, []);
    realtime.close();
    await until('the end of the connection', () => seen.closed !== undefined);
    assert.equal(seen.closed, 1000);
  });

  test('hears of its mistakes', { timeout: 20_000 }, async () => {
    const { realtime, seen } = await connect();
    realtime.send({ type: 'response.cancel', event_id: 'mine' });
    await until('the error', () => seen.errors.length === 1);
    assert.equal(seen.errors[0].error.code, 'response_cancel_not_active');
    assert.equal(seen.errors[0].error.event_id, 'mine');
    realtime.close();
  });
});
