import { describe, expect, it } from 'vitest';
import { reportFailure } from '../../src/cli/failure-report.js';
import { VoxtermError } from '../../src/contract/failure.js';
import { memoryIo } from '../commands/session/memory-io.js';

describe('reportFailure', () => {
  it('tells what is wrong and what to do, on standard error alone', () => {
    const { io, written } = memoryIo();
    const error = new VoxtermError('It is so.\nAnd so.', { code: 'x', exitCode: 4, hint: 'Do this.' });
    expect(reportFailure(error, io, false)).toBe(4);
    expect(written).toEqual({ stdout: '', stderr: 'error: It is so.\nerror: And so.\nhint: Do this.\n' });
  });

  it('tells the cause only when asked to', () => {
    const cause = new Error('deep down');
    const error = new VoxtermError('It is so.', { code: 'x', exitCode: 2, cause });
    const brief = memoryIo();
    reportFailure(error, brief.io, false);
    expect(brief.written.stderr).not.toContain('deep down');
    const verbose = memoryIo();
    reportFailure(error, verbose.io, true);
    expect(verbose.written.stderr).toContain('cause: Error: deep down');
  });

  it.each([
    [
      { code: 'EMFILE', syscall: 'open' },
      /^error: This process may not open more files \(EMFILE\)/,
      /ulimit -n/,
    ],
    [
      { code: 'ENFILE', syscall: 'open' },
      /^error: This machine cannot open more files/,
      /limit of the system/,
    ],
    [{ code: 'ENOENT', syscall: 'uv_cwd' }, /^error: The current directory does not exist any more/, /"cd"/],
  ])('does not call what the system refuses a bug: %j', (facts, message, hint) => {
    const { io, written } = memoryIo();
    expect(reportFailure(Object.assign(new Error('raw'), facts), io, false)).toBe(3);
    expect(written.stderr).toMatch(message);
    expect(written.stderr).toMatch(hint);
  });

  it('calls anything else a bug of ours', () => {
    const brief = memoryIo();
    expect(reportFailure(new TypeError('oops'), brief.io, false)).toBe(1);
    expect(brief.written.stderr).toBe(
      'error: This is a bug in voxterm: oops\nhint: Run it again with --verbose to see where it happened, and report that.\n',
    );
    const verbose = memoryIo();
    reportFailure(new TypeError('oops'), verbose.io, true);
    expect(verbose.written.stderr).toContain('failure-report.test.ts');
  });
});
