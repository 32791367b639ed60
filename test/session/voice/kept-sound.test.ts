import { describe, expect, it } from 'vitest';
import { KeptSound } from '../../../src/session/voice/kept-sound.js';
import { frames } from '../frames.js';

function keep() {
  const sound = new KeptSound({ rateHz: 24_000, mostMs: 30_000, noticeMs: 1500 });
  const hear = (kind: 'speech' | 'silence', ms: number) => {
    for (const frame of frames(kind, ms)) sound.add(frame);
  };
  hear('silence', 3000);
  return { sound, hear };
}

function takeMs(sound: KeptSound): number {
  return sound.take().pieces.reduce((sum, { byteLength }) => sum + byteLength / 48, 0);
}

describe('sound that another connection may need', () => {
  it('is an open turn from a little before its beginning', () => {
    const { sound, hear } = keep();
    hear('speech', 1000);
    sound.turn('open');
    sound.lost(false);
    hear('speech', 500);
    const ms = takeMs(sound);
    expect(ms).toBeGreaterThanOrEqual(1500);
    expect(ms).toBeLessThanOrEqual(2200);
  });

  it('is a turn that has ended and is not settled, and nothing of one that is', () => {
    for (const [settled, spoken] of [
      [false, true],
      [true, false],
    ]) {
      const { sound, hear } = keep();
      hear('speech', 1000);
      sound.turn('open');
      hear('silence', 700);
      sound.turn('ended');
      hear('silence', 300);
      if (settled) sound.turn('settled');
      sound.lost(false);
      expect(sound.take().spoken).toBe(spoken);
    }
  });

  it('is what follows a settled turn', () => {
    const { sound, hear } = keep();
    hear('speech', 1000);
    sound.turn('open');
    hear('silence', 700);
    sound.turn('ended');
    hear('speech', 600);
    sound.turn('settled');
    sound.lost(false);
    const ms = takeMs(sound);
    expect(ms).toBeGreaterThanOrEqual(600);
    expect(ms).toBeLessThanOrEqual(900);
  });

  it('is speech that the provider had no time to report', () => {
    const { sound, hear } = keep();
    hear('speech', 400);
    sound.lost(false);
    expect(sound.take().spoken).toBe(true);
  });

  it('is not what the provider did not take for speech', () => {
    const { sound, hear } = keep();
    hear('speech', 400);
    hear('silence', 3000);
    sound.providerSpoke();
    sound.lost(false);
    expect(sound.take().spoken).toBe(false);
  });

  it('is speech that nothing was heard of since: the connection may have been dead for long', () => {
    const { sound, hear } = keep();
    hear('speech', 400);
    hear('silence', 20_000);
    sound.lost(false);
    expect(sound.take().spoken).toBe(true);
  });

  it('has its limit, and only lost speech counts', () => {
    const quiet = keep();
    quiet.sound.lost(false);
    quiet.hear('silence', 60_000);
    expect(quiet.sound.take()).toMatchObject({ spoken: false, lostMs: 0 });
    const { sound, hear } = keep();
    sound.turn('open');
    hear('speech', 40_000);
    sound.lost(false);
    const taken = sound.take();
    expect(taken.pieces.reduce((sum, { byteLength }) => sum + byteLength / 48, 0)).toBe(30_000);
    expect(taken.lostMs).toBeGreaterThan(9500);
    expect(taken.lostMs).toBeLessThanOrEqual(10_400);
  });

  it('is kept until the new connection has noticed it', () => {
    const { sound, hear } = keep();
    sound.turn('open');
    hear('speech', 1000);
    sound.lost(false);
    for (const pcm of sound.take().pieces) sound.add(pcm);
    sound.providerSpoke();
    sound.lost(false);
    expect(sound.take().spoken).toBe(true);
  });
});
