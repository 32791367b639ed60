import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type * as Fs from 'node:fs';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WavFile } from '../../../../src/audio/files/wav/wav-file.js';
import { createWavWriter } from '../../../../src/audio/files/wav/wav-writer.js';
import { VoxtermError } from '../../../../src/contract/failure.js';

/** The real file system, on a disk with this many bytes left; a write that finds no room fails once. */
const disk = vi.hoisted(() => ({ room: Number.POSITIVE_INFINITY }));
vi.mock('node:fs', async (importOriginal) => {
  const real = await importOriginal<typeof Fs>();
  const writeSync: WriteBytes = (descriptor, bytes, offset, length, position) => {
    if (disk.room === 0) {
      disk.room = Number.POSITIVE_INFINITY;
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    }
    const written = real.writeSync(descriptor, bytes, offset, Math.min(length, disk.room), position);
    disk.room -= written;
    return written;
  };
  return { ...real, writeSync };
});

type WriteBytes = (
  descriptor: number,
  bytes: Uint8Array,
  offset: number,
  length: number,
  position: number | null,
) => number;

const layout = { rateHz: 24_000, channels: 1 };
/** 100 ms. */
const tenth = new Uint8Array(4800).fill(1);

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'voxterm-wav-'));
});
afterEach(() => {
  disk.room = Number.POSITIVE_INFINITY;
  rmSync(directory, { recursive: true, force: true });
});

function sizes(path: string) {
  const bytes = readFileSync(path);
  return { riff: bytes.readUInt32LE(4), data: bytes.readUInt32LE(40), file: bytes.length };
}

function thrownBy(action: () => unknown): VoxtermError {
  try {
    action();
  } catch (error) {
    if (error instanceof VoxtermError) return error;
  }
  throw new Error('expected a VoxtermError');
}

describe('WavFile', () => {
  it('writes a header that describes the sound', () => {
    const path = join(directory, 'reply.wav');
    const file = new WavFile(path, layout);
    for (let i = 0; i < 7; i++) file.append(tenth);
    expect(file.durationMs).toBe(700);
    file.close();
    file.close();
    file.append(tenth);
    expect(sizes(path)).toEqual({ riff: 36 + 33_600, data: 33_600, file: 44 + 33_600 });
    const header = readFileSync(path).subarray(0, 44);
    expect(header.toString('latin1', 0, 4)).toBe('RIFF');
    expect(header.toString('latin1', 8, 16)).toBe('WAVEfmt ');
    expect([header.readUInt16LE(20), header.readUInt16LE(22), header.readUInt32LE(24)]).toEqual([
      1, 1, 24_000,
    ]);
    expect([header.readUInt32LE(28), header.readUInt16LE(32), header.readUInt16LE(34)]).toEqual([
      48_000, 2, 16,
    ]);
  });

  it('is complete at every moment, without being closed', () => {
    const path = join(directory, 'reply.wav');
    const file = new WavFile(path, layout);
    for (let i = 1; i <= 20; i++) {
      file.append(tenth);
      const { riff, data, file: bytes } = sizes(path);
      expect(data).toBe(bytes - 44);
      expect(riff).toBe(bytes - 8);
      expect(i * tenth.length - data).toBeLessThan(0.3 * 48_000);
    }
    file.close();
  });

  it('does not keep the memory it was given', () => {
    const path = join(directory, 'reply.wav');
    const file = new WavFile(path, layout);
    const shared = new Uint8Array([1, 2]);
    file.append(shared);
    shared.fill(9);
    file.close();
    expect([...readFileSync(path).subarray(44)]).toEqual([1, 2]);
  });

  it('cuts off what was not heard, and pads with silence', () => {
    const path = join(directory, 'reply.wav');
    const file = new WavFile(path, layout);
    for (let i = 0; i < 10; i++) file.append(tenth);
    file.endAt(330);
    expect(file.durationMs).toBe(330);
    file.append(tenth);
    file.endAt(500);
    expect(sizes(path)).toEqual({ riff: 36 + 24_000, data: 24_000, file: 44 + 24_000 });
    file.append(tenth);
    file.close();
    const bytes = readFileSync(path).subarray(44);
    expect(bytes.length).toBe(600 * 48);
    expect([329, 330, 429, 430, 499, 500, 599].map((ms) => bytes[ms * 48])).toEqual([1, 1, 1, 0, 0, 1, 1]);
  });

  it('survives SIGKILL', async () => {
    const path = join(directory, 'killed.wav');
    const child = spawn(
      process.execPath,
      ['--import', hooks, '--input-type=module', '-e', endlessWriter, path],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'close');
    const { riff, data, file } = sizes(path);
    expect(data).toBe(file - 44);
    expect(riff).toBe(file - 8);
    expect(data).toBeGreaterThan(48_000);
  });

  it('keeps what fitted on a full disk, and continues when there is room again', () => {
    const path = join(directory, 'full.wav');
    const file = new WavFile(path, layout);
    for (let i = 0; i < 3; i++) file.append(tenth);
    const whole = sizes(path).data;
    file.append(tenth);
    file.append(tenth);
    disk.room = 4801;
    const error = thrownBy(() => file.append(tenth));
    expect(error).toMatchObject({ code: 'output.disk-full', exitCode: 2 });
    expect(error.message).toBe(
      `${JSON.stringify(path)} cannot be written any further: no space left on device.`,
    );
    expect(sizes(path)).toMatchObject({ data: whole + 4800, riff: 36 + whole + 4800 });
    file.append(new Uint8Array([7, 8]));
    file.close();
    const bytes = readFileSync(path);
    expect(sizes(path).data).toBe(whole + 4802);
    expect([...bytes.subarray(44 + whole + 4800)]).toEqual([7, 8]);
  });

  it('says "until the end" where sizes cannot be patched', async () => {
    const path = join(directory, 'fifo');
    const made = spawn('mkfifo', [path]);
    expect((await once(made, 'close'))[0]).toBe(0);
    const reader = spawn('cat', [path]);
    const received: Buffer[] = [];
    reader.stdout.on('data', (chunk: Buffer) => received.push(chunk));
    const file = new WavFile(path, layout);
    for (let i = 0; i < 5; i++) file.append(tenth);
    file.close();
    await once(reader, 'close');
    const bytes = Buffer.concat(received);
    expect(bytes.length).toBe(44 + 24_000);
    expect(bytes.readUInt32LE(40)).toBe(0xffff_ffff);
  });
});

describe('createWavWriter to a file', () => {
  it('writes, and closes synchronously', async () => {
    const path = join(directory, 'reply.wav');
    const writer = createWavWriter(path, layout);
    await writer.write(tenth);
    writer.closeSync();
    await writer.close();
    expect(writer).toMatchObject({ name: path, durationMs: 100 });
    expect(sizes(path).data).toBe(4800);
  });

  it('never throws from closeSync', async () => {
    const writer = createWavWriter(join(directory, 'reply.wav'), layout);
    await writer.write(tenth);
    disk.room = 0;
    expect(() => writer.closeSync()).not.toThrow();
  });

  it('explains a missing directory', () => {
    const error = thrownBy(() => createWavWriter(join(directory, 'no/reply.wav'), layout));
    expect(error).toMatchObject({ code: 'output.no-directory', exitCode: 2 });
    expect(error.message).toContain(`there is no directory ${JSON.stringify(join(directory, 'no'))}`);
  });

  it('explains a directory', () => {
    mkdirSync(join(directory, 'reply'));
    const error = thrownBy(() => createWavWriter(join(directory, 'reply'), layout));
    expect(error).toMatchObject({ code: 'output.is-directory', exitCode: 2 });
  });

  it('explains a disk that is full from the start', () => {
    disk.room = 0;
    const error = thrownBy(() => createWavWriter(join(directory, 'reply.wav'), layout));
    expect(error).toMatchObject({ code: 'output.disk-full', exitCode: 2 });
  });
});

describe('createWavWriter to standard output', () => {
  it('streams with a header that says "until the end"', async () => {
    const pipe = new PassThrough();
    const writer = createWavWriter('-', layout, pipe);
    await writer.write(tenth);
    await writer.close();
    await writer.close();
    await writer.write(tenth);
    // How much one call returns depends on the version of Node: without a size, all that is there or one chunk.
    const chunks: Buffer[] = [];
    for (let chunk: unknown = pipe.read(); Buffer.isBuffer(chunk); chunk = pipe.read()) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    expect(bytes.length).toBe(44 + 4800);
    expect([bytes.readUInt32LE(4), bytes.readUInt32LE(40)]).toEqual([0xffff_ffff, 0xffff_ffff]);
    expect(writer).toMatchObject({ name: 'standard output', durationMs: 100 });
    expect(pipe.writableEnded).toBe(false);
  });

  it('waits for a slow reader', async () => {
    const waiting: (() => void)[] = [];
    const slow = new Writable({ write: (_chunk, _encoding, done) => void waiting.push(done) });
    const writer = createWavWriter('-', layout, slow);
    let written = false;
    const write = writer.write(tenth).then(() => {
      written = true;
    });
    waiting.shift()?.();
    await new Promise(setImmediate);
    expect(written).toBe(false);
    waiting.shift()?.();
    await write;
    expect(written).toBe(true);
  });

  it('says when the reader has gone away', async () => {
    const broken = new Writable({
      write: (_chunk, _encoding, done) =>
        done(Object.assign(new Error('EPIPE: broken pipe, write'), { code: 'EPIPE' })),
    });
    const writer = createWavWriter('-', layout, broken);
    await expect(writer.write(tenth)).rejects.toMatchObject({ code: 'output.closed', exitCode: 2 });
    await expect(writer.write(tenth)).rejects.toMatchObject({ code: 'output.closed' });
    expect(() => writer.closeSync()).not.toThrow();
  });

  it('refuses a terminal', () => {
    const terminal = Object.assign(new PassThrough(), { isTTY: true });
    expect(thrownBy(() => createWavWriter('-', layout, terminal))).toMatchObject({
      code: 'output.terminal',
      exitCode: 2,
    });
  });
});

const hooks = new URL('../../../typescript-hooks.mjs', import.meta.url).href;

/** Writes 100 ms again and again without ever closing; prints a line after two seconds of sound. */
const endlessWriter = `
  import { WavFile } from ${JSON.stringify(new URL('../../../../src/audio/files/wav/wav-file.ts', import.meta.url).href)};
  const file = new WavFile(process.argv[1], { rateHz: 24000, channels: 1 });
  for (let i = 1; ; i++) {
    file.append(new Uint8Array(4800).fill(1));
    if (i === 20) process.stdout.write('now');
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
`;
