import { describe, expect, test } from 'vitest';
import type { SessionEventBody } from '../../src/contract/session-events.js';
import { Questions } from '../../src/terminal/questions.js';
import { FakeSession } from './fake-session.js';

describe('an answer to a question that has just left', () => {
  function asked(...callIds: string[]) {
    const session = new FakeSession();
    const clock = { nowMs: 10_000 };
    const questions = new Questions(session, () => clock.nowMs);
    const hear = (event: SessionEventBody) => questions.hear({ ...event, at: 0 });
    for (const callId of callIds) {
      hear({ type: 'tool.approval.required', callId, name: `tool_${callId}`, arguments: {} });
    }
    return { session, clock, questions, hear };
  }

  test('allows nothing that nobody has read', () => {
    const { session, clock, questions, hear } = asked('a', 'b');
    hear({ type: 'tool.cancelled', callId: 'a', name: 'tool_a', reason: 'late' });
    expect(questions.answer('y')).toBe(true);
    expect(session.calls).toEqual([]);
    clock.nowMs += 500;
    expect(questions.answer('y')).toBe(true);
    expect(session.calls).toEqual(['approve b']);
  });

  test('is no message either, where no other question follows', () => {
    const { clock, questions, hear } = asked('a');
    hear({ type: 'tool.failed', callId: 'a', name: 'tool_a', code: 'x', message: 'late', durationMs: 0 });
    expect(questions.answer('n')).toBe(true);
    clock.nowMs += 500;
    expect(questions.answer('n')).toBe(false);
  });

  test('does not keep the next question waiting after an answer', () => {
    const { session, questions, hear } = asked('a', 'b');
    questions.answer('y');
    hear({ type: 'tool.started', callId: 'a', name: 'tool_a', arguments: {} });
    questions.answer('y');
    expect(session.calls).toEqual(['approve a', 'approve b']);
  });
});
