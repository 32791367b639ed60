import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { imageSize } from 'image-size';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageRules } from '../../../src/contract/profile.js';
import { readImage } from '../../../src/session/images/read-image.js';
import { fullProfile } from '../../conversation/support/profiles.js';

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/images/${name}`, import.meta.url));

const anything: ImageRules = {
  mimes: ['image/jpeg', 'image/png'],
  maxBytes: null,
  maxWidth: null,
  maxHeight: null,
  everyS: 0,
  afterAudio: false,
};

function read(path: string, rules: Partial<ImageRules> = {}, env: NodeJS.ProcessEnv = process.env) {
  return readImage(path, { profile: { ...fullProfile, images: { ...anything, ...rules } }, env });
}

function hasFfmpeg(): boolean {
  try {
    execFileSync('ffmpeg', ['-version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'voxterm-images-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

describe('readImage', () => {
  it.each([
    ['pattern.jpg', 'image/jpeg', 320, 200],
    ['pattern.png', 'image/png', 64, 48],
  ])('takes %s as it is', async (name, mime, width, height) => {
    expect(await read(fixture(name))).toMatchObject({ mime, width, height });
  });

  it('believes the bytes, not the name', async () => {
    const { data } = await read(fixture('pattern.png'));
    expect(await read(file('photo.jpg', data))).toMatchObject({ mime: 'image/png' });
  });

  const none = { PATH: '/nowhere' };
  const { data: short } = { data: new Uint8Array([0xff, 0xd8, 0xff]) };

  it.each([
    ['a missing file', () => join(folder, 'none.png'), {}, /There is no file/, /path/],
    ['a directory', () => folder, {}, /is no file/, /picture/],
    ['an empty file', () => file('empty.png', ''), {}, /is empty/, /JPEG or PNG/],
    ['a text', () => file('notes.png', 'Dear diary'), {}, /no picture that can be recognised/, /JPEG or PNG/],
    ['a stub', () => file('stub.jpg', short), {}, /no picture that can be recognised/, /JPEG or PNG/],
    [
      'another format',
      () => fixture('pattern.gif'),
      {},
      /is GIF, and the model takes JPEG or PNG/,
      /install ffmpeg/,
    ],
    [
      'too many pixels',
      () => fixture('pattern.jpg'),
      { maxWidth: 100 },
      /320 × 200 pixels/,
      /install ffmpeg/,
    ],
    [
      'too many bytes',
      () => fixture('pattern.jpg'),
      { maxBytes: 1000 },
      /has \d+ kB, .* 1 kB at most/,
      /install ffmpeg/,
    ],
  ])('refuses %s in words', async (_what, path, rules, problem, hint) => {
    await expect(read(path(), rules, none)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(problem),
      hint: expect.stringMatching(hint),
    });
  });

  it('names a model that sees nothing', async () => {
    const profile = { ...fullProfile, images: null };
    await expect(readImage(fixture('pattern.jpg'), { profile, env: {} })).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining(fullProfile.model),
    });
  });

  describe.skipIf(!hasFfmpeg() && process.env.CI !== 'true')('with ffmpeg', () => {
    it('makes a picture small enough', async () => {
      const rules = { maxWidth: 160, maxHeight: 160, maxBytes: 6000 };
      const { mime, data, width, height } = await read(fixture('pattern.jpg'), rules);
      expect(mime).toBe('image/jpeg');
      expect(data.byteLength).toBeLessThanOrEqual(6000);
      expect(Math.max(width, height)).toBeLessThanOrEqual(160);
      expect(width / height).toBeCloseTo(320 / 200, 1);
      expect(imageSize(data)).toMatchObject({ type: 'jpg', width, height });
    });

    it('converts what the model does not take', async () => {
      expect(await read(fixture('pattern.gif'))).toMatchObject({ mime: 'image/jpeg', width: 64, height: 48 });
    });

    it('gives up on what cannot be made to fit', async () => {
      await expect(read(fixture('pattern.jpg'), { maxBytes: 200 })).rejects.toMatchObject({
        message: expect.stringContaining('1 kB at most'),
        hint: expect.stringContaining('stays too large'),
      });
    });
  });
});
