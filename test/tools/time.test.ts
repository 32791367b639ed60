import { describe, expect, it } from 'vitest';
import { createTimeTool } from '../../src/tools/time.js';
import { createToolRunner } from '../../src/tools/tool-runner.js';

async function ask(args: Record<string, unknown>, language?: string, now = '2026-07-01T10:04:05Z') {
  const runner = createToolRunner([createTimeTool({ now: () => new Date(now) })], { env: {}, language });
  const outcome = await runner.run({ callId: 'c', name: 'get_time', arguments: JSON.stringify(args) });
  const answer: unknown = JSON.parse(outcome.output);
  return answer;
}

describe('get_time', () => {
  it('returns time and date of a zone, in numbers and in words', async () => {
    expect(await ask({ timezone: 'Europe/Berlin' })).toEqual({
      timezone: 'Europe/Berlin',
      time: '2026-07-01T12:04:05+02:00',
      weekday: 'Wednesday',
      summary: expect.stringMatching(/^Wednesday, July 1, 2026 at 12:04\sPM$/),
    });
  });

  it.each([
    ['America/New_York', '2026-01-01T04:30:00Z', '2025-12-31T23:30:00-05:00'],
    ['Asia/Kolkata', '2026-01-01T00:00:00Z', '2026-01-01T05:30:00+05:30'],
    ['UTC', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00+00:00'],
    // The hour that daylight saving time leaves out.
    ['Europe/Berlin', '2026-03-29T01:00:00Z', '2026-03-29T03:00:00+02:00'],
  ])('keeps the offset right: %s', async (timezone, now, time) => {
    expect(await ask({ timezone }, 'en', now)).toMatchObject({ time });
  });

  it('returns the local time by default', async () => {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    expect(await ask({})).toMatchObject({ timezone: here });
    expect(await ask({ timezone: ' ' })).toMatchObject({ timezone: here });
  });

  it('uses the language of the session, or English if it does not know it', async () => {
    expect(await ask({ timezone: 'UTC' }, 'de')).toMatchObject({ weekday: 'Mittwoch' });
    expect(await ask({ timezone: 'UTC' }, 'not_a_tag')).toMatchObject({ weekday: 'Wednesday' });
  });

  it('accepts a city that a zone is named after', async () => {
    expect(await ask({ timezone: 'new york, USA' })).toMatchObject({ timezone: 'America/New_York' });
  });

  it.each(['Atlantis', 'Mars/Base', '/', '../etc'])(
    'explains what it takes when asked for %s',
    async (timezone) => {
      expect(await ask({ timezone })).toEqual({
        error: {
          code: 'timezone.unknown',
          message: expect.stringMatching(/^There is no time zone named .*Europe\/Berlin/),
        },
      });
    },
  );
});
