import { describe, expect, it } from 'vitest';
import type { SoundEvent } from '../../src/audio/sound.js';
import { FakeSound } from '../../src/testing/fake-sound.js';

const part = { itemId: 'a', contentIndex: 0 };
const other = { itemId: 'b', contentIndex: 0 };

function fakeSound() {
  const sound = new FakeSound({ inputRateHz: 16_000, outputRateHz: 8000, timeoutMs: 30 });
  const events: SoundEvent[] = [];
  sound.onEvent = (event) => events.push(event);
  return { sound, events };
}

/** At 8 kHz. */
const pcm = (ms: number, value = 1) => new Uint8Array(ms * 16).fill(value);

describe('FakeSound', () => {
  it('renders what a test says, across parts', () => {
    const { sound, events } = fakeSound();
    sound.play(part, pcm(100));
    sound.play(other, pcm(100, 2));
    expect(sound.queuedMs).toBe(200);
    expect(events).toEqual([]);
    sound.render(150);
    expect(sound.queuedMs).toBe(50);
    expect(sound.rendered).toEqual(Buffer.concat([pcm(100), pcm(50, 2)]));
    sound.render();
    expect(events).toEqual([
      {
        type: 'rendered',
        parts: [
          { ...part, samples: 800 },
          { ...other, samples: 400 },
        ],
        level: 0,
      },
      {
        type: 'rendered',
        parts: [
          { ...part, samples: 800 },
          { ...other, samples: 800 },
        ],
        level: 0,
      },
      { type: 'drained' },
    ]);
    sound.render();
    expect(events).toHaveLength(3);
  });

  it('tells how far it had come when it is cleared', () => {
    const { sound, events } = fakeSound();
    sound.play(part, pcm(100));
    sound.render(30);
    sound.clear(7);
    expect(events.at(-1)).toEqual({ type: 'cleared', epoch: 7, parts: [{ ...part, samples: 240 }] });
    expect(sound.queuedMs).toBe(0);
    sound.clear(8);
    expect(events.at(-1)).toEqual({ type: 'cleared', epoch: 8, parts: [] });
  });

  it('waits for sound, but not for ever', async () => {
    const { sound } = fakeSound();
    const waiting = sound.queued(100);
    sound.play(part, pcm(60));
    sound.play(part, pcm(60));
    await waiting;
    await expect(sound.queued(500)).rejects.toThrow(
      '500 ms of sound did not come within 30 ms: 120 ms are queued.',
    );
  });

  it('delivers what it hears in frames of 20 ms, and silence while it is muted', () => {
    const { sound, events } = fakeSound();
    const loud = new Uint8Array(new Int16Array(480).fill(16_384).buffer);
    sound.hear(loud);
    expect(events).toEqual([{ type: 'frame', audio: loud.subarray(0, 640), level: 0.5 }]);
    sound.setMuted(true);
    sound.hear(loud.subarray(0, 320));
    expect(events.slice(1)).toEqual([{ type: 'frame', audio: new Uint8Array(640), level: 0 }]);
  });

  it('keeps what the session asked for', async () => {
    const { sound } = fakeSound();
    sound.setEcho('half-duplex');
    await sound.close();
    await sound.close();
    expect(sound).toMatchObject({ muted: false, echo: 'half-duplex', closed: true });
  });
});
