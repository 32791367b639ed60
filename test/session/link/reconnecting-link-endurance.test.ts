import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Ending, ExitCode } from '../../../src/contract/exit.js';
import { VoxtermError } from '../../../src/contract/failure.js';
import {
  ReconnectingLink,
  type ReconnectingLinkOptions,
} from '../../../src/session/link/reconnecting-link.js';
import { FakeLink } from '../fake-link.js';

/** A line whose provider is always there. `refuse`: what an attempt fails with. */
function lineOf(
  options: Partial<ReconnectingLinkOptions> = {},
  refuse: (attempt: number, resume: string | undefined) => Error | undefined = () => undefined,
) {
  const links = [new FakeLink()];
  const resumes: (string | undefined)[] = [];
  const delaysMs: number[] = [];
  const failures: Ending[] = [];
  const latest = (): FakeLink => {
    const link = links.at(-1);
    if (link === undefined) throw new Error('there is no link');
    return link;
  };
  const line = new ReconnectingLink(
    {
      link: latest(),
      resumes: true,
      limitMs: null,
      reconnect: async (resume) => {
        resumes.push(resume);
        const failure = refuse(resumes.length, resume);
        if (failure !== undefined) throw failure;
        links.push(new FakeLink());
        return latest();
      },
      ...options,
    },
    {
      event: () => {},
      lost: () => {},
      restored: () => line.ready(),
      trying: (_attempt, _of, delayMs) => delaysMs.push(delayMs),
      expires: () => {},
      failed: (ending) => failures.push(ending),
    },
  );
  line.ready();
  return { line, latest, links, resumes, delaysMs, failures };
}

function refused(code: string): VoxtermError {
  return new VoxtermError('No.', { code, exitCode: ExitCode.refused });
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a long talk', () => {
  it('changes its connection in time as often as it has to, also after one was lost', async () => {
    const { line, latest, links, failures } = lineOf();
    latest().drop();
    await vi.advanceTimersByTimeAsync(1000);
    for (let change = 0; change < 20; change += 1) {
      await vi.advanceTimersByTimeAsync(600_000);
      void line.change();
      await vi.advanceTimersByTimeAsync(10_000);
    }
    expect(failures).toEqual([]);
    expect(links).toHaveLength(22);
  });

  it('a server that sends every connection away at once is not asked again without a pause', async () => {
    const { line, delaysMs, resumes } = lineOf();
    await vi.advanceTimersByTimeAsync(60_000);
    for (let change = 0; change < 4; change += 1) {
      void line.change();
      await vi.advanceTimersByTimeAsync(10_000);
    }
    expect(resumes).toHaveLength(4);
    expect(delaysMs).toEqual([500, 1000, 2000]);
  });
});

describe('a change that is wanted on our side', () => {
  it('takes up nothing of the old connection, and nobody waits for it, however often', async () => {
    const { line, latest, delaysMs, resumes } = lineOf();
    for (let change = 0; change < 3; change += 1) {
      latest().receive({ type: 'resume.handle', handle: 'of-the-old-agent' });
      void line.change(true);
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(resumes).toEqual([undefined, undefined, undefined]);
    expect(delaysMs).toEqual([]);
  });

  it('leaves what is taken up later as it was', async () => {
    const { line, latest, resumes } = lineOf();
    void line.change(true);
    await vi.advanceTimersByTimeAsync(1);
    latest().receive({ type: 'resume.handle', handle: 'of-the-new-agent' });
    latest().drop();
    await vi.advanceTimersByTimeAsync(1000);
    expect(resumes).toEqual([undefined, 'of-the-new-agent']);
  });
});

describe('a server that refuses a new connection', () => {
  it('for the moment only is asked again', async () => {
    const { latest, links, failures } = lineOf({}, (attempt) =>
      attempt === 1 ? refused('provider.unavailable') : undefined,
    );
    latest().drop();
    await vi.advanceTimersByTimeAsync(5000);
    expect(failures).toEqual([]);
    expect(links).toHaveLength(2);
  });

  it('because of what it is to take up is asked without', async () => {
    const { latest, links, resumes, failures } = lineOf({}, (_attempt, resume) =>
      resume === undefined ? undefined : refused('provider.refused'),
    );
    latest().receive({ type: 'resume.handle', handle: 'gone' });
    latest().drop();
    await vi.advanceTimersByTimeAsync(5000);
    expect(resumes).toEqual(['gone', undefined]);
    expect(failures).toEqual([]);
    expect(links).toHaveLength(2);
  });

  it('also without is left alone', async () => {
    const { latest, resumes, failures } = lineOf({}, () => refused('provider.refused'));
    latest().receive({ type: 'resume.handle', handle: 'gone' });
    latest().drop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(resumes).toEqual(['gone', undefined]);
    expect(failures).toMatchObject([{ exitCode: ExitCode.refused }]);
  });
});
