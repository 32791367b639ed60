import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { toneVoice } from '../../../../src/engines/speak/tones.js';
import { parseScenario } from '../../../../src/simulator/scenario/scenario-file.js';
import { startLocalServer } from '../../../../src/simulator/server.js';
import { type LiveClient, LiveServer, record } from './live-server.js';

const resumable = { sessionResumption: {} };

function lastHandle(client: LiveClient): string {
  const handles = client.all('sessionResumptionUpdate').map(record);
  return String(handles.findLast(({ resumable }) => resumable === true)?.newHandle);
}

describe('resumption', () => {
  test('continues the conversation in a new connection', async () => {
    const server = new LiveServer({
      scenario: {
        turns: [
          { heard: 'One.', said: 'First.' },
          { heard: 'Two.', said: 'Second.' },
        ],
      },
    });
    const first = await server.ready(resumable);
    first.speak();
    await first.advance(10_000);
    const handle = lastHandle(first);
    first.leave();
    const second = await server.ready({ sessionResumption: { handle } });
    expect(second.outline).toEqual(['setupComplete']);
    second.speak();
    await second.advance(10_000);
    expect(second.words('outputTranscription')).toBe('Second.');
    expect(lastHandle(second)).not.toBe(handle);
  });

  test('the first handle comes soon after the setup, none where it was not asked for', async () => {
    const server = new LiveServer();
    const client = await server.ready(resumable);
    expect(client.all('sessionResumptionUpdate')).toEqual([]);
    await client.advance(100);
    expect(client.all('sessionResumptionUpdate')).toHaveLength(1);
    const other = await server.ready();
    other.type('Hello');
    await other.advance(10_000);
    expect(other.all('sessionResumptionUpdate')).toEqual([]);
  });

  test('an unknown handle, an expired one, and one of a conversation that is still open are refused', async () => {
    const server = new LiveServer();
    const stranger = await server.ready({ sessionResumption: { handle: 'mine' } });
    expect(stranger.closed).toEqual({ code: 1007, reason: 'Invalid session handle' });
    const first = await server.ready({ ...resumable, contextWindowCompression: { slidingWindow: {} } });
    await first.advance(100);
    const again = { sessionResumption: { handle: lastHandle(first) } };
    expect((await server.ready(again)).closed?.code).toBe(1011);
    first.leave();
    expect((await server.ready(again)).closed).toBeUndefined();
    await server.clock.advance(2 * 3_600_000 + 1000);
    expect((await server.ready(again)).closed).toEqual({
      code: 1008,
      reason: 'BidiGenerateContent session not found',
    });
  });

  test('a tool call is lost with its connection', async () => {
    const server = new LiveServer({
      scenario: {
        turns: [
          { when: 'weather', tool: { name: 'get_weather' }, said: 'Never.' },
          { when: 'again', said: 'Yes?' },
        ],
      },
    });
    const first = await server.ready(resumable);
    await first.advance(200);
    first.type('weather');
    await first.advance(1000);
    expect(first.all('toolCall')).toHaveLength(1);
    const updates = first.all('sessionResumptionUpdate').map((update) => record(update).resumable);
    expect(updates).toEqual([true, false]);
    const handle = lastHandle(first);
    first.leave();
    const second = await server.ready({ sessionResumption: { handle } });
    const [call] = first.received.flatMap((message) => {
      const { functionCalls } = record(message.toolCall ?? {});
      return Array.isArray(functionCalls) ? functionCalls.map(record) : [];
    });
    second.type('again');
    await second.advance(5000);
    expect(second.words('outputTranscription')).toBe('Yes?');
    second.send({ toolResponse: { functionResponses: [{ id: call?.id, response: {} }] } });
    expect(second.closed?.code).toBe(1008);
  });
});

describe('the end', () => {
  test('of a connection is announced 50 s before', async () => {
    const server = new LiveServer();
    const client = await server.ready({ contextWindowCompression: { slidingWindow: {} } });
    await client.advance(549_000);
    expect(client.all('goAway')).toEqual([]);
    await client.advance(1000);
    expect(client.all('goAway')).toEqual([{ timeLeft: '50s' }]);
    await client.advance(50_000);
    expect(client.closed).toEqual({
      code: 1011,
      reason: 'Deadline expired before operation could complete.',
    });
  });

  test('of a session without compression: 15 minutes over all its connections', async () => {
    const server = new LiveServer();
    const first = await server.ready(resumable);
    await first.advance(500_000);
    const handle = lastHandle(first);
    first.leave();
    const second = await server.ready({ sessionResumption: { handle } });
    await second.advance(399_000);
    expect(second.closed).toBeUndefined();
    await second.advance(1000);
    expect(second.closed?.code).toBe(1011);
  });

  test('of a session with images: 2 minutes', async () => {
    const server = new LiveServer();
    const client = await server.ready();
    client.send({ realtimeInput: { video: { mimeType: 'image/jpeg', data: '/9j/' } } });
    await client.advance(119_000);
    expect(client.closed).toBeUndefined();
    await client.advance(1000);
    expect(client.closed?.code).toBe(1011);
  });

  test('may be set by a scenario', async () => {
    const scenario = parseScenario('{ "connectionLimitS": 0.4, "turns": [{ "said": "Hello." }] }', 'test');
    const server = await startLocalServer({ dialect: 'gemini', scenario, voice: toneVoice });
    const socket = new WebSocket(server.url);
    const [code] = await once(socket, 'close');
    expect(code).toBe(1011);
    await server.close();
  });

  test('is half of the connection ahead where that is short', async () => {
    const server = new LiveServer({ connectionLimitS: 4 });
    const client = await server.ready();
    await client.advance(2000);
    expect(client.all('goAway')).toEqual([{ timeLeft: '2s' }]);
    await client.advance(2000);
    expect(client.closed?.code).toBe(1011);
  });
});

describe('faults of a scenario', () => {
  test.each([
    ['error', { error: { afterDeltas: 1, message: 'Overloaded.' } }, { code: 1011, reason: 'Overloaded.' }],
    ['close', { close: { afterDeltas: 1, code: 1011, reason: 'Gone.' } }, { code: 1011, reason: 'Gone.' }],
  ])('%s', async (_, faults, closed) => {
    const server = new LiveServer({ scenario: { turns: [{ when: 'talk', said: 'Hello.', faults }] } });
    const client = await server.ready();
    client.type('talk');
    await client.advance(5000);
    expect(client.closed).toEqual(closed);
  });
});
