import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SessionSettings } from '../../../src/contract/settings.js';
import { createCompatibleCodec } from '../../../src/providers/compatible/codec.js';
import { gaDialect } from '../../../src/providers/compatible/switches.js';

function newCodec() {
  return createCompatibleCodec({ ...gaDialect, inputRateHz: 16_000, transcriptionModel: 'ears' });
}

function sessionOf(settings: SessionSettings, codec = newCodec()): Record<string, unknown> {
  const [frame] = codec.encode({ type: 'session.update', settings });
  return JSON.parse(String(frame)).session;
}

function delta(bytes: Uint8Array, part: { itemId?: string; contentIndex?: number } = {}): string {
  return JSON.stringify({
    type: 'response.output_audio.delta',
    response_id: 'resp_1',
    item_id: part.itemId ?? 'item_1',
    content_index: part.contentIndex ?? 0,
    delta: Buffer.from(bytes).toString('base64'),
  });
}

describe('session.update', () => {
  it('declares the formats once per connection, and is a patch otherwise', () => {
    const codec = newCodec();
    expect(sessionOf({}, codec)).toEqual({
      type: 'realtime',
      audio: {
        input: { format: { type: 'audio/pcm', rate: 16_000 } },
        output: { format: { type: 'audio/pcm', rate: 24_000 } },
      },
    });
    expect(sessionOf({ instructions: '' }, codec)).toEqual({ type: 'realtime', instructions: '' });
    expect(sessionOf({ voice: 'ash' }, codec)).toEqual({
      type: 'realtime',
      audio: { output: { voice: 'ash' } },
    });
  });

  it('switches settings off with null and clears lists with empty ones', () => {
    const codec = newCodec();
    sessionOf({}, codec);
    expect(sessionOf({ noiseReduction: 'off', turnDetection: { type: 'none' }, tools: [] }, codec)).toEqual({
      type: 'realtime',
      tools: [],
      audio: { input: { noise_reduction: null, turn_detection: null } },
    });
  });
});

describe('audio.append', () => {
  it('is valid JSON for any audio', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (audio) => {
        const [frame] = newCodec().encode({ type: 'audio.append', audio });
        const { type, audio: base64 } = JSON.parse(String(frame));
        expect(type).toBe('input_audio_buffer.append');
        expect(Buffer.from(base64, 'base64')).toEqual(Buffer.from(audio));
      }),
    );
  });

  it('stays below the size limit of a server, and sends nothing for empty audio', () => {
    const audio = new Uint8Array(14 * 2 ** 20).fill(7);
    const frames = newCodec().encode({ type: 'audio.append', audio }).map(String);
    expect(Math.max(...frames.map((frame) => frame.length))).toBeLessThan(15 * 2 ** 20);
    const chunks = frames.map((frame) => Buffer.from(JSON.parse(frame).audio, 'base64'));
    expect(Buffer.concat(chunks).equals(audio)).toBe(true);
    expect(chunks.every((chunk) => chunk.length % 2 === 0)).toBe(true);
    expect(newCodec().encode({ type: 'audio.append', audio: new Uint8Array() })).toEqual([]);
  });
});

describe('audio of an answer', () => {
  it('is unchanged wherever the server cut it', () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 12 });
    fc.assert(
      fc.property(pieces, (cut) => {
        const codec = newCodec();
        const heard = cut
          .flatMap((piece) => codec.decode(delta(piece)))
          .map((event) => (event.type === 'audio.delta' ? event.audio : Buffer.from('not sound')));
        const whole = Buffer.concat(cut);
        expect(heard.every((audio) => audio.length % 2 === 0 && audio.length > 0)).toBe(true);
        expect(Buffer.concat(heard).equals(whole.subarray(0, whole.length - (whole.length % 2)))).toBe(true);
      }),
    );
  });

  it('never joins half samples of different parts', () => {
    const codec = newCodec();
    expect(codec.decode(delta(new Uint8Array([1]), { itemId: 'a' }))).toEqual([]);
    expect(codec.decode(delta(new Uint8Array([2]), { itemId: 'b' }))).toEqual([]);
    expect(codec.decode(delta(new Uint8Array([3]), { itemId: 'a', contentIndex: 1 }))).toEqual([]);
    expect(codec.decode(delta(new Uint8Array([4]), { itemId: 'a' }))).toMatchObject([
      { itemId: 'a', contentIndex: 0, audio: Buffer.from([1, 4]) },
    ]);
  });

  it.each([
    [
      'its part',
      { type: 'response.output_audio.done', response_id: 'resp_1', item_id: 'item_1', content_index: 0 },
    ],
    ['its response', { type: 'response.done', response: { id: 'resp_1', status: 'cancelled' } }],
  ])('drops half a sample at the end of %s', (_what, end) => {
    const codec = newCodec();
    codec.decode(delta(new Uint8Array([1])));
    codec.decode(JSON.stringify(end));
    const [event] = codec.decode(delta(new Uint8Array([2, 3])));
    expect(event).toMatchObject({ audio: Buffer.from([2, 3]) });
  });
});

describe('unusual frames', () => {
  it('reads JSON from a binary frame', () => {
    const frame = new TextEncoder().encode('{"type":"input_audio_buffer.cleared"}');
    expect(newCodec().decode(frame)).toEqual([{ type: 'input.cleared' }]);
  });

  it('does not accept infinity as a number', () => {
    const frame = '{"type":"input_audio_buffer.speech_started","audio_start_ms":1e999}';
    expect(newCodec().decode(frame)).toMatchObject([{ type: 'error', source: 'protocol' }]);
  });

  it('survives nesting deeper than the stack', () => {
    const frame = `{"type":"x","a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    expect(newCodec().decode(frame)).toHaveLength(1);
  });
});

describe('long audio deltas', () => {
  const sound = Buffer.alloc(4800, 7);
  const base64 = sound.toString('base64');
  const ids = '"response_id":"r","item_id":"i","content_index":0';

  it.each([
    ['first', `{"delta":"${base64}","type":"response.output_audio.delta",${ids}}`],
    ['last', `{"type":"response.output_audio.delta",${ids},"delta":"${base64}"}`],
    ['spaced', `{"type": "response.output_audio.delta", ${ids}, "delta": "${base64}"}`],
    ['widely spaced', `{"type":"response.output_audio.delta",${ids},"delta" : "${base64}"}`],
    ['escaped', `{"type":"response.output_audio.delta",${ids},"delta":"${base64.replaceAll('/', '\\/')}"}`],
    [
      'behind a nested one',
      `{"x":{"delta":""},"type":"response.output_audio.delta",${ids},"delta":"${base64}"}`,
    ],
  ])('are read at any place and in any spelling: %s', (_where, frame) => {
    const [event] = newCodec().decode(frame);
    expect(event).toMatchObject({ type: 'audio.delta', itemId: 'i' });
    expect(event?.type === 'audio.delta' && Buffer.compare(event.audio, sound)).toBe(0);
  });

  it('that are cut off are unreadable, not fatal', () => {
    const frame = `{"type":"response.output_audio.delta",${ids},"delta":"${base64}`;
    expect(newCodec().decode(frame)).toMatchObject([{ type: 'error', source: 'protocol', fatal: false }]);
  });
});

describe('rate limits', () => {
  it('leave out numbers that are too large to be numbers', () => {
    const limits =
      '[{"name":"tokens","remaining":1e999},{"name":"requests","remaining":3,"reset_seconds":1e999}]';
    expect(newCodec().decode(`{"type":"rate_limits.updated","rate_limits":${limits}}`)).toEqual([
      { type: 'rate.limits', limits: [{ name: 'requests', remaining: 3, resetS: 0 }] },
    ]);
  });
});
