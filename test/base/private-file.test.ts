import {
  chmodSync,
  closeSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createWavWriter } from '../../src/audio/files/wav/wav-writer.js';
import { openPrivateFile } from '../../src/base/private-file.js';
import { openLogFile } from '../../src/commands/session/log-file.js';
import { saveHistory } from '../../src/history/save-history.js';
import { writeTranscript } from '../../src/recording/transcript-file.js';
import { TraceFile } from '../../src/tracing/trace-file.js';

const folder = mkdtempSync(join(tmpdir(), 'voxterm-private-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const meta = { savedAt: new Date(0), provider: 'local', model: 'm' };

/** Everything that a user can name for us to write words or sound into. */
const writers: Readonly<Record<string, (path: string) => void | Promise<void>>> = {
  'reply.wav': (path) => createWavWriter(path, { rateHz: 24_000, channels: 1 }).close(),
  'transcript.md': (path) => writeTranscript(path, []),
  'transcript.json': (path) => writeTranscript(path, []),
  'history.json': (path) => saveHistory(path, [], meta),
  'history.md': (path) => saveHistory(path, [], meta),
  'voxterm.log': (path) => openLogFile(path).close(),
  'trace.ndjson': (path) => new TraceFile(path, () => {}).close(),
};

describe.skipIf(process.platform === 'win32')('files that hold a conversation', () => {
  const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

  it.each(Object.keys(writers))('can be read by their owner alone: %s', async (name) => {
    const write = writers[name]!;
    const fresh = join(folder, name);
    await write(fresh);
    expect(modeOf(fresh)).toBe('600');

    const existing = join(folder, `existing-${name}`);
    writeFileSync(existing, '');
    chmodSync(existing, 0o644);
    await write(existing);
    expect(modeOf(existing)).toBe('600');

    const target = join(folder, `target-${name}`);
    const link = join(folder, `link-${name}`);
    writeFileSync(target, '');
    chmodSync(target, 0o664);
    symlinkSync(target, link);
    await write(link);
    expect(modeOf(target)).toBe('600');
  });

  it('keep what they held when more is added', () => {
    const path = join(folder, 'added');
    writeFileSync(path, 'before');
    closeSync(openPrivateFile(path, 'a'));
    expect(readFileSync(path, 'utf8')).toBe('before');
  });

  it('may be devices, which stay as they are', () => {
    const before = modeOf('/dev/null');
    closeSync(openPrivateFile('/dev/null', 'w'));
    expect(modeOf('/dev/null')).toBe(before);
  });
});
