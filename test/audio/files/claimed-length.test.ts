import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AmrFrames } from '../../../src/audio/files/amr-frames.js';
import { claimedMs } from '../../../src/audio/files/claimed-length.js';
import { OggPages } from '../../../src/audio/files/ogg-pages.js';

function fixture(name: string): Buffer {
  return readFileSync(new URL(`../../fixtures/audio/${name}`, import.meta.url));
}

describe('the length that a recording claims', () => {
  it('is in the STREAMINFO of FLAC and in the first frame of MP3', () => {
    expect(claimedMs('flac', fixture('question.flac'))).toBeCloseTo(2593, 0);
    const mp3 = fixture('question.mp3');
    expect(claimedMs('mp3', mp3.subarray(10 + (mp3[9] ?? 0)))).toBe(2700);
  });

  it('is in the COMM chunk of AIFF', () => {
    const aiff = Buffer.from(
      '464f524d0000003e41494646434f4d4d0000001200010000a22600 10400cfa00000000000000'.replaceAll(' ', ''),
      'hex',
    );
    expect(claimedMs('aiff', aiff)).toBeCloseTo(2594, 0);
  });

  it('is in the movie header of MP4, if that comes first', () => {
    const mvhd = Buffer.alloc(100);
    mvhd.write('mvhd', 30);
    mvhd.writeUInt32BE(1000, 46);
    mvhd.writeUInt32BE(2600, 50);
    expect(claimedMs('m4a', mvhd)).toBe(2600);
    expect(claimedMs('m4a', fixture('question.m4a').subarray(0, 40))).toBeUndefined();
  });

  it.each(['flac', 'mp3', 'aiff', 'm4a', 'opus'] as const)('is unknown for %s that is cut off', (format) => {
    for (let length = 0; length < 30; length += 1) {
      expect(claimedMs(format, fixture('question.flac').subarray(0, Math.min(length, 17)))).toBeUndefined();
    }
  });
});

describe('Ogg pages', () => {
  it.each(['question.ogg', 'question.opus'])(
    '%s ends with a whole page; cut anywhere, it does not',
    (name) => {
      const bytes = fixture(name);
      const whole = new OggPages();
      for (let at = 0; at < bytes.length; at += 77) whole.push(bytes.subarray(at, at + 77));
      expect(whole.cutOff).toBe(false);
      const cut = new OggPages();
      cut.push(bytes.subarray(0, bytes.length - 50));
      expect(cut.cutOff).toBe(true);
    },
  );

  it('says nothing about other data', () => {
    const pages = new OggPages();
    pages.push(Buffer.alloc(1000, 0x55));
    expect(pages.cutOff).toBe(false);
  });
});

describe('AMR frames', () => {
  it('are 20 ms each, pauses included', () => {
    const speech = Buffer.concat([Buffer.of(0x3c), Buffer.alloc(31)]);
    const pause = Buffer.concat([Buffer.of(0x44), Buffer.alloc(5)]);
    const none = Buffer.of(0x7c);
    const bytes = Buffer.concat([Buffer.from('#!AMR\n'), speech, pause, none, none, speech]);
    for (const piece of [1, 5, 1000]) {
      const frames = new AmrFrames();
      for (let at = 0; at < bytes.length; at += piece) frames.push(bytes.subarray(at, at + piece));
      expect(frames.durationMs).toBe(100);
    }
  });
});
