import { describe, expect, it } from 'vitest';
import { audioFailure, readFailure } from '../../../src/audio/files/audio-failure.js';
import { writeFailure } from '../../../src/audio/files/write-failure.js';

function systemError(code: string, words: string): Error {
  return Object.assign(new Error(`${code}: ${words}, open '/x/y.wav'`), { code });
}

describe('readFailure', () => {
  it.each([
    ['ENOENT', 'audio.not-found', 'There is no file "y.wav".'],
    ['EISDIR', 'audio.is-directory', '"y.wav" is a directory, not a recording.'],
    ['EACCES', 'audio.not-readable', 'No permission to read "y.wav".'],
    ['EIO', 'audio.not-readable', '"y.wav" cannot be read: what it says.'],
  ])('puts %s into a sentence', (code, expectedCode, message) => {
    const error = readFailure(systemError(code, 'what it says'), 'y.wav');
    expect(error).toMatchObject({ code: expectedCode, message, exitCode: 2 });
    expect(error.hint).toMatch(/\.$/);
  });

  it('passes a VoxtermError through unchanged', () => {
    const known = audioFailure.terminal();
    expect(readFailure(known, 'y.wav')).toBe(known);
  });

  it('keeps control characters of a file name out of the terminal', () => {
    expect(audioFailure.missing('a\x1b[2Jb.wav').message).toBe('There is no file "a\\u001b[2Jb.wav".');
  });
});

describe('writeFailure', () => {
  it.each([
    ['ENOENT', 'output.no-directory', '"/x/y.wav" cannot be created: there is no directory "/x".'],
    ['ENOTDIR', 'output.no-directory', '"/x/y.wav" cannot be created: there is no directory "/x".'],
    ['EISDIR', 'output.is-directory', '"/x/y.wav" is a directory, so a file cannot be written there.'],
    ['EACCES', 'output.denied', 'No permission to write "/x/y.wav": what it says.'],
    ['EROFS', 'output.denied', '"/x/y.wav" cannot be written: the file system is read-only.'],
    ['ENOSPC', 'output.disk-full', '"/x/y.wav" cannot be written any further: what it says.'],
    ['EFBIG', 'output.disk-full', '"/x/y.wav" cannot be written any further: what it says.'],
    ['EPIPE', 'output.closed', 'The program that reads "/x/y.wav" has gone away.'],
    ['EMFILE', 'output.failed', '"/x/y.wav" cannot be written: what it says.'],
  ])('puts %s into a sentence', (code, expectedCode, message) => {
    const error = writeFailure(systemError(code, 'what it says'), '/x/y.wav');
    expect(error).toMatchObject({ code: expectedCode, message, exitCode: 2 });
    expect(error.hint).toMatch(/\.$/);
  });
});
