import { describe, expect, it, vi } from 'vitest';
import { PlaybackTracker } from '../../../src/audio/playback/playback-tracker.js';
import type { SoundEvent } from '../../../src/audio/sound.js';
import { Session } from '../../../src/session/session.js';
import { createToolRunner } from '../../../src/tools/tool-runner.js';
import { FakeLink, profile } from '../../session/fake-link.js';

const part = { itemId: 'a1', contentIndex: 0 };

function pcm(ms: number): Uint8Array {
  return new Uint8Array(ms * 48);
}

function tracker(options: ConstructorParameters<typeof PlaybackTracker>[0] = {}) {
  const sound = new PlaybackTracker(options).open(24_000);
  const events: SoundEvent[] = [];
  sound.onEvent = (event) => events.push(event);
  return { sound, events };
}

describe('PlaybackTracker', () => {
  it('adds up what is reported, in milliseconds and in bytes', () => {
    const { sound, events } = tracker();
    sound.play(part, pcm(1000));
    sound.played('a1', 0, 100);
    sound.playedBytes('a1', 0, 480);
    expect(events).toMatchObject([
      { type: 'rendered', parts: [{ ...part, samples: 2400 }] },
      { type: 'rendered', parts: [{ ...part, samples: 2640 }] },
    ]);
  });

  it('loses nothing to rounding', () => {
    const { sound, events } = tracker();
    sound.play(part, pcm(1000));
    for (let i = 0; i < 100; i++) sound.played('a1', 0, 0.11);
    expect(events.at(-1)).toMatchObject({ parts: [{ samples: 264 }] });
  });

  it('counts no more than was received, nothing backwards, and no unknown parts', () => {
    const { sound, events } = tracker();
    sound.play(part, pcm(10));
    sound.played('a1', 0, 50);
    sound.played('a1', 0, -50);
    sound.played('a1', 0, Number.NaN);
    sound.played('a2', 0, 50);
    expect(events.filter(({ type }) => type === 'rendered')).toMatchObject([{ parts: [{ samples: 240 }] }]);
  });

  it('says when everything has been played, whichever comes last', () => {
    const { sound, events } = tracker();
    sound.play(part, pcm(10));
    sound.endPart(part);
    expect(events.map(({ type }) => type)).toEqual([]);
    sound.played('a1', 0, 10);
    expect(events.map(({ type }) => type)).toEqual(['rendered', 'drained']);
    sound.play({ ...part, itemId: 'a2' }, pcm(10));
    sound.played('a2', 0, 10);
    sound.endPart({ ...part, itemId: 'a2' });
    expect(events.map(({ type }) => type)).toEqual(['rendered', 'drained', 'rendered', 'drained']);
  });

  it('asks for silence before it reports the position, and ignores later reports', () => {
    const onClear = vi.fn(() => sound.played('a1', 0, 5));
    const { sound, events } = tracker({ onClear });
    sound.play(part, pcm(100));
    sound.played('a1', 0, 20);
    sound.clear(3);
    expect(events.at(-1)).toEqual({ type: 'cleared', epoch: 3, parts: [{ ...part, samples: 600 }] });
    sound.played('a1', 0, 5);
    expect(events.filter(({ type }) => type === 'rendered')).toHaveLength(2);
  });

  it('lets an interruption cut the answer off exactly where the program reports', async () => {
    const sound = new PlaybackTracker().open(profile.outputRateHz);
    const link = new FakeLink();
    const session = new Session({
      profile,
      settings: {},
      link,
      sound,
      tools: createToolRunner([], { env: {} }),
      watchEcho: true,
      audioInEvents: false,
      now: () => 0,
    });
    const cleared: unknown[] = [];
    session.subscribe((event) => event.type === 'playback.cleared' && cleared.push(event));
    link.open();
    link.receive({ type: 'response.created', responseId: 'r1' });
    link.receive({ type: 'audio.delta', responseId: 'r1', ...part, audio: pcm(2000) });
    sound.played('a1', 0, 1234);
    link.receive({ type: 'speech.started' });
    expect(link.sentOf('item.truncate')).toMatchObject([{ itemId: 'a1', contentIndex: 0, audioEndMs: 1234 }]);
    expect(cleared).toMatchObject([{ itemId: 'a1', heardMs: 1234, receivedMs: 2000 }]);
    await session.end();
  });
});
