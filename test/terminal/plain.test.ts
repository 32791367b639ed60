import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Plain } from '../../src/terminal/plain.js';
import { Questions } from '../../src/terminal/questions.js';
import { sendTypedLines } from '../../src/terminal/typed-lines.js';
import { FakeSession } from './fake-session.js';

const host = { env: {}, note: () => {}, save: () => {} };

function collector(): { text: string; write(text: string): void } {
  return {
    text: '',
    write(text) {
      this.text += text;
    },
  };
}

describe('Plain', () => {
  it('prints one line for each utterance and tool call, and everything else on stderr', () => {
    const [stdout, stderr] = [collector(), collector()];
    const session = new FakeSession();
    const plain = new Plain({ stdout, stderr, quiet: false });
    session.subscribe((event) => plain.hear(event));
    session.emit(
      { type: 'user.transcript.delta', itemId: 'u', delta: 'We', text: 'We' },
      { type: 'warning', code: 'w', message: 'No microphone', hint: 'Plug one in.' },
      { type: 'user.transcript.done', itemId: 'u', text: 'Weather\x1b[31m?', typed: false },
      { type: 'tool.started', callId: 'c', name: 'get_weather', arguments: {} },
      { type: 'tool.finished', callId: 'c', name: 'get_weather', output: '', durationMs: 100 },
      { type: 'assistant.text.delta', responseId: 'r', itemId: 'a', contentIndex: 0, delta: 'Sun\nand rain' },
    );
    expect(stderr.text).toBe('warning: No microphone. Plug one in.\n');
    plain.close();
    plain.note('info', 'bye');
    expect(stdout.text).toBe('you: Weather?\ntool: get_weather() · done · 0.1 s\nvoxterm: Sun and rain\n');
    expect(stderr.text).toBe('warning: No microphone. Plug one in.\nbye\n');
  });

  it('tells of a long call while it runs, but not of its every step', () => {
    const [stdout, stderr] = [collector(), collector()];
    const plain = new Plain({ stdout, stderr, quiet: false });
    const step = (elapsedMs: number, message?: string): void =>
      plain.hear({ type: 'tool.progress', callId: 'c', name: 'copy', elapsedMs, message, at: 0 });
    plain.hear({ type: 'tool.started', callId: 'c', name: 'copy', arguments: {}, at: 0 });
    step(2000);
    step(3000, 'half');
    step(7000, 'nearly');
    expect(stderr.text).toBe('copy is still working, 2.0 s\ncopy is still working, 7.0 s: nearly\n');
    expect(stdout.text).toBe('');
  });

  it('asks each question once, the next when the one before is answered', () => {
    const [stdout, stderr] = [collector(), collector()];
    const session = new FakeSession();
    const questions = new Questions(session);
    const plain = new Plain({ stdout, stderr, quiet: true, questions });
    session.subscribe((event) => plain.hear(event));
    const wait = (callId: string) =>
      ({ type: 'tool.approval.required', callId, name: 'copy', arguments: {} }) as const;
    session.emit(wait('c1'), wait('c2'));
    expect(questions.answer('hello')).toBe(false);
    expect(questions.answer('y')).toBe(true);
    session.emit({ type: 'tool.started', callId: 'c1', name: 'copy', arguments: {} });
    // Too late for an answer: it leaves by itself.
    session.emit({
      type: 'tool.failed',
      callId: 'c2',
      name: 'copy',
      code: 'x',
      message: 'late',
      durationMs: 1,
    });
    expect(questions.answer('n')).toBe(true);
    expect(session.calls).toEqual(['approve c1']);
    expect(stderr.text).toBe(
      'Allow copy()? y once, a always, n no\nAllow copy()? y once, a always, n no (1 more)\nAllow copy()? y once, a always, n no\n',
    );
  });
});

describe('Questions', () => {
  it('offers to allow a tool for good only where that has an effect', () => {
    const questions = new Questions(new FakeSession());
    const asked = { type: 'tool.approval.required', callId: 'c', name: 'pay', arguments: {}, at: 0 } as const;
    questions.hear({ ...asked, remember: false });
    expect(questions.text(80)).toBe('Allow pay()? y yes, n no');
    expect(questions.text(20)).toBe('Allow pay()? y/n');
    questions.hear({ type: 'tool.cancelled', callId: 'c', name: 'pay', reason: 'x', at: 1 });
    questions.hear(asked);
    expect(questions.text(80)).toBe('Allow pay()? y once, a always, n no');
  });
});

describe('sendTypedLines', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'Date'] }));
  afterEach(() => vi.useRealTimers());

  const settle = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

  /** Real streams need real turns of the event loop, between steps of the false clock. */
  async function pass(ms: number): Promise<void> {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
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

  it('sends a line when the answer to the one before is finished, tools and follow-up included', async () => {
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
