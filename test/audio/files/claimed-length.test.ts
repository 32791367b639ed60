import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AmrFrames } from '../../../src/audio/files/amr-frames.js';
import { claimedMs } from '../../../src/audio/files/claimed-length.js';
import { FrameWalk } from '../../../src/audio/files/frame-walk.js';
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

  it('is in the header of True Audio', () => {
    const tta = Buffer.from('54544131010001001000803e000009a20000aaaaaaaa'.padEnd(60, '0'), 'hex');
    expect(claimedMs('tta', tta)).toBeCloseTo(2593, -1);
  });

  it('is in the file properties of Windows Media Audio, without the time before the sound', () => {
    const wma = Buffer.alloc(200);
    Buffer.from('a1dcab8c47a9cf118ee400c00c205365', 'hex').copy(wma, 30);
    wma.writeBigUInt64LE(57_240_000n, 30 + 64);
    wma.writeBigUInt64LE(3100n, 30 + 80);
    expect(claimedMs('wma', wma)).toBe(2624);
  });

  it('is in the Info of WebM, in its own units, unless there is a video that may be longer', () => {
    const duration = Buffer.alloc(8);
    duration.writeDoubleBE(2609);
    const webm = (scale: string, more = ''): Buffer =>
      Buffer.concat([
        Buffer.from(`1a45dfa31549a966${scale}448988`, 'hex'),
        duration,
        Buffer.from(`A_OPUS ${more}`),
      ]);
    expect(claimedMs('webm', webm(''))).toBe(2609);
    expect(claimedMs('webm', webm('2ad7b1830f4240'))).toBe(2609);
    expect(claimedMs('webm', webm('2ad7b1830186a0'))).toBeCloseTo(260.9, 6);
    expect(claimedMs('webm', webm('', 'V_VP9'))).toBeUndefined();
  });

  it.each(['flac', 'mp3', 'aiff', 'm4a', 'opus', 'tta', 'wma', 'webm'] as const)(
    'is unknown for %s that is cut off',
    (format) => {
      for (let length = 0; length < 30; length += 1) {
        expect(claimedMs(format, fixture('question.flac').subarray(0, Math.min(length, 17)))).toBeUndefined();
      }
    },
  );
});

describe('Ogg pages', () => {
  it.each(['question.ogg', 'question.opus'])(
    '%s ends with a whole page; cut anywhere, it does not',
    (name) => {
      const bytes = fixture(name);
      const whole = new OggPages();
      for (let at = 0; at < bytes.length; at += 77) whole.push(bytes.subarray(at, at + 77));
      expect(whole.damage).toBeUndefined();
      const cut = new OggPages();
      cut.push(bytes.subarray(0, bytes.length - 50));
      expect(cut.damage).toBe('it is cut off');
    },
  );

  it('says nothing about other data', () => {
    const pages = new OggPages();
    pages.push(Buffer.alloc(1000, 0x55));
    expect(pages.damage).toBeUndefined();
  });
});

describe('MP3 frames', () => {
  const mp3 = fixture('question.mp3');
  const bare = mp3.subarray(10 + (mp3[9] ?? 0));
  const walked = (bytes: Uint8Array, piece = 333): string | undefined => {
    const walk = new FrameWalk();
    for (let at = 0; at < bytes.length; at += piece) walk.push(bytes.subarray(at, at + piece));
    return walk.damage;
  };

  it('follow each other to the end, or to a tag', () => {
    for (const piece of [1, 7, 333, 100_000]) expect(walked(bare, piece)).toBeUndefined();
    const tag = Buffer.concat([Buffer.from('TAG'), Buffer.alloc(125)]);
    expect(walked(Buffer.concat([bare, tag]))).toBeUndefined();
    expect(walked(Buffer.concat([bare, bare]))).toBeUndefined();
    expect(walked(Buffer.concat([bare, Buffer.from('APETAGEX'), Buffer.alloc(99)]))).toBeUndefined();
  });

  it('are cut off, or damaged', () => {
    expect(walked(bare.subarray(0, 5000))).toBe('it is cut off');
    const damaged = Buffer.from(bare).fill(0x55, 4000, 4600);
    expect(walked(damaged)).toBe('a part of it is damaged');
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
      expect(frames.damage).toBeUndefined();
      frames.push(speech.subarray(0, 9));
      expect(frames.damage).toBe('it is cut off');
    }
  });
});
