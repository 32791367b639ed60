import { describe, expect, test } from 'vitest';
import { noisySpeech, record, SessionDriver, silence } from '../session-driver.js';

/** 4 seconds of sound at five times real time: 800 ms to deliver. */
const long = { said: 'x'.repeat(61) };
const longMs = 3965;

async function speaking(
  scenario: object = { turns: [long, { heard: 'Stop.', said: 'Yes?' }] },
): Promise<SessionDriver> {
  const driver = new SessionDriver({ scenario: { ...scenario } });
  driver.type('go');
  driver.send({ type: 'response.create' });
  await driver.clock.advance(300);
  return driver;
}

function response(driver: SessionDriver): Record<string, unknown> {
  return record(driver.last('response.done').response);
}

describe('when the user speaks during an answer', () => {
  test('the answer ends at once, and the next one follows', async () => {
    const driver = await speaking();
    expect(driver.types).not.toContain('response.done');
    const received = driver.all('response.output_audio.delta').length;
    driver.forget();
    await driver.hear(noisySpeech(400));
    expect(driver.types).toEqual([
      'input_audio_buffer.speech_started',
      'response.output_audio.done',
      'response.output_audio_transcript.done',
      'response.content_part.done',
      'conversation.item.done',
      'response.output_item.done',
      'response.done',
      'rate_limits.updated',
    ]);
    expect(response(driver)).toMatchObject({
      status: 'cancelled',
      status_details: { type: 'cancelled', reason: 'turn_detected' },
      output: [{ status: 'incomplete' }],
    });
    await driver.clock.advance(5000);
    expect(driver.all('response.output_audio.delta')).toEqual([]);
    expect(received).toBeGreaterThan(0);
    await driver.hear(silence(800));
    await driver.clock.advance(5000);
    expect(response(driver)).toMatchObject({ status: 'completed' });
    expect(driver.last('response.output_audio_transcript.done').transcript).toBe('Yes?');
  });

  test('with interrupt_response false the answer goes on, and the turn is answered after it', async () => {
    const driver = await speaking();
    driver.update({
      audio: { input: { turn_detection: { type: 'server_vad', interrupt_response: false } } },
    });
    await driver.hear(noisySpeech(400));
    await driver.hear(silence(800));
    expect(driver.types).not.toContain('response.done');
    await driver.clock.advance(5000);
    const statuses = driver.all('response.done').map((done) => record(done.response).status);
    expect(statuses).toEqual(['completed', 'completed']);
    expect(driver.last('response.output_audio_transcript.done').transcript).toBe('Yes?');
  });

  test('no more sound is sent for a cancelled answer, at any point of it', async () => {
    for (let ms = 0; ms <= 900; ms += 60) {
      const driver = new SessionDriver({ scenario: { turns: [long] } });
      driver.type('go');
      driver.send({ type: 'response.create' });
      await driver.clock.advance(ms);
      driver.send({ type: 'response.cancel' });
      const done = driver.types.indexOf('response.done');
      await driver.clock.advance(10_000);
      const after = driver.types.slice(done).filter((type) => type.startsWith('response.'));
      expect(after).toEqual(['response.done']);
    }
  });
});

describe('response.cancel', () => {
  test('ends the answer as cancelled by the client', async () => {
    const driver = await speaking();
    const { id } = record(driver.last('response.created').response);
    driver.send({ type: 'response.cancel', response_id: id });
    expect(response(driver)).toMatchObject({
      status: 'cancelled',
      status_details: { type: 'cancelled', reason: 'client_cancelled' },
    });
    expect(driver.all('error')).toEqual([]);
  });

  test('with the id of another response changes nothing', async () => {
    const driver = await speaking();
    driver.send({ type: 'response.cancel', response_id: 'resp_other' });
    expect(driver.error).toMatchObject({ code: 'response_cancel_not_active' });
    await driver.clock.advance(5000);
    expect(response(driver)).toMatchObject({ status: 'completed' });
  });

  test('before anything was said leaves an empty answer', async () => {
    const driver = new SessionDriver({ scenario: { turns: [{ ...long, delayMs: 1000 }] } });
    driver.type('go');
    driver.send({ type: 'response.create' }, { type: 'response.cancel' });
    await driver.clock.advance(5000);
    expect(response(driver)).toMatchObject({ status: 'cancelled', output: [] });
    expect(driver.types).not.toContain('response.output_item.added');
  });
});

describe('truncation', () => {
  async function spoken(): Promise<{ driver: SessionDriver; itemId: unknown }> {
    const driver = new SessionDriver({ scenario: { turns: [long] } });
    await driver.ask('go');
    return { driver, itemId: driver.last('response.output_audio.delta').item_id };
  }
  const truncate = (itemId: unknown, audioEndMs: number, contentIndex = 0): object => ({
    type: 'conversation.item.truncate',
    item_id: itemId,
    content_index: contentIndex,
    audio_end_ms: audioEndMs,
  });

  test('is accepted up to the received length, and removes the transcript', async () => {
    const { driver, itemId } = await spoken();
    driver.send(truncate(itemId, longMs));
    expect(driver.last('conversation.item.truncated')).toMatchObject({
      item_id: itemId,
      content_index: 0,
      audio_end_ms: longMs,
    });
    driver.send({ type: 'conversation.item.retrieve', item_id: itemId });
    expect(record(driver.last('conversation.item.retrieved').item).content).toEqual([
      { type: 'output_audio' },
    ]);
  });

  test('is refused one millisecond beyond it', async () => {
    const { driver, itemId } = await spoken();
    driver.send(truncate(itemId, longMs + 1));
    expect(driver.error).toMatchObject({
      code: 'invalid_value',
      message: `Audio content of ${longMs}ms is already shorter than ${longMs + 1}ms`,
    });
  });

  test('shortens: a second one can only be shorter still', async () => {
    const { driver, itemId } = await spoken();
    driver.send(truncate(itemId, 1000), truncate(itemId, 1001));
    expect(driver.error).toMatchObject({ message: 'Audio content of 1000ms is already shorter than 1001ms' });
    driver.send(truncate(itemId, 500));
    expect(driver.last('conversation.item.truncated').audio_end_ms).toBe(500);
  });

  test('counts what has been sent of an answer that was interrupted', async () => {
    const driver = await speaking();
    driver.send({ type: 'response.cancel' });
    const received = driver.all('response.output_audio.delta');
    const receivedMs = received.reduce(
      (sum, { delta }) => sum + Buffer.from(String(delta), 'base64').length / 48,
      0,
    );
    const itemId = received[0]?.item_id;
    driver.send(truncate(itemId, receivedMs + 1));
    expect(driver.error).toMatchObject({ code: 'invalid_value' });
    driver.send(truncate(itemId, receivedMs));
    expect(driver.last('conversation.item.truncated').audio_end_ms).toBe(receivedMs);
  });

  test.each(['the user', 'a written answer', 'a part that is not there'])(
    'is refused for %s',
    async (what) => {
      const { driver, itemId } = await spoken();
      if (what === 'a written answer') await driver.ask('again', { output_modalities: ['text'] });
      const item =
        what === 'the user'
          ? record(driver.all('conversation.item.added')[0]?.item).id
          : what === 'a written answer'
            ? driver.last('response.output_text.done').item_id
            : itemId;
      driver.send(truncate(item, 0, what === 'a part that is not there' ? 1 : 0));
      expect(driver.error).toMatchObject({
        code: 'unsupported_content_type',
        message: 'Only model output audio messages can be truncated',
      });
    },
  );
});
