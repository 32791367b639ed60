import { describe, expect, it } from 'vitest';
import { DigitalSilence, silenceNotice } from '../../../src/audio/microphone/digital-silence.js';

function tellsAfterMs(silence: DigitalSilence, level: number, ms: number): number[] {
  const told: number[] = [];
  for (let at = 20; at <= ms; at += 20) if (silence.hear(level, 20)) told.push(at);
  return told;
}

describe('DigitalSilence', () => {
  it('reports it once, after two seconds of zeros', () => {
    expect(tellsAfterMs(new DigitalSilence(), 0, 10_000)).toEqual([2000]);
  });

  it('treats levels below one step of 16 bits as zeros', () => {
    expect(tellsAfterMs(new DigitalSilence(), 10 ** (-91 / 20), 3000)).toEqual([2000]);
    expect(tellsAfterMs(new DigitalSilence(), 10 ** (-89 / 20), 3000)).toEqual([]);
  });

  it('does not count what was muted by us', () => {
    const silence = new DigitalSilence();
    expect(tellsAfterMs(silence, 0, 1980)).toEqual([]);
    silence.interrupt();
    expect(tellsAfterMs(silence, 0, 1980)).toEqual([]);
    expect(silence.hear(0, 20)).toBe(true);
  });

  it('reports nothing about a microphone that was heard before', () => {
    const silence = new DigitalSilence();
    silence.hear(0.001, 20);
    expect(tellsAfterMs(silence, 0, 10_000)).toEqual([]);
  });

  it.each([
    ['darwin', 'System Settings › Privacy & Security › Microphone'],
    ['win32', 'Privacy & security › Microphone'],
    ['linux', 'pavucontrol'],
  ])('names the place where %s allows it', (platform, place) => {
    expect(silenceNotice(platform).hint).toContain(place);
  });
});
