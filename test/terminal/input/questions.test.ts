import { describe, expect, test } from 'vitest';
import type { SessionEventBody } from '../../../src/contract/session-events.js';
import { Questions } from '../../../src/terminal/input/questions.js';
import { FakeSession } from '../fake-session.js';

describe('an answer to a question that has just disappeared', () => {
  function asked(...callIds: string[]) {
    const session = new FakeSession();
    const clock = { nowMs: 10_000 };
    const questions = new Questions(session, () => clock.nowMs);
    const hear = (event: SessionEventBody) => questions.apply({ ...event, at: 0 });
    for (const callId of callIds) {
      hear({ type: 'tool.approval.required', callId, name: `tool_${callId}`, arguments: {} });
    }
    return { session, clock, questions, hear };
  }

  test('allows nothing that the user cannot have read', () => {
    const { session, clock, questions, hear } = asked('a', 'b');
    hear({ type: 'tool.cancelled', callId: 'a', name: 'tool_a', reason: 'late' });
    expect(questions.answer('y')).toBe(true);
    expect(session.calls).toEqual([]);
    clock.nowMs += 500;
    expect(questions.answer('y')).toBe(true);
    expect(session.calls).toEqual(['approve b']);
  });

  test('is not a message either, when no other question follows', () => {
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

describe('Questions', () => {
  test('offers "always" only where it has an effect', () => {
    const questions = new Questions(new FakeSession());
    const asked = { type: 'tool.approval.required', callId: 'c', name: 'pay', arguments: {}, at: 0 } as const;
    questions.apply({ ...asked, remember: false });
    expect(questions.text(80)).toBe('Allow pay()? y yes, n no');
    expect(questions.text(20)).toBe('Allow pay()? y/n');
    questions.apply({ type: 'tool.cancelled', callId: 'c', name: 'pay', reason: 'x', at: 1 });
    questions.apply(asked);
    expect(questions.text(80)).toBe('Allow pay()? y once, a always, n no');
  });
});
