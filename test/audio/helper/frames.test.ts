import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeMicrophone,
  decodePlay,
  encodeFrame,
  encodeMicrophone,
  encodePlay,
  FrameReader,
  FrameType,
} from '../../../src/audio/helper/frames.js';
import {
  decodeOrder,
  decodeReport,
  encodeMessage,
  type Order,
  type Report,
} from '../../../src/audio/helper/messages.js';

function only(bytes: Uint8Array): { type: number; payload: Uint8Array } {
  const [frame, ...more] = new FrameReader().read(bytes);
  expect(more).toEqual([]);
  if (frame === undefined) throw new Error('no frame');
  return frame;
}

describe('FrameReader', () => {
  it('finds the same frames however the stream is cut', () => {
    const frames = fc.array(fc.record({ type: fc.nat(255), payload: fc.uint8Array({ maxLength: 300 }) }));
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 90 })), (sent, cuts) => {
        const stream = Buffer.concat(sent.map(({ type, payload }) => encodeFrame(type, payload)));
        const reader = new FrameReader();
        const received = [];
        let at = 0;
        for (const cut of [...cuts, stream.length]) {
          received.push(...reader.read(stream.subarray(at, at + cut)));
          at += cut;
        }
        expect(received.map(({ type, payload }) => ({ type, payload: [...payload] }))).toEqual(
          sent.map(({ type, payload }) => ({ type, payload: [...payload] })),
        );
      }),
    );
  });

  it.each([
    ['no length', [0, 0, 0, 0]],
    ['4 GB', [255, 255, 255, 255]],
  ])('gives up on a stream that announces %s', (_name, bytes) => {
    expect(() => new FrameReader().read(Uint8Array.from(bytes))).toThrow(RangeError);
  });
});

describe('audio on the wire', () => {
  it('carries a part, any letters in its name, and its sound', () => {
    const part = { itemId: 'item_ü🎧', contentIndex: 3 };
    const { type, payload } = only(encodePlay(part, Uint8Array.of(1, 2, 3)));
    expect(type).toBe(FrameType.play);
    expect(decodePlay(payload)).toEqual({ part, pcm: Uint8Array.of(1, 2, 3) });
  });

  it('carries a microphone frame and its level', () => {
    const { type, payload } = only(encodeMicrophone(Uint8Array.of(5, 6), 0.25));
    expect(type).toBe(FrameType.microphone);
    expect(decodeMicrophone(payload)).toEqual({ audio: Uint8Array.of(5, 6), level: 0.25 });
  });
});

describe('messages', () => {
  it('arrive as they were sent', () => {
    const order: Order = { type: 'clear', epoch: 4 };
    const report: Report = {
      type: 'rendered',
      parts: [{ itemId: 'a', contentIndex: 0, samples: 9 }],
      level: 0.5,
    };
    expect(decodeOrder(only(encodeMessage(order)).payload)).toEqual(order);
    expect(decodeReport(only(encodeMessage(report)).payload)).toEqual(report);
  });

  it.each(['', '{', 'null', '{"type":"clear"}', '{"type":"explode"}'])('reject %j', (text) => {
    const payload = new TextEncoder().encode(text);
    expect(decodeOrder(payload)).toBeUndefined();
    expect(decodeReport(payload)).toBeUndefined();
  });
});
