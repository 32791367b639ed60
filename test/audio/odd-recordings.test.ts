import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { openAudio } from '../../src/audio/decode.js';
import type { AudioWarning } from '../../src/audio/files/partial-sound.js';
import { pcm16, wav } from './files/wav-bytes.js';
import {
  directory,
  failure,
  fakeFfmpeg,
  fixture,
  frames,
  likeness,
  nothingOnPath,
  originalSamples,
  samples,
  written,
} from './recordings.js';

describe('a recording that is read only in part', () => {
  it.each(['flac', 'mp3', 'opus'])('is reported: %s', async (format) => {
    const whole = readFileSync(fixture(`question.${format}`));
    const warnings: AudioWarning[] = [];
    const onWarning = (warning: AudioWarning): void => void warnings.push(warning);
    await samples(written(`whole.${format}`, whole), { env: nothingOnPath, onWarning });
    expect(warnings).toEqual([]);
    const cut = whole.subarray(0, Math.round(whole.length * 0.6));
    const found = await samples(written(`cut.${format}`, cut), { env: nothingOnPath, onWarning });
    expect(found.length).toBeGreaterThan(8000);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatchObject({
      code: 'audio.partial',
      message: expect.stringMatching(/cut\.\w+" could be decoded only in part.*: \d\.\d\d s.* were used\.$/),
    });
  });

  it('is reported by its name where it came by a pipe', async () => {
    const whole = readFileSync(fixture('question.flac'));
    const warnings: AudioWarning[] = [];
    const onWarning = (warning: AudioWarning): void => void warnings.push(warning);
    const stdin = Readable.from([whole.subarray(0, 20_000)]);
    await samples('-', { stdin, env: nothingOnPath, onWarning });
    expect(warnings[0]?.message).toMatch(
      /^Standard input could be decoded only in part: .* of 2\.59 s were used\.$/,
    );
  });
});

describe('before the sound', () => {
  const id3 = Buffer.concat([Buffer.from('ID3\x03\0\0\0\0\0\x0a', 'latin1'), Buffer.alloc(10)]);

  it.each(['wav', 'mp3', 'flac', 'ogg', 'opus', 'm4a'])(
    'a tag does not turn %s into noise',
    async (format) => {
      const path = written(
        `tagged.${format}`,
        Buffer.concat([id3, readFileSync(fixture(`question.${format}`))]),
      );
      for (const options of [{}, { stdin: Readable.from([readFileSync(path)]) }]) {
        const found = await samples('stdin' in options ? '-' : path, { env: nothingOnPath, ...options });
        expect(likeness(originalSamples, found)).toBeGreaterThan(0.9);
      }
    },
  );
});

describe('what only ffmpeg knows', () => {
  const adpcm = wav(Buffer.alloc(512, 0x31), { codec: 0x11, bits: 4 });

  const answer = `process.stdout.write(Buffer.from('${wav(pcm16(Array<number>(1600).fill(900))).toString('hex')}', 'hex'));`;

  it.each<[string, Uint8Array]>([
    ['ADPCM in WAV', adpcm],
    ['AU', Buffer.concat([Buffer.from('.snd\0\0\0\x18'), Buffer.alloc(200, 0x91)])],
    [
      'a format without a name here',
      Buffer.concat([Buffer.from('\x0b\x77\x99', 'latin1'), Buffer.alloc(500, 0x93)]),
    ],
  ])('is given to it, from a file and from a pipe: %s', async (_, bytes) => {
    const env = fakeFfmpeg(answer);
    const path = written('odd.bin', bytes);
    for (const stdin of [undefined, Readable.from([bytes])]) {
      const input = await openAudio(stdin === undefined ? path : '-', { rateHz: 16_000, env, stdin });
      expect(input.decodedBy).toBe('ffmpeg');
      const found = Buffer.concat(await frames(input));
      expect(found.length).toBe(3200);
      expect(found.readInt16LE(1000)).toBe(900);
    }
  });

  it('gets a pipe from its very beginning, although we looked into it', async () => {
    const env = fakeFfmpeg(`
      const fs = require('node:fs');
      fs.writeFileSync(${JSON.stringify(join(directory, 'given'))}, fs.readFileSync(0));
      ${answer}
    `);
    await samples('-', { env, stdin: Readable.from([adpcm.subarray(0, 20), adpcm.subarray(20)]) });
    expect(readFileSync(join(directory, 'given')).equals(adpcm)).toBe(true);
  });

  it('is named with what is missing where there is no ffmpeg', async () => {
    const codec = await failure(written('odd.wav', adpcm), { env: nothingOnPath });
    expect(codec).toMatchObject({ code: 'audio.unsupported-codec' });
    expect(codec.hint).toMatch(/others with ffmpeg on the PATH/);
    const au = await failure(written('odd.au', Buffer.from('.snd\0\0\0\x18\0\0\0\0')), {
      env: nothingOnPath,
    });
    expect(au).toMatchObject({ code: 'audio.decoder-missing', message: expect.stringContaining('is AU,') });
    expect(au.hint).not.toMatch(/audio-decode/);
    const unknown = await failure(written('odd.bin', Buffer.alloc(300, 0x93)), { env: nothingOnPath });
    expect(unknown.hint).toMatch(/^Allowed: WAV, MP3, .*; others with ffmpeg on the PATH\.$/);
  });

  it('is refused where ffmpeg only guesses: it would be noise', async () => {
    const env = fakeFfmpeg(`
      process.stderr.write('[mp3 @ 0x1] [warning] Format mp3 detected only with low score of 1, misdetection possible!\\n');
      setTimeout(() => { ${answer} }, 50);
    `);
    const error = await failure(written('odd.bin', Buffer.alloc(300, 0x93)), { env });
    expect(error).toMatchObject({ code: 'audio.not-audio' });
    expect(error.message).toMatch(/ffmpeg is not sure/);
  });

  it('has its losses reported', async () => {
    const env = fakeFfmpeg(`
      process.stderr.write('[info]   Duration: 00:00:02.00, start: 0.000000\\n[error] Error while decoding stream #0:0: Invalid data\\n');
      ${answer}
    `);
    const warnings: AudioWarning[] = [];
    await samples(written('odd.au', Buffer.from('.snd\0\0\0\x18\0\0\0\0')), {
      env,
      onWarning: (warning) => warnings.push(warning),
    });
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /odd\.au" could be decoded only in part \(Invalid data\): 0\.10 s of 2\.00 s were used\.$/,
      ),
    ]);
  });

  it.each(['file', 'pipe'])('decodes what the package fails at, from its beginning: a %s', async (from) => {
    const damaged = Buffer.concat([Buffer.from('fLaC\0\0\0\x22', 'latin1'), Buffer.alloc(3000, 0x91)]);
    const env = fakeFfmpeg(`
      const fs = require('node:fs');
      const path = process.argv[process.argv.indexOf('-i') + 1];
      const bytes = path === 'pipe:0' ? fs.readFileSync(0) : fs.readFileSync(path.replace('file:', ''));
      fs.writeFileSync(${JSON.stringify(join(directory, 'given'))}, bytes);
      ${answer}
    `);
    const warnings: AudioWarning[] = [];
    const found = await samples(from === 'file' ? written('a.flac', damaged) : '-', {
      env,
      stdin: Readable.from([damaged.subarray(0, 100), damaged.subarray(100)]),
      onWarning: (warning) => warnings.push(warning),
    });
    expect(found).toHaveLength(1600);
    expect(readFileSync(join(directory, 'given')).equals(damaged)).toBe(true);
    expect(warnings).toEqual([]);
  });

  it('is not started when the recording is closed while the package decodes it', async () => {
    const marker = join(directory, 'started');
    const env = fakeFfmpeg(`require('node:fs').writeFileSync(${JSON.stringify(marker)}, '');`);
    const stdin = new PassThrough();
    stdin.write(readFileSync(fixture('question.flac')).subarray(0, 600));
    const input = await openAudio('-', { rateHz: 16_000, env, stdin });
    const waiting = input.frames.next();
    await new Promise((resolve) => setTimeout(resolve, 300));
    await input.close();
    expect(await waiting).toMatchObject({ done: true });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(existsSync(marker)).toBe(false);
  });
});
