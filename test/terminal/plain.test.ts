import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Plain } from '../../src/terminal/plain.js';
import { sendTypedLines } from '../../src/terminal/typed-lines.js';
import { FakeSession } from './fake-session.js';

const host = { env: {}, note: () => {} };

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
