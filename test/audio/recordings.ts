import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach } from 'vitest';
import { type AudioInput, type AudioInputOptions, openAudio } from '../../src/audio/decode.js';
import { VoxtermError } from '../../src/contract/failure.js';

export const question = fixture('question.wav');
export const nothingOnPath = { PATH: '/nowhere' };

/** A folder for each test. */
export let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'voxterm-audio-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

export function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/audio/${name}`, import.meta.url));
}

export function written(name: string, bytes: Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, bytes);
  return path;
}

export async function frames(input: AudioInput): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const frame of input.frames) all.push(frame);
  return all;
}

export async function samples(source: string, options: Partial<AudioInputOptions> = {}): Promise<Int16Array> {
  const bytes = Buffer.concat(await frames(await openAudio(source, { rateHz: 16_000, ...options })));
  return Int16Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readInt16LE(i * 2));
}

export async function failure(
  source: string,
  options: Partial<AudioInputOptions> = {},
): Promise<VoxtermError> {
  const error: unknown = await samples(source, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof VoxtermError) return error;
  throw new Error(`expected a VoxtermError, got ${String(error)}`);
}

/** How alike two recordings are at the best shift within 100 ms: 1 = the same, 0 = nothing in common. */
export function likeness(a: Int16Array, b: Int16Array): number {
  let best = 0;
  for (let shift = -1600; shift <= 1600; shift += 4) {
    let ab = 0;
    let aa = 0;
    let bb = 0;
    for (let i = 8000; i < 24_000; i++) {
      const x = a[i] ?? 0;
      const y = b[i + shift] ?? 0;
      ab += x * y;
      aa += x * x;
      bb += y * y;
    }
    best = Math.max(best, ab / Math.sqrt(aa * bb));
  }
  return best;
}

export const original = readFileSync(question).subarray(44);
export const originalSamples = Int16Array.from({ length: original.length / 2 }, (_, i) =>
  original.readInt16LE(i * 2),
);

/** A stand-in for ffmpeg that runs `script`, and the environment whose PATH finds it. */
export function fakeFfmpeg(script: string): Readonly<Record<string, string | undefined>> {
  const path = written('ffmpeg', Buffer.from(`#!${process.execPath}\n${script}`));
  chmodSync(path, 0o755);
  return { PATH: `${directory}${delimiter}${process.env.PATH ?? ''}` };
}
