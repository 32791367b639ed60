import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EchoGate } from '../../../src/audio/microphone/echo-gate.js';
import {
  MicrophoneFramer,
  type MicrophoneFramerOptions,
} from '../../../src/audio/microphone/microphone-framer.js';
import { pcmOf } from '../../../src/audio/samples/pcm16.js';

function microphone(options: Partial<MicrophoneFramerOptions> = {}): MicrophoneFramer {
  return new MicrophoneFramer({
    fromHz: 24_000,
    toHz: 24_000,
    gate: new EchoGate('off'),
    muted: false,
    ...options,
  });
}

function sound(samples: number): Uint8Array {
  return pcmOf(Float32Array.from({ length: samples }, (_, n) => 0.3 * Math.sin(n / 7)));
}

describe('MicrophoneFramer', () => {
  it('cuts what the device delivers into 20 ms, unchanged at equal rates', () => {
    const given = sound(2400);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 10 }), (cuts) => {
        const hearing = microphone();
        const frames: Uint8Array[] = [];
        let at = 0;
        for (const cut of [...cuts, 2400]) {
          frames.push(...hearing.hear(given.subarray(2 * at, 2 * (at + cut)), 0).map(({ audio }) => audio));
          at += cut;
        }
        expect(Buffer.concat(frames)).toEqual(Buffer.from(given));
        expect(frames.every((frame) => frame.length === 960)).toBe(true);
      }),
    );
  });

  it('delivers the provider’s rate', () => {
    const hearing = microphone({ fromHz: 44_100, toHz: 16_000 });
    const frames = hearing.hear(sound(44_100), 0);
    expect(frames.length).toBeGreaterThanOrEqual(49);
    for (const { audio, level } of frames.slice(2)) {
      expect(audio).toHaveLength(640);
      expect(level).toBeCloseTo(0.3 / Math.SQRT2, 1);
    }
  });

  it('sends zeros while muted, at the same pace', () => {
    const hearing = microphone({ muted: true });
    expect(hearing.hear(sound(960), 0)).toEqual([
      { audio: new Uint8Array(960), level: 0 },
      { audio: new Uint8Array(960), level: 0 },
    ]);
    hearing.muted = false;
    expect(hearing.hear(sound(480), 0)[0]?.level).toBeGreaterThan(0.1);
  });

  it('sends zeros for what the echo gate refuses', () => {
    const gate = new EchoGate('half-duplex');
    const hearing = microphone({ gate });
    gate.render(0.1, 0);
    expect(hearing.hear(sound(480), 100)).toEqual([{ audio: new Uint8Array(960), level: 0 }]);
    expect(hearing.hear(sound(480), 400)[0]?.level).toBeGreaterThan(0.1);
  });

  it('reports once that the device delivers zeros, unless we muted it ourselves', () => {
    const zeros = new Uint8Array(2 * 24_000);
    const hearing = microphone();
    hearing.hear(zeros, 0);
    expect(hearing.takeSilent()).toBe(false);
    hearing.hear(zeros, 1000);
    expect(hearing.takeSilent()).toBe(true);
    expect(hearing.takeSilent()).toBe(false);
    const muted = microphone({ muted: true });
    for (let n = 0; n < 5; n += 1) muted.hear(zeros, n * 1000);
    expect(muted.takeSilent()).toBe(false);
  });
});
