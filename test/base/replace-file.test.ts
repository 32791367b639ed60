import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { replaceFile } from '../../src/base/replace-file.js';

const crypto = vi.hoisted(() => ({ randomBytes: (count: number): Buffer => Buffer.alloc(count) }));
vi.mock('node:crypto', () => crypto);

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'voxterm-'));
});

describe('replaceFile', () => {
  it('replaces the content, and leaves nothing beside it', () => {
    const path = join(directory, 'a.json');
    writeFileSync(path, 'old', { mode: 0o644 });
    replaceFile(path, 'new');
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(['a.json']);
  });

  it('writes through no link, even where its random name was guessed', () => {
    const victim = join(directory, 'victim');
    writeFileSync(victim, 'mine');
    symlinkSync(victim, join(directory, `a.json.${'00'.repeat(8)}.tmp`));
    expect(() => replaceFile(join(directory, 'a.json'), 'new')).toThrow('EEXIST');
    expect(readFileSync(victim, 'utf8')).toBe('mine');
  });

  it('removes its draft when it fails', () => {
    const path = join(directory, 'a');
    mkdirSync(path);
    expect(() => replaceFile(path, 'new')).toThrow();
    expect(readdirSync(directory)).toEqual(['a']);
  });
});
