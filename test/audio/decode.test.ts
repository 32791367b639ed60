import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openAudio } from '../../src/audio/decode.js';
import type { AudioWarning } from '../../src/audio/files/partial-sound.js';
import { pcm16, type WavParts, wav } from './files/wav-bytes.js';
import {
  directory,
  failure,
  fakeFfmpeg,
  fixture,
  frames,
  likeness,
  nothingOnPath,
  original,
  originalSamples,
  question,
  samples,
  written,
} from './recordings.js';

afterEach(() => {
  vi.doUnmock('audio-decode');
});

describe('WAV', () => {
  it('yields frames of 20 ms, bit for bit, the last one padded', async () => {
    const input = await openAudio(question, { rateHz: 16_000 });
    expect(input).toMatchObject({ name: question, format: 'WAV', decodedBy: 'voxterm' });
    expect(input.durationMs).toBeCloseTo(original.length / 32, 6);
    const all = await frames(input);
    expect(all.every((frame) => frame.length === 640)).toBe(true);
    const bytes = Buffer.concat(all);
    expect(bytes.subarray(0, original.length).equals(original)).toBe(true);
    expect(bytes.length - original.length).toBeLessThan(640);
    expect(bytes.subarray(original.length).every((byte) => byte === 0)).toBe(true);
  });

  it.each([8000, 24_000, 48_000])('resamples to %i Hz without losing the end', async (rateHz) => {
    const all = await frames(await openAudio(question, { rateHz }));
    const count = all.reduce((sum, frame) => sum + frame.length / 2, 0);
    expect(all.every((frame) => frame.length === rateHz / 25)).toBe(true);
    const expected = (originalSamples.length * rateHz) / 16_000;
    expect(count).toBeGreaterThanOrEqual(expected);
    expect(count - expected).toBeLessThanOrEqual(rateHz / 50);
  });

  it.each<[string, WavParts]>([
    ['a pipe with a size of its own invention', { dataSize: 0xffff_ffff, riffSize: 0xffff_ffff }],
    ['a pipe with a true size', {}],
  ])('reads standard input: %s', async (_, parts) => {
    const stdin = Readable.from([wav(original, parts).subarray(0, 50), wav(original, parts).subarray(50)]);
    const input = await openAudio('-', { rateHz: 16_000, stdin });
    expect(input.name).toBe('standard input');
    expect(
      Buffer.concat(await frames(input))
        .subarray(0, original.length)
        .equals(original),
    ).toBe(true);
  });

  it('warns about a truncated file and uses what is there', async () => {
    const path = written('cut.wav', readFileSync(question).subarray(0, 40_000));
    const warnings: AudioWarning[] = [];
    const found = await samples(path, { onWarning: (warning) => warnings.push(warning) });
    expect(found.length).toBeGreaterThanOrEqual((40_000 - 44) / 2);
    expect(warnings.map((warning) => warning.code)).toEqual(['audio.truncated']);
  });

  it('reads three hours from a pipe in constant memory', { timeout: 60_000 }, async () => {
    const second = new Uint8Array(16_000).fill(3);
    let produced = 0;
    async function* threeHours() {
      yield wav(new Uint8Array(0), { rateHz: 8000, dataSize: 0xffff_ffff, riffSize: 0xffff_ffff });
      for (; produced < 3 * 3600; produced++) yield second;
    }
    const input = await openAudio('-', { rateHz: 8000, stdin: Readable.from(threeHours()) });
    let count = 0;
    let early = 0;
    let ahead = 0;
    for await (const frame of input.frames) {
      count += frame.length / 320;
      ahead = Math.max(ahead, produced - count / 50);
      if (count === 50 * 600) early = memory();
    }
    expect(count).toBe(3 * 3600 * 50);
    // Reading ahead is limited to the streams' own buffers of 16 chunks.
    expect(ahead).toBeLessThan(40);
    // The recording holds 173 MB; between minute 10 and the end, memory must hardly grow.
    expect(memory() - early).toBeLessThan(30e6);
  });

  function memory(): number {
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  }
});

describe('compressed formats', () => {
  const formats = ['mp3', 'flac', 'ogg', 'opus', 'm4a'];

  it.each(formats)('decodes %s with audio-decode, from a file and from a pipe', async (format) => {
    const path = fixture(`question.${format}`);
    const input = await openAudio(path, { rateHz: 16_000, env: nothingOnPath });
    expect(input.decodedBy).toBe('audio-decode');
    await input.close();
    const stdin = Readable.from([readFileSync(path)]);
    for (const found of [
      await samples(path, { env: nothingOnPath }),
      await samples('-', { env: nothingOnPath, stdin }),
    ]) {
      expect(likeness(originalSamples, found)).toBeGreaterThan(0.9);
    }
  });

  it('names both remedies when no decoder is installed', async () => {
    vi.doMock('audio-decode', () => {
      throw new Error('Cannot find package');
    });
    vi.resetModules();
    const fresh = await import('../../src/audio/decode.js');
    const error: unknown = await fresh
      .openAudio(fixture('question.mp3'), { rateHz: 16_000, env: nothingOnPath })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'audio.decoder-missing', exitCode: 2 });
    expect(error).toHaveProperty('message', expect.stringContaining('question.mp3" is MP3, and no decoder'));
    expect(error).toHaveProperty('hint', expect.stringMatching(/npm install audio-decode.*ffmpeg/));
  });

  it.each(['mp3', 'm4a'])('explains a damaged %s', async (format) => {
    const head = readFileSync(fixture(`question.${format}`)).subarray(0, 40);
    const error = await failure(written(`bad.${format}`, Buffer.concat([head, Buffer.alloc(3000, 0x95)])), {
      env: nothingOnPath,
    });
    expect(error).toMatchObject({ code: 'audio.decode-failed', exitCode: 2 });
    expect(error.message).toContain(`bad.${format}" looks like`);
  });

  it('does not decode long M4A in memory', async () => {
    const head = readFileSync(fixture('question.m4a')).subarray(0, 28);
    const free = Buffer.from('7fffffff66726565', 'hex');
    const stdin = Readable.from([
      head,
      free,
      ...Array.from({ length: 17 }, () => new Uint8Array(1024 * 1024)),
    ]);
    const error = await failure('-', { stdin, env: nothingOnPath });
    expect(error).toMatchObject({ code: 'audio.decoder-missing', exitCode: 2 });
    expect(error.message).toBe('Standard input is M4A or MP4 and too long to be decoded without ffmpeg.');
  });
});

describe('ffmpeg', () => {
  it('is asked first for what audio-decode would hold in memory', async () => {
    const env = fakeFfmpeg(`
      const fs = require('node:fs');
      fs.writeFileSync(${JSON.stringify(join(directory, 'arguments'))}, process.argv.slice(2).join(' '));
      fs.writeSync(1, Buffer.from('${wav(Buffer.alloc(1000, 1), { rateHz: 24_000 }).toString('hex')}', 'hex'));
    `);
    const path = fixture('question.m4a');
    const input = await openAudio(path, { rateHz: 24_000, env });
    expect(input.decodedBy).toBe('ffmpeg');
    expect(
      Buffer.concat(await frames(input))
        .subarray(0, 1000)
        .equals(Buffer.alloc(1000, 1)),
    ).toBe(true);
    const given = readFileSync(join(directory, 'arguments'), 'utf8');
    expect(given).toContain(`-i file:${path} `);
    expect(given).toContain('-ar 24000 -c:a pcm_s16le -f wav pipe:1');
    expect(given).toContain('-protocol_whitelist file,pipe,subfile ');
  });

  it('gets the bytes of a pipe when nothing else knows the format', async () => {
    const env = fakeFfmpeg(`
      process.stdout.write(Buffer.from('${wav(new Uint8Array(0), { dataSize: 0xffff_ffff }).toString('hex')}', 'hex'));
      process.stdin.pipe(process.stdout);
    `);
    const speex = Buffer.concat([
      Buffer.from('OggS'),
      Buffer.alloc(24),
      Buffer.from('Speex   '),
      Buffer.alloc(6, 7),
    ]);
    const input = await openAudio('-', { rateHz: 16_000, env, stdin: Readable.from([speex]) });
    expect(input.decodedBy).toBe('ffmpeg');
    expect(
      Buffer.concat(await frames(input))
        .subarray(0, speex.length)
        .equals(speex),
    ).toBe(true);
  });

  it('has its error message passed on, without its internal names', async () => {
    const env = fakeFfmpeg(`
      process.stderr.write('[mov,mp4 @ 0x5581] moov atom not found\\nfile:x: Invalid data found\\n');
      process.exitCode = 1;
    `);
    const error = await failure(fixture('question.m4a'), { env });
    expect(error).toMatchObject({ code: 'audio.decode-failed', exitCode: 2 });
    expect(error.message).toMatch(/looks like M4A or MP4 but cannot be decoded: moov atom not found\.$/);
  });

  it('ends when the reader stops reading', async () => {
    const env = fakeFfmpeg(`
      const fs = require('node:fs');
      fs.writeFileSync(${JSON.stringify(join(directory, 'pid'))}, String(process.pid));
      process.stdout.write(Buffer.from('${wav(new Uint8Array(0), { dataSize: 0xffff_ffff }).toString('hex')}', 'hex'));
      setInterval(() => process.stdout.write(Buffer.alloc(640, 1)), 1);
    `);
    const input = await openAudio(fixture('question.m4a'), { rateHz: 16_000, env });
    for await (const frame of input.frames) {
      expect(frame.length).toBe(640);
      break;
    }
    const pid = Number(readFileSync(join(directory, 'pid'), 'utf8'));
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(/ESRCH/));
  });
});

describe('what cannot be opened', () => {
  it('is missing', async () => {
    const error = await failure(join(directory, 'no.wav'));
    expect(error).toMatchObject({ code: 'audio.not-found', exitCode: 2 });
    expect(error.message).toBe(`There is no file ${JSON.stringify(join(directory, 'no.wav'))}.`);
    expect(await failure('')).toMatchObject({ code: 'audio.not-found' });
  });

  it('is a directory', async () => {
    mkdirSync(join(directory, 'a.wav'));
    expect(await failure(join(directory, 'a.wav'))).toMatchObject({
      code: 'audio.is-directory',
      exitCode: 2,
    });
  });

  it('is empty', async () => {
    expect(await failure(written('a.wav', new Uint8Array(0)))).toMatchObject({
      code: 'audio.empty',
      exitCode: 2,
    });
    const error = await failure('-', { stdin: Readable.from([]) });
    expect(error).toMatchObject({ code: 'audio.empty', exitCode: 2 });
    expect(error.message).toBe('Standard input is empty: it holds 0 bytes.');
  });

  it.each([
    ['text', 'Dear diary, today I spoke to a computer — it listened.\n', 'it is text'],
    ['long text cut inside a character', `${'x'.repeat(511)}é${'y'.repeat(600)}`, 'it is text'],
    ['noise', Buffer.from('9f3c0011d2a74433ff01', 'hex'), 'its first bytes match no supported audio format'],
  ])('is not audio: %s', async (_, content, words) => {
    const error = await failure(written('notes.wav', Buffer.from(content)), { env: nothingOnPath });
    expect(error).toMatchObject({ code: 'audio.not-audio', exitCode: 2 });
    expect(error.message).toContain(`notes.wav" is not a recording: ${words}.`);
    expect(error.hint).toContain('WAV');
  });

  it('has a header and nothing else', async () => {
    expect(await failure(written('a.wav', wav(pcm16([]))))).toMatchObject({ code: 'audio.no-samples' });
    const stdin = Readable.from([wav(pcm16([]), { dataSize: 0xffff_ffff })]);
    expect(await failure('-', { stdin })).toMatchObject({ code: 'audio.no-samples', exitCode: 2 });
  });

  it('is a terminal', async () => {
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    expect(await failure('-', { stdin })).toMatchObject({ code: 'audio.stdin-terminal', exitCode: 2 });
  });

  it('breaks off while being read', async () => {
    async function* broken() {
      yield wav(original).subarray(0, 5000);
      throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
    }
    const error = await failure('-', { stdin: Readable.from(broken()) });
    expect(error).toMatchObject({ code: 'audio.not-readable', exitCode: 2 });
    expect(error.message).toBe('Standard input cannot be read: i/o error.');
  });
});

describe('closing', () => {
  it('works before, while and after reading, twice', async () => {
    const input = await openAudio(question, { rateHz: 16_000 });
    await input.close();
    await input.close();
    const another = await openAudio(question, { rateHz: 16_000 });
    for await (const frame of another.frames) {
      expect(frame.length).toBe(640);
      break;
    }
    await another.close();
  });

  it('ends the loop that is waiting for a pipe', async () => {
    const stdin = new PassThrough();
    stdin.write(wav(original).subarray(0, 44 + 700));
    const input = await openAudio('-', { rateHz: 16_000, stdin });
    expect((await input.frames.next()).value).toHaveLength(640);
    const waiting = input.frames.next();
    await input.close();
    expect(await waiting).toMatchObject({ done: true });
    expect(stdin.destroyed).toBe(true);
  });

  it.each([0, 1])('gives up a silent pipe when aborted, %i ticks later', async (turns) => {
    const stop = new AbortController();
    const stdin = new PassThrough();
    const opening = openAudio('-', { rateHz: 16_000, stdin, signal: stop.signal });
    for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
    stop.abort();
    await expect(opening).rejects.toThrow(/abort/i);
    expect(stdin.destroyed).toBe(true);
  });

  it('refuses to open once aborted', async () => {
    await expect(openAudio(question, { rateHz: 16_000, signal: AbortSignal.abort() })).rejects.toThrow(
      /abort/i,
    );
  });
});
