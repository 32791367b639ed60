import { expect, it } from 'vitest';
import { judge, noSpeech, timedOut, unwritten } from '../../../src/commands/ask/ask-verdict.js';
import { VoxtermError } from '../../../src/contract/failure.js';
import { SessionTotals } from '../../../src/session/events/session-totals.js';

type Status = 'completed' | 'cancelled' | 'failed' | 'incomplete';

function tallyOf(...statuses: Status[]): SessionTotals {
  const totals = new SessionTotals();
  statuses.forEach((status, n) => {
    totals.onEvent({ type: 'response.started', responseId: `r${n}`, at: n });
    if (status === 'failed') {
      totals.onEvent({ type: 'error', code: 'x', message: 'The model is ill.', fatal: false, at: n });
    }
    totals.onEvent({ type: 'response.done', responseId: `r${n}`, status, at: n });
  });
  return totals;
}

it.each<[number, Status[]]>([
  [0, ['completed']],
  [0, ['incomplete']],
  [0, ['cancelled', 'completed']],
  [0, ['failed', 'completed']],
  [0, ['completed', 'cancelled']],
  [5, []],
  [5, ['cancelled']],
  [5, ['failed']],
  [5, ['completed', 'failed']],
  [5, ['completed', 'failed', 'cancelled']],
])('is %i after %j', (exitCode, statuses) => {
  expect(judge(tallyOf(...statuses), []).exitCode).toBe(exitCode);
});

it('says why there was no answer, or that there was none', () => {
  expect(judge(tallyOf('completed', 'failed'), ['unmet']).message).toBe('The model is ill.');
  expect(judge(tallyOf(), ['unmet']).message).toBe('There was no answer.');
});

it('is 5 when the last answer did not come, or not to its end', () => {
  const stalled = tallyOf('completed');
  stalled.onEvent({ type: 'response.done', responseId: 'r', status: 'incomplete', reason: 'stalled', at: 2 });
  expect(judge(stalled, [])).toMatchObject({ exitCode: 5, message: 'The answer did not come to its end.' });
  const missing = tallyOf('completed');
  missing.onEvent({ type: 'warning', code: 'response.missing', message: 'Not in time.', at: 2 });
  expect(judge(missing, [])).toMatchObject({ exitCode: 5, message: 'There was no answer.' });
});

it('names every expectation that was not met', () => {
  expect(judge(tallyOf('completed'), ['a', 'b'])).toMatchObject({ exitCode: 9, message: 'a\nb' });
});

it('tells who found no speech', () => {
  expect(noSpeech('a.wav', false).message).toBe('There is no speech in "a.wav".');
  expect(noSpeech('standard input', true).message).toBe('The provider noticed no speech in standard input.');
});

it('keeps the words and the code of a failure to write', () => {
  const failure = new VoxtermError('Full.', { code: 'output.disk-full', exitCode: 2, hint: 'Free some.' });
  expect(unwritten(failure)).toEqual({
    exitCode: 2,
    reason: 'output.disk-full',
    message: 'Full.',
    hint: 'Free some.',
  });
  expect(unwritten(new Error('odd'))).toMatchObject({ exitCode: 2, message: 'odd' });
  expect(timedOut(1.5).message).toContain('1.5 s');
});

it('is 2 where nothing was understood, so that nothing was answered', () => {
  const done = (reason?: string) =>
    ({ type: 'response.done', responseId: 'r', status: 'completed', reason, at: 2 }) as const;
  const silent = tallyOf();
  silent.onEvent(done('nothing_heard'));
  expect(judge(silent, [])).toMatchObject({ exitCode: 2, message: 'No words were understood.' });
  const coughed = tallyOf('completed');
  coughed.onEvent(done('nothing_heard'));
  expect(judge(coughed, []).exitCode).toBe(0);
});

it('says that the server stopped its answer, and why', () => {
  const stopped = tallyOf();
  stopped.onEvent({
    type: 'response.done',
    responseId: 'r',
    status: 'cancelled',
    reason: 'turn_detected',
    at: 2,
  });
  expect(judge(stopped, []).message).toBe('The server stopped its answer (turn_detected).');
});
