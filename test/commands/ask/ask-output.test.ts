import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AskOutput } from '../../../src/commands/ask/ask-output.js';
import { resolveSettings } from '../../../src/config/load.js';
import { directoryWith, environmentIn } from '../../config/files.js';
import { FakeSession } from '../../terminal/fake-session.js';
import { memoryIo } from '../session/memory-io.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('takes the meter away before it writes a line to the same terminal', async () => {
  const { io, written } = memoryIo(environmentIn(directoryWith()), true);
  const settings = await resolveSettings({ provider: 'local' }, io.env, io);
  const output = new AskOutput(
    { pace: 'fast', expectHeard: [], expectSaid: [], expectTool: [] },
    settings,
    io,
  );
  const session = new FakeSession();
  output.follow(session, undefined);
  vi.advanceTimersByTime(5000);
  output.progress(60_000, 120_000);
  const meter = '\r\u001b[Ksent 0:01:00 of 0:02:00 (50 %)';
  expect(written.stderr).toBe(meter);
  session.emit({ type: 'user.transcript.done', itemId: 'u1', text: 'Hello', typed: true });
  expect(written.stderr).toBe(`${meter}\r\u001b[K`);
});
