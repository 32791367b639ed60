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
