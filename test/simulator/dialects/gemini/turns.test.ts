import { describe, expect, test } from 'vitest';
import { silence } from '../../session-driver.js';
import { LiveServer, list, modelBefore, record } from './live-server.js';

const long = 'And it goes on and on about everything there is to say. '.repeat(5);

describe('a spoken turn', () => {
  test('is heard at 16 kHz, answered in sound and words, and counted', async () => {
    const server = new LiveServer({ scenario: { turns: [{ heard: 'How are you?', said: 'I am well.' }] } });
    const client = await server.ready();
    expect(client.outline).toEqual(['setupComplete']);
    client.forget();
    client.speak();
    await client.advance(5000);
    expect(client.words('inputTranscription')).toBe('How are you?');
    expect(client.words('outputTranscription')).toBe('I am well.');
    expect(client.soundMs).toBeCloseTo(650, -2);
    expect(client.outline).toEqual([
      'audio+words',
      'audio',
      'generationComplete',
      'usageMetadata+turnComplete',
    ]);
    const usage = record(client.all('usageMetadata')[0]);
    expect(usage.totalTokenCount).toBe(Number(usage.promptTokenCount) + Number(usage.responseTokenCount));
    expect(list(usage.responseTokensDetails).map((detail) => record(detail).modality)).toEqual([
      'TEXT',
      'AUDIO',
    ]);
  });

  test.each([8000, 24_000, 44_100, 48_000])('may come at %i Hz', async (rateHz) => {
    const server = new LiveServer({ scenario: { turns: [{ heard: 'Hello.', said: 'Hello to you.' }] } });
    const client = await server.ready();
    client.speak(1000, rateHz);
    await client.advance(5000);
    expect(client.words('outputTranscription')).toBe('Hello to you.');
  });

  test('older models send words and sound apart, and write down what they hear only where asked', async () => {
    const server = new LiveServer({ scenario: { turns: [{ heard: 'Hello.', said: 'Hello to you.' }] } });
    const client = await server.ready({ model: modelBefore });
    client.forget();
    client.speak();
    await client.advance(5000);
    expect(new Set(client.outline)).toEqual(
      new Set(['words', 'audio', 'generationComplete', 'usageMetadata+turnComplete']),
    );
  });

  test('turnComplete waits for the playback that the server supposes', async () => {
    const server = new LiveServer({ scenario: { pace: 10, turns: [{ when: 'talk', said: long }] } });
    const client = await server.ready();
    client.type('talk');
    await client.advance(5000);
    expect(client.all('generationComplete')).toEqual([true]);
    expect(client.soundMs).toBeGreaterThan(15_000);
    expect(client.all('turnComplete')).toEqual([]);
    await client.advance(client.soundMs);
    expect(client.all('turnComplete')).toEqual([true]);
  });

  test('a fast scenario does not wait', async () => {
    const server = new LiveServer({ scenario: { pace: 'fast', turns: [{ when: 'talk', said: long }] } });
    const client = await server.ready();
    client.type('talk');
    for (let n = 0; n < 20; n += 1) await client.advance(1);
    expect(client.all('turnComplete')).toEqual([true]);
  });

  test('what the user said is known before the turn is over, however short the answer', async () => {
    const heard = 'This takes a while to write down.';
    const server = new LiveServer({ scenario: { pace: 'fast', turns: [{ heard, said: 'Yes.' }] } });
    const client = await server.ready();
    client.speak();
    await client.advance(50);
    expect(client.all('generationComplete')).toEqual([true]);
    expect(client.all('turnComplete')).toEqual([]);
    await client.advance(500);
    const last = client.received.findIndex(({ usageMetadata }) => usageMetadata !== undefined);
    expect(client.words('inputTranscription')).toBe(heard);
    expect(last).toBe(client.received.length - 1);
  });

  test('but words that are very late are not waited for', async () => {
    const faults = { lateTranscriptMs: 3000 };
    const server = new LiveServer({
      scenario: { pace: 'fast', turns: [{ heard: 'Late.', said: 'Yes.', faults }] },
    });
    const client = await server.ready();
    client.speak();
    await client.advance(1000);
    expect(client.all('turnComplete')).toEqual([true]);
    expect(client.words('inputTranscription')).toBe('');
    await client.advance(3000);
    expect(client.words('inputTranscription')).toBe('Late.');
  });

  test('audioStreamEnd ends what was being said', async () => {
    const server = new LiveServer({ scenario: { turns: [{ heard: 'Hello.', said: 'Hello to you.' }] } });
    const client = await server.ready();
    client.speak(1000);
    client.send({ realtimeInput: { audioStreamEnd: true } });
    await client.advance(5000);
    expect(client.words('outputTranscription')).toBe('Hello to you.');
  });
});

describe('an interruption', () => {
  test('by speech: interrupted and turnComplete, without generationComplete and without a speech event', async () => {
    const server = new LiveServer({
      scenario: {
        pace: 2,
        turns: [
          { heard: 'Talk.', said: long },
          { heard: 'Stop.', said: 'Stopped.' },
        ],
      },
    });
    const client = await server.ready();
    client.speak();
    await client.advance(2000);
    expect(client.soundMs).toBeGreaterThan(2000);
    client.forget();
    client.speak();
    await client.advance(10_000);
    expect(client.outline).toEqual([
      'interrupted',
      'usageMetadata+turnComplete',
      'audio+words',
      'audio',
      'generationComplete',
      'usageMetadata+turnComplete',
    ]);
    expect(client.words('outputTranscription')).toBe('Stopped.');
  });

  test('while everything is generated and still played', async () => {
    const server = new LiveServer({
      scenario: {
        pace: 20,
        turns: [
          { heard: 'Talk.', said: long },
          { heard: 'Stop.', said: 'Stopped.' },
        ],
      },
    });
    const client = await server.ready();
    client.speak();
    await client.advance(3000);
    expect(client.all('generationComplete')).toEqual([true]);
    client.forget();
    client.speak();
    expect(client.outline).toEqual(['interrupted', 'usageMetadata+turnComplete']);
    await client.advance(5000);
    expect(client.words('outputTranscription')).toBe('Stopped.');
  });

  test('not where NO_INTERRUPTION was asked for', async () => {
    const server = new LiveServer({
      scenario: {
        pace: 2,
        turns: [
          { heard: 'Talk.', said: long },
          { heard: 'Stop.', said: 'Never.' },
        ],
      },
    });
    const client = await server.ready({ realtimeInputConfig: { activityHandling: 'NO_INTERRUPTION' } });
    client.speak();
    await client.advance(2000);
    client.speak();
    await client.advance(60_000);
    expect(client.all('interrupted')).toEqual([]);
    expect(client.words('outputTranscription')).toBe(`${long}Never.`);
  });

  test('by typed text', async () => {
    const server = new LiveServer({
      scenario: {
        pace: 2,
        turns: [
          { when: 'talk', said: long },
          { when: 'else', said: 'Changed.' },
        ],
      },
    });
    const client = await server.ready();
    client.type('talk');
    await client.advance(2000);
    client.forget();
    client.type('something else');
    await client.advance(5000);
    expect(client.outline.slice(0, 2)).toEqual(['interrupted', 'usageMetadata+turnComplete']);
    expect(client.words('outputTranscription')).toBe('Changed.');
  });
});

describe('explicit activity', () => {
  const byHand = { realtimeInputConfig: { automaticActivityDetection: { disabled: true } } };

  test('begins and ends the turn; sound outside is not heard', async () => {
    const server = new LiveServer({ scenario: { turns: [{ heard: 'Hello.', said: 'Hello to you.' }] } });
    const client = await server.ready(byHand);
    client.hear(silence(2000, 16_000));
    client.send({ realtimeInput: { activityStart: {} } });
    client.speak(500);
    await client.advance(3000);
    expect(client.all('modelTurn')).toEqual([]);
    client.send({ realtimeInput: { activityEnd: {} } });
    await client.advance(3000);
    expect(client.words('inputTranscription')).toBe('Hello.');
    expect(client.words('outputTranscription')).toBe('Hello to you.');
  });

  test('interrupts with its beginning', async () => {
    const server = new LiveServer({ scenario: { pace: 2, turns: [{ heard: 'Talk.', said: long }] } });
    const client = await server.ready(byHand);
    client.send({ realtimeInput: { activityStart: {} } });
    client.speak(500);
    client.send({ realtimeInput: { activityEnd: {} } });
    await client.advance(2000);
    client.forget();
    client.send({ realtimeInput: { activityStart: {} } });
    await client.advance(1);
    expect(client.outline).toEqual(['interrupted', 'usageMetadata+turnComplete']);
  });

  test('without sound does not count as a turn', async () => {
    const server = new LiveServer({ scenario: { turns: [{ heard: 'Hello.', said: 'Hello to you.' }] } });
    const client = await server.ready(byHand);
    client.send({ realtimeInput: { activityStart: {} } }, { realtimeInput: { activityEnd: {} } });
    await client.advance(5000);
    expect(client.outline).toEqual(['setupComplete']);
  });
});
