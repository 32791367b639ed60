import type { SessionEventBody } from '../../src/contract/session-events.js';
import { FakeSession } from '../terminal/fake-session.js';

export const startedAt = new Date('2026-11-21T12:00:00Z');

/** A session that tells what the test says, at the time the test says. */
export class TracedSession extends FakeSession {
  constructor() {
    super({ profile: { model: 'fake-1' } });
  }

  override readonly startedAt = startedAt;

  at(at: number, ...bodies: SessionEventBody[]): void {
    this.nowMs = at;
    this.emit(...bodies);
  }
}

const tokens = (text: number, audio: number) => ({ text, audio, image: 0, cached: 0 });

/** A talk with a tool that asks, an interruption, a handoff, a guardrail and a lost connection. */
export function holdTalk(session: TracedSession): void {
  const part = { responseId: 'r1', itemId: 'a1', contentIndex: 0 };
  session.at(10, {
    type: 'session.ready',
    provider: 'fake',
    model: 'fake-1',
    sessionId: 's1',
    inputRateHz: 24_000,
    outputRateHz: 24_000,
  });
  session.at(500, { type: 'speech.started' });
  session.at(1000, { type: 'speech.stopped' });
  session.at(1010, { type: 'user.transcript.done', itemId: 'u1', text: 'Secret question', typed: false });
  session.at(1100, { type: 'response.started', responseId: 'r1', agent: 'front' });
  session.at(1200, {
    type: 'tool.approval.required',
    callId: 'c1',
    name: 'lookup',
    arguments: { q: 'private' },
  });
  session.at(1700, { type: 'tool.started', callId: 'c1', name: 'lookup', arguments: { q: 'private' } });
  session.at(2200, {
    type: 'tool.finished',
    callId: 'c1',
    name: 'lookup',
    output: 'hidden',
    durationMs: 500,
  });
  session.at(2300, { type: 'assistant.audio', ...part, bytes: 4800 });
  session.at(2400, { type: 'assistant.text.done', ...part, text: 'Confidential answer', spoken: true });
  const usage = { input: tokens(30, 70), output: tokens(5, 15), total: 120 };
  const cost = { amount: 0.25, session: 0.25, currency: 'USD', pricesOf: '2026-11-01' };
  session.at(2499, { type: 'usage', usage, session: usage, cost });
  session.at(2500, {
    type: 'response.done',
    responseId: 'r1',
    status: 'completed',
    agent: 'front',
    firstAudioMs: 350,
    heardMs: 400,
  });
  session.at(2600, { type: 'speech.started' });
  session.at(2650, { type: 'playback.cleared', itemId: 'a1', heardMs: 90, receivedMs: 100 });
  session.at(2700, { type: 'speech.stopped' });
  session.at(2800, { type: 'agent.handoff', from: 'front', to: 'billing' });
  session.at(2900, { type: 'response.started', responseId: 'r2', agent: 'billing' });
  session.at(3000, {
    type: 'guardrail.tripped',
    guardrail: 'no-prices',
    responseId: 'r2',
    message: 'said a price: classified',
  });
  session.at(3100, { type: 'response.done', responseId: 'r2', status: 'failed', reason: 'server_error' });
  session.at(3200, { type: 'tool.started', callId: 'c2', name: 'broken', arguments: 'undisclosed' });
  session.at(3300, {
    type: 'tool.failed',
    callId: 'c2',
    name: 'broken',
    code: 'tool.timeout',
    message: 'undisclosed',
    durationMs: 100,
  });
  session.at(3400, { type: 'link.lost', code: 1006, reason: '' });
  session.at(3600, { type: 'link.restored', stateRestored: false });
  session.at(4000, { type: 'session.ended', exitCode: 0, reason: 'quit' });
}

/** Words that must not be in a trace that was not asked for them. */
export const words = /Secret|private|hidden|Confidential|classified|undisclosed/;
