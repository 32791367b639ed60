import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { FfmpegReport } from '../../../src/audio/files/ffmpeg-report.js';

function report(...lines: readonly string[]): FfmpegReport {
  const stderr = new PassThrough();
  const made = new FfmpegReport(stderr);
  stderr.emit('data', Buffer.from(lines.map((line) => `${line}\n`).join('')));
  return made;
}

describe('what ffmpeg prints', () => {
  it.each([
    [['[mov,mp4 @ 0x5] [error] moov atom not found', '[error] file:a: Invalid data'], 'moov atom not found'],
    [
      ['[error] file:a: Invalid data found when processing input'],
      'Invalid data found when processing input',
    ],
    [['[error] Error while decoding stream #0:0: Invalid data!'], 'Invalid data'],
    [["[fatal] Stream map '0:a:0' matches no streams."], 'there is no sound in it, only other streams'],
    [
      [
        '[wv @ 0x5] [warning] Could not find parameters',
        "Consider increasing 'probesize'",
        '[error] Cannot open',
      ],
      'Cannot open',
    ],
    [['[mov,mp4 @ 0x5581] moov atom not found'], 'moov atom not found'],
    [['[error] \u001b[31mred\u001b[0m \u0007title'], 'red  title'],
    [['[info]   Duration: 00:00:02.59', '[warning] odd'], undefined],
  ])('names the first error: %j', (lines, words) => {
    expect(report(...lines).firstError('file:a')).toBe(words);
  });

  it('holds the length of the header, unless that is an estimate or another stream', () => {
    const duration = '[info]   Duration: 00:01:02.50, start: 0.000000, bitrate: 391 kb/s';
    const audio = '[info]   Stream #0:0: Audio: flac, 96000 Hz, mono';
    const output = ['[info] Stream mapping:', '[info]   Stream #0:0: Audio: pcm_s16le'];
    expect(report(duration, audio, ...output).claimedMs).toBe(62_500);
    const cover = '[info]   Stream #0:1: Video: mjpeg, 300x300 (attached pic)';
    expect(report(duration, audio, cover, ...output).claimedMs).toBe(62_500);
    const video = '[info]   Stream #0:1(und): Video: h264 (High), yuv420p, 64x48';
    expect(report(duration, audio, video, ...output).claimedMs).toBeUndefined();
    const estimated = '[mp3 @ 0x5] [warning] Estimating duration from bitrate, this may be inaccurate';
    expect(report(estimated, duration, audio).claimedMs).toBeUndefined();
    expect(report('[info]   Duration: N/A, bitrate: N/A', audio).claimedMs).toBeUndefined();
  });

  it('tells lost frames from other errors', () => {
    expect(report('[wv @ 0x5] [error] Invalid block header').lostFrames).toBe(false);
    expect(report('[wavpack @ 0x5] [error] CRC error').lostFrames).toBe(true);
    expect(report('[error] Error while decoding stream #0:0: Invalid data').lostFrames).toBe(true);
    expect(report('[warning] file:a: corrupt input packet in stream 0').lostFrames).toBe(true);
  });
});
