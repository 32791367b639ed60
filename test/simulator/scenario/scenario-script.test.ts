import { describe, expect, test } from 'vitest';
import { record, SessionDriver } from '../session-driver.js';

function transcripts(driver: SessionDriver): unknown[] {
  return driver.all('response.output_audio_transcript.done').map(({ transcript }) => transcript);
}

describe('turns', () => {
  test('without a pattern are taken in order, for speech and for typed text', async () => {
    const driver = new SessionDriver({
      scenario: {
        turns: [{ heard: 'One?', said: 'One.' }, { said: 'Two.' }, { heard: 'Three?', said: 'Three.' }],
      },
    });
    await driver.speak();
    await driver.clock.advance(3000);
    await driver.ask('two');
    await driver.speak();
    await driver.clock.advance(3000);
    expect(transcripts(driver)).toEqual(['One.', 'Two.', 'Three.']);
  });

  test('with a pattern are taken as often as it matches, and use its groups', async () => {
    const driver = new SessionDriver({
      scenario: { turns: [{ when: 'my name is (\\w+)', said: 'Hello {{match.1}}.' }, { said: 'In order.' }] },
    });
    await driver.ask('My name is Ada');
    await driver.ask('something else');
    await driver.ask('my name is Bob');
    expect(transcripts(driver)).toEqual(['Hello Ada.', 'In order.', 'Hello Bob.']);
  });

  test('with only words are answered by the pattern that matches them', async () => {
    const driver = new SessionDriver({
      scenario: { turns: [{ heard: 'What time is it?' }, { when: 'time', said: 'Noon.' }] },
    });
    await driver.speak();
    await driver.clock.advance(3000);
    expect(transcripts(driver)).toEqual(['Noon.']);
  });

  test('after the last one: otherwise, the beginning again, or a plain word', async () => {
    const turns = [{ said: 'First.' }];
    const second = async (more: object): Promise<unknown> => {
      const driver = new SessionDriver({ scenario: { turns, ...more } });
      await driver.ask('a');
      await driver.ask('b');
      return transcripts(driver)[1];
    };
    expect(await second({})).toBe('The scenario has no further turn.');
    expect(await second({ otherwise: { said: 'Enough.' } })).toBe('Enough.');
    expect(await second({ repeat: true })).toBe('First.');
  });

  test('asked again without a new message, the next one is taken', async () => {
    const driver = new SessionDriver({
      scenario: { turns: [{ when: 'go', said: 'First.' }, { said: 'And another thing.' }] },
    });
    await driver.ask('go');
    driver.send({ type: 'response.create' });
    await driver.clock.advance(3000);
    expect(transcripts(driver)).toEqual(['First.', 'And another thing.']);
  });

  test('without a message of the user, the assistant speaks first', async () => {
    const driver = new SessionDriver({
      scenario: { turns: [{ said: 'Welcome.' }, { said: 'You said something.' }] },
    });
    driver.send({ type: 'response.create' });
    await driver.clock.advance(3000);
    await driver.ask('hello');
    expect(transcripts(driver)).toEqual(['Welcome.', 'You said something.']);
  });

  test('wait as long as they say', async () => {
    const driver = new SessionDriver({ scenario: { turns: [{ said: 'Later.', delayMs: 700 }] } });
    driver.type('go');
    driver.send({ type: 'response.create' });
    await driver.clock.advance(699);
    expect(driver.types).not.toContain('response.output_audio.delta');
    await driver.clock.advance(1);
    expect(driver.types).toContain('response.output_audio.delta');
  });

  test('can be tones of any height, the same samples every time', async () => {
    const sound = async (tone: number): Promise<Buffer> => {
      const driver = new SessionDriver({ scenario: { turns: [{ said: 'Hum a tone.', tone }] } });
      await driver.ask('go');
      return Buffer.concat(
        driver.all('response.output_audio.delta').map(({ delta }) => Buffer.from(String(delta), 'base64')),
      );
    };
    const crossings = (pcm: Buffer): number => {
      let count = 0;
      for (let at = 2; at < pcm.length; at += 2) {
        if (pcm.readInt16LE(at - 2) < 0 && pcm.readInt16LE(at) >= 0) count += 1;
      }
      return count / (pcm.length / 48_000);
    };
    const low = await sound(200);
    expect(await sound(200)).toEqual(low);
    expect(crossings(low)).toBeCloseTo(200, -1);
    expect(crossings(await sound(800))).toBeCloseTo(800, -1);
  });
});

describe('after a tool', () => {
  test('a step may call again before it says something', async () => {
    const driver = new SessionDriver({
      scenario: {
        turns: [
          {
            tool: { name: 'locate' },
            afterTool: {
              tool: {
                name: 'get_weather',
                arguments: { place: '{{tool.city}}', list: ['{{tool.city}}', 1] },
              },
              said: 'Weather: {{tool.output}}',
            },
          },
        ],
      },
    });
    await driver.ask('go');
    const answer = async (output: string): Promise<Record<string, unknown>> => {
      const call = record(driver.last('response.output_item.done').item);
      driver.send(
        {
          type: 'conversation.item.create',
          item: { type: 'function_call_output', call_id: call.call_id, output },
        },
        { type: 'response.create' },
      );
      await driver.clock.advance(5000);
      return call;
    };
    expect(await answer('{"city":"Oslo"}')).toMatchObject({ name: 'locate', arguments: '{}' });
    expect(await answer('rain')).toMatchObject({
      name: 'get_weather',
      arguments: '{"place":"Oslo","list":["Oslo",1]}',
    });
    expect(transcripts(driver)).toEqual(['Weather: rain']);
  });

  test('a message in between is answered for itself, and the result still finds its step', async () => {
    const driver = new SessionDriver({
      scenario: { turns: [{ tool: { name: 'slow' }, said: 'Result {{tool.output}}.' }, { said: 'Second.' }] },
    });
    await driver.ask('one');
    const { call_id } = record(driver.last('response.output_item.done').item);
    await driver.ask('two');
    driver.send(
      { type: 'conversation.item.create', item: { type: 'function_call_output', call_id, output: '42' } },
      { type: 'response.create' },
    );
    await driver.clock.advance(5000);
    expect(transcripts(driver)).toEqual(['Second.', 'Result 42.']);
  });

  test('arguments may be broken on purpose', async () => {
    const driver = new SessionDriver({
      scenario: { turns: [{ tool: { name: 'a', arguments: '{"place": ' } }] },
    });
    await driver.ask('go');
    expect(record(driver.last('response.output_item.done').item).arguments).toBe('{"place": ');
  });
});

describe('faults', () => {
  const faulty = (faults: object, more: object = {}): SessionDriver =>
    new SessionDriver({
      scenario: { turns: [{ heard: 'Go.', said: 'x'.repeat(40), faults, ...more }, { said: 'Fine.' }] },
    });
  const deltas = (driver: SessionDriver): number => driver.all('response.output_audio.delta').length;

  test('touch only the response of their turn', async () => {
    const driver = faulty({ duplicateDelta: 1, dropResponseCreated: true });
    await driver.ask('go');
    expect(driver.types).not.toContain('response.created');
    expect(deltas(driver)).toBe(14); // 2.6 s in 13 deltas, one of them twice
    driver.forget();
    await driver.ask('again');
    expect(driver.types).toContain('response.created');
    expect(deltas(driver)).toBe(2);
  });

  test('stall: everything waits, nothing is lost, the order stays', async () => {
    const calm = faulty({});
    await calm.ask('go');
    const driver = faulty({ stall: { afterDeltas: 3, ms: 5000 } });
    driver.type('go');
    driver.send({ type: 'response.create' });
    await driver.clock.advance(4000);
    expect(deltas(driver)).toBe(3);
    expect(driver.types).not.toContain('response.done');
    await driver.clock.advance(2000);
    expect(driver.types).toEqual(calm.types);
  });

  test('garbage, error and close come after the given delta', async () => {
    const driver = faulty({
      garbage: { afterDeltas: 1, frame: 'not json' },
      error: { afterDeltas: 2, code: 'odd', message: 'Odd.' },
      close: { afterDeltas: 3, code: 1011, reason: 'bad day' },
    });
    await driver.ask('go');
    expect(driver.frames).toContain('not json');
    expect(driver.error).toEqual({
      type: 'server_error',
      code: 'odd',
      message: 'Odd.',
      param: null,
      event_id: null,
    });
    expect(driver.closed).toEqual({ code: 1011, reason: 'bad day' });
    expect(deltas(driver)).toBe(3);
    expect(driver.types.at(-1)).toBe('response.output_audio.delta');
  });

  test('close can come at a time, even before the first sound', async () => {
    const driver = faulty({ close: { afterMs: 100, code: 4321 } }, { delayMs: 5000 });
    driver.type('go');
    driver.send({ type: 'response.create' });
    await driver.clock.advance(99);
    expect(driver.closed).toBeUndefined();
    await driver.clock.advance(1);
    expect(driver.closed).toEqual({ code: 4321, reason: '' });
  });

  test('stray deltas follow the end of a cancelled response', async () => {
    const driver = faulty({ strayDeltas: 2 });
    driver.type('go');
    driver.send({ type: 'response.create' });
    await driver.clock.advance(100);
    driver.send({ type: 'response.cancel' });
    const after = driver.types.slice(driver.types.indexOf('response.done') + 1);
    expect(after).toEqual([
      'response.output_audio.delta',
      'response.output_audio.delta',
      'rate_limits.updated',
    ]);
  });

  test('transcripts can be late or fail', async () => {
    const late = faulty({ lateTranscriptMs: 10_000 });
    late.update({ audio: { input: { transcription: {} } } });
    await late.speak();
    await late.clock.advance(9000);
    expect(late.types).toContain('response.done');
    expect(late.types.join()).not.toContain('input_audio_transcription');
    await late.clock.advance(2000);
    expect(late.last('conversation.item.input_audio_transcription.completed').transcript).toBe('Go.');

    const failing = faulty({ failTranscript: 'Too noisy.' });
    failing.update({ audio: { input: { transcription: {} } } });
    await failing.speak();
    await failing.clock.advance(5000);
    expect(record(failing.last('conversation.item.input_audio_transcription.failed').error).message).toBe(
      'Too noisy.',
    );
  });
});
