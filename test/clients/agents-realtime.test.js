import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { OpenAIRealtimeWebSocket, RealtimeAgent, RealtimeSession, tool } from '@openai/agents-realtime';
import { z } from 'zod';
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

// The client's own schemas of the server's events; they are not exported, so the file is named.
const entry = import.meta.resolve('@openai/agents-realtime');
const schemas = await import(new URL('openaiRealtimeEvents.mjs', entry).href);

describe('@openai/agents-realtime', () => {
  let simulator;
  before(async () => {
    simulator = await startSimulator({ voice: 'tone', pace: 2, turns }, { token });
  });
  after(async () => {
    assert.equal(await simulator?.stop(), 143);
  });

  function connectable({ apiKey = token } = {}) {
    const calls = [];
    const getWeather = tool({
      name: 'get_weather',
      description: 'The weather of a place.',
      parameters: z.object({ place: z.string() }),
      execute: async ({ place }) => {
        calls.push(place);
        return JSON.stringify({ celsius: 18 });
      },
    });
    const agent = new RealtimeAgent({ name: 'Assistant', instructions: 'Be brief.', tools: [getWeather] });
    const session = new RealtimeSession(agent, {
      transport: new OpenAIRealtimeWebSocket({ url: simulator.url }),
      model: 'gpt-realtime-2.1',
      tracingDisabled: true,
      config: { audio: { input: { turnDetection: { type: 'server_vad', silenceDurationMs: 500 } } } },
    });
    const seen = { calls, events: [], errors: [], interruptions: 0, audioBytes: 0 };
    session.on('error', (error) => seen.errors.push(error));
    session.on('transport_event', (event) => seen.events.push(event));
    session.on('audio', ({ data }) => {
      seen.audioBytes += data.byteLength;
    });
    session.on('audio_interrupted', () => {
      seen.interruptions += 1;
    });
    return { session, seen, connect: () => session.connect({ apiKey }) };
  }

  const count = (seen, type) => seen.events.filter((event) => event.type === type).length;
  const spoken = (seen) =>
    seen.events
      .filter(({ type }) => type === 'response.output_audio_transcript.done')
      .map(({ transcript }) => transcript);

  test('holds a spoken conversation with a tool call and an interruption', { timeout: 60_000 }, async () => {
    const { session, seen, connect } = connectable();
    const speech = await question();
    await connect();
    const send = (pcm) => session.sendAudio(pcm);

    await speak(send, speech);
    await until('the tool to be called', () => seen.calls.length === 1);
    await until('the answer to be under way', () => seen.audioBytes > 48_000);
    assert.deepEqual(seen.calls, ['Paris']);

    await speak(send, speech);
    await until('the interruption', () => seen.interruptions > 0);
    await until('the truncation', () => count(seen, 'conversation.item.truncated') === 1);
    await until('the next answer', () => spoken(seen).includes('I have stopped.'));
    await until('its end', () => count(seen, 'response.done') === 3);

    const dones = seen.events.filter(({ type }) => type === 'response.done').map(({ response }) => response);
    assert.deepEqual(
      dones.map(({ status }) => status),
      ['completed', 'cancelled', 'completed'],
    );
    assert.equal(dones[1].status_details.reason, 'turn_detected');
    assert.match(spoken(seen)[0], /^It is 18 degrees in Paris\./);
    const heard = session.history
      .filter(({ type, role }) => type === 'message' && role === 'user')
      .map(({ content }) => content[0].transcript);
    assert.deepEqual(
      heard,
      turns.map((turn) => turn.heard),
    );
    assert.deepEqual(seen.errors, []);
    session.close();
  });

  test('recognises every event we send', { timeout: 60_000 }, async () => {
    const { session, seen, connect } = connectable();
    await connect();
    await speak((pcm) => session.sendAudio(pcm), await question());
    await until('the answer', () => count(seen, 'response.output_audio.delta') > 3);
    session.interrupt();
    await until('its end', () => count(seen, 'response.done') === 2);
    const strangers = seen.events
      .filter((event) => schemas.parseRealtimeEvent({ data: JSON.stringify(event) }).isGeneric)
      .map(({ type }) => type);
    assert.deepEqual(strangers, []);
    assert.ok(seen.events.length > 40, 'the client reports what it receives');
    assert.deepEqual(seen.errors, []);
    session.close();
  });

  test('talks by typed text as well', { timeout: 60_000 }, async () => {
    const { session, seen, connect } = connectable();
    await connect();
    session.sendMessage('What is the weather in Paris?');
    await until('the tool to be called', () => seen.calls.length === 1);
    await until('the answer', () => seen.audioBytes > 48_000);
    session.close();
    assert.deepEqual(seen.errors, []);
  });

  test('is refused with a wrong key', { timeout: 20_000 }, async () => {
    const { connect } = connectable({ apiKey: 'wrong' });
    await assert.rejects(connect());
  });
});
