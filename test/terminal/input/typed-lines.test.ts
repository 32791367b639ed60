import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sendTypedLines } from '../../../src/terminal/input/typed-lines.js';
import { FakeSession } from '../fake-session.js';

const host = { env: {}, note: () => {}, adviceOn: () => undefined, save: () => {} };

describe('sendTypedLines', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'Date'] }));
  afterEach(() => vi.useRealTimers());

  const settle = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

  /** Real streams need real ticks of the event loop between steps of the fake clock. */
  async function pass(ms: number): Promise<void> {
    for (let tick = 0; tick < 5; tick += 1) await new Promise((resolve) => setImmediate(resolve));
    await settle(ms);
  }

  it('takes the answer to a question at once, while a message waits for its own answer', async () => {
    const session = new FakeSession();
    const input = new PassThrough();
    const answered: string[] = [];
    const answer = (line: string): boolean => /^[yan]$/.test(line) && answered.push(line) > 0;
    const sending = sendTypedLines(input, session, { ...host, answer });
    input.write('copy it\n');
    await pass(100);
    session.emit(
      { type: 'response.started', responseId: 'r' },
      { type: 'response.done', responseId: 'r', status: 'completed' },
      { type: 'tool.approval.required', callId: 'c', name: 'copy', arguments: {} },
    );
    input.write('next\ny\n');
    await pass(60_000);
    expect(answered).toEqual(['y']);
    expect(session.calls).toEqual(['sendText copy it']);
    session.emit({ type: 'tool.finished', callId: 'c', name: 'copy', output: '', durationMs: 1 });
    await pass(20_000);
    expect(session.calls).toEqual(['sendText copy it', 'sendText next']);
    input.end();
    await session.end();
    await pass(1000);
    await sending;
  });

  it('sends a line when the answer to the previous one is finished, tools and follow-up included', async () => {
    const session = new FakeSession();
    const input = new PassThrough();
    let over = false;
    const sending = sendTypedLines(input, session, host).then(() => {
      over = true;
    });
    input.end('one\n\n  two \n');
    await pass(100);
    expect(session.calls).toEqual(['sendText one']);
    session.state = 'thinking';
    session.emit(
      { type: 'response.started', responseId: 'r1' },
      { type: 'tool.started', callId: 'c', name: 't', arguments: {} },
      { type: 'response.done', responseId: 'r1', status: 'completed' },
    );
    session.state = 'listening';
    await pass(5000);
    session.emit({ type: 'tool.finished', callId: 'c', name: 't', output: '', durationMs: 1 });
    await pass(1000);
    expect(session.calls).toEqual(['sendText one']);
    session.emit(
      { type: 'response.started', responseId: 'r2' },
      { type: 'response.done', responseId: 'r2', status: 'completed' },
    );
    session.state = 'speaking';
    await pass(1000);
    expect(session.calls).toEqual(['sendText one']);
    session.state = 'listening';
    await pass(100);
    expect(session.calls).toEqual(['sendText one', 'sendText two']);
    expect(over).toBe(false);
    await pass(31_000); // no answer ever begins
    await sending;
    expect(over).toBe(true);
  });

  it('stops when the session ends', async () => {
    const session = new FakeSession();
    const input = new PassThrough();
    const sending = sendTypedLines(input, session, host);
    input.write('one\ntwo\n');
    await pass(100);
    void session.end();
    await pass(100);
    await sending;
    expect(session.calls).toEqual(['sendText one', 'end quit']);
  });
});
