import { describe, expect, it, vi } from 'vitest';
import type { Check, Finding } from '../../src/commands/doctor/check.js';
import { runCheck } from '../../src/commands/doctor/check.js';
import { keysCheck } from '../../src/commands/doctor/system-checks.js';
import { examine } from '../../src/commands/doctor.js';
import type { ExitCode } from '../../src/contract/exit.js';
import { VoxtermError } from '../../src/contract/failure.js';
import { memoryIo } from './session/memory-io.js';

function check(id: string, find: () => Promise<Finding>, exitCode: ExitCode = 4): Check {
  return { id, title: id, timeoutMs: 1000, exitCode, find };
}

const fine = check('fine', async () => ({ status: 'ok', detail: 'all right' }));
const poor = check('poor', async () => ({ status: 'warning', detail: 'so so', remedy: 'Do better.' }));
const broken = check('broken', async () => ({ status: 'failed', detail: 'no good', remedy: 'Repair it.' }));
const refused = check('refused', async () => {
  throw new VoxtermError('It said no.', { code: 'x', exitCode: 5, hint: 'Ask nicely.' });
});

const plain = { json: false, quiet: false, color: false };

describe('examine', () => {
  it('is content with warnings', async () => {
    const { io, written } = memoryIo();
    expect(await examine([fine, poor], io, plain)).toBe(0);
    expect(written.stdout).toBe(
      'ok    fine  all right\nwarn  poor  so so\n            → Do better.\n\nUsable; what could be better stands above.\n',
    );
  });

  it('exits with the code of the first check that fails', async () => {
    expect(await examine([fine, broken, refused], memoryIo().io, plain)).toBe(4);
    expect(await examine([refused, broken], memoryIo().io, plain)).toBe(5);
  });

  it('leaves out what needs a check that failed, or was left out itself', async () => {
    const { io, written } = memoryIo();
    const second = { ...fine, id: 'second', needs: 'broken' };
    const third = { ...fine, id: 'third', needs: 'second' };
    const fourth = { ...fine, id: 'fourth', needs: 'fine' };
    await examine([fine, broken, second, third, fourth], io, { ...plain, json: true });
    const { checks } = JSON.parse(written.stdout) as { checks: { id: string }[] };
    expect(checks.map(({ id }) => id)).toEqual(['fine', 'broken', 'fourth']);
  });

  it('writes one JSON document', async () => {
    const { io, written } = memoryIo();
    await examine([fine, refused], io, { ...plain, json: true });
    expect(JSON.parse(written.stdout)).toEqual({
      checks: [
        { id: 'fine', title: 'fine', status: 'ok', detail: 'all right' },
        { id: 'refused', title: 'refused', status: 'failed', detail: 'It said no.', remedy: 'Ask nicely.' },
      ],
      exitCode: 5,
    });
  });

  it('tells with --quiet only what is not in order', async () => {
    const { io, written } = memoryIo();
    await examine([fine, broken], io, { ...plain, quiet: true });
    expect(written.stdout).toBe('FAIL  broken  no good\n              → Repair it.\n');
  });
});

describe('runCheck', () => {
  it('gives up at the deadline and tells the check', async () => {
    vi.useFakeTimers();
    try {
      let aborted = false;
      const hanging: Check = {
        ...fine,
        find: (signal) => {
          signal.addEventListener('abort', () => {
            aborted = true;
          });
          return new Promise(() => {});
        },
      };
      const running = runCheck(hanging);
      await vi.advanceTimersByTimeAsync(1000);
      expect(await running).toMatchObject({ status: 'failed', detail: 'no answer within 1 s', exitCode: 4 });
      expect(aborted).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it('survives an error nobody expected', async () => {
    const failing = check('failing', () => Promise.reject(new Error('boom')));
    expect(await runCheck(failing)).toMatchObject({ status: 'failed', detail: 'boom', exitCode: 4 });
  });
});

describe('keysCheck', () => {
  it('names variables only', async () => {
    const { detail } = await runCheck(keysCheck({ OPENAI_API_KEY: 'sk-hunter2' }));
    expect(detail).toContain('OPENAI_API_KEY');
    expect(detail).not.toContain('hunter2');
  });
});
