import { describe, expect, it } from 'vitest';
import { SendProgress } from '../../src/terminal/send-progress.js';

function open(isTTY: boolean, wanted = true) {
  let now = 0;
  const written: string[] = [];
  const stderr = { isTTY, write: (text: string) => written.push(text) };
  const progress = new SendProgress(stderr, wanted, () => now);
  return {
    written,
    progress,
    at: (ms: number, doneMs: number, totalMs?: number) => {
      now = ms;
      progress.update(doneMs, totalMs);
    },
  };
}

describe('SendProgress', () => {
  it('prints nothing for short recordings, or when disabled', () => {
    const short = open(true);
    short.at(1000, 5000, 10_000);
    short.progress.clear();
    const slow = open(true);
    slow.at(5000, 2000, 2600);
    expect([...short.written, ...slow.written]).toEqual([]);
    const quiet = open(true, false);
    quiet.at(60_000, 5000);
    expect(quiet.written).toEqual([]);
  });

  it('writes one line in place on a terminal and removes it', () => {
    const { at, written, progress } = open(true);
    at(4000, 60_000, 120_000);
    at(4100, 61_000, 120_000);
    at(4300, 62_000, 120_000);
    progress.clear();
    expect(written).toEqual([
      '\r\u001b[Ksent 0:01:00 of 0:02:00 (50 %)',
      '\r\u001b[Ksent 0:01:02 of 0:02:00 (51 %)',
      '\r\u001b[K',
    ]);
  });

  it('writes whole lines, rarely, without a terminal', () => {
    const { at, written } = open(false);
    at(4000, 3_600_000);
    at(9000, 3_700_000);
    at(14_000, 3_800_000);
    expect(written).toEqual(['sent 1:00:00\n', 'sent 1:03:20\n']);
  });
});
