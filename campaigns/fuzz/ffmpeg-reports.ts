import { PassThrough } from 'node:stream';
import { FfmpegReport } from '../../src/audio/files/ffmpeg-report.js';
import { textTarget } from '../fuzzing/inputs.js';

export const target = textTarget({
  about: 'what ffmpeg prints: one line of plain words, and a length that is a number',
  seeds: [
    '[mov,mp4,m4a,3gp,3g2,mj2 @ 0x5575f7861940] [error] moov atom not found\n[error] file:a.m4a: Invalid data found when processing input\n',
    "[info] Input #0, flac, from 'file:a.flac':\n[info]   Duration: 00:00:02.59, start: 0.000000, bitrate: 391 kb/s\n[flac @ 0x5610] [error] invalid residual\n[error] Error while decoding stream #0:0: Invalid data found when processing input\n",
    '[mp3 @ 0x5652109d6980] [warning] Estimating duration from bitrate, this may be inaccurate\n[info]   Duration: 00:00:02.70, bitrate: 32 kb/s\n',
    "[fatal] Stream map '0:a:0' matches no streams.\nTo ignore this, add a trailing '?' to the map.\n",
  ],
  words: [
    '[error]',
    '[warning] ',
    ' @ 0x1]',
    '\u001b[2J',
    '\u001b]0;x\u0007',
    'Duration: ',
    '99999999:99:99.99',
  ],
  check(text) {
    const stderr = new PassThrough();
    const report = new FfmpegReport(stderr);
    stderr.emit('data', Buffer.from(text));
    const words = report.firstError('file:a.m4a');
    if (words !== undefined && (words === '' || /\p{Cc}/u.test(words))) {
      throw new Error(`not for a terminal: ${JSON.stringify(words)}`);
    }
    const ms = report.claimedMs;
    if (ms !== undefined && !Number.isFinite(ms)) throw new Error(`a length of ${ms} ms`);
  },
});
