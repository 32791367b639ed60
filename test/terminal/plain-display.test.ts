import { describe, expect, it } from 'vitest';
import { Questions } from '../../src/terminal/input/questions.js';
import { PlainDisplay } from '../../src/terminal/plain-display.js';
import { FakeSession } from './fake-session.js';

function collector(): { text: string; write(text: string): void } {
  return {
    text: '',
    write(text) {
      this.text += text;
    },
  };
}

describe('PlainDisplay', () => {
  it('prints one line for each utterance and tool call, and everything else on stderr', () => {
    const [stdout, stderr] = [collector(), collector()];
    const session = new FakeSession();
    const plain = new PlainDisplay({ stdout, stderr, quiet: false });
    session.subscribe((event) => plain.show(event));
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

  it('reports a long call while it runs, but not its every step', () => {
    const [stdout, stderr] = [collector(), collector()];
    const plain = new PlainDisplay({ stdout, stderr, quiet: false });
    const step = (elapsedMs: number, message?: string): void =>
      plain.show({ type: 'tool.progress', callId: 'c', name: 'copy', elapsedMs, message, at: 0 });
    plain.show({ type: 'tool.started', callId: 'c', name: 'copy', arguments: {}, at: 0 });
    step(2000);
    step(3000, 'half');
    step(7000, 'nearly');
    expect(stderr.text).toBe('copy is still working, 2.0 s\ncopy is still working, 7.0 s: nearly\n');
    expect(stdout.text).toBe('');
  });

  it('asks each question once, the next when the previous one is answered', () => {
    const [stdout, stderr] = [collector(), collector()];
    const session = new FakeSession();
    const questions = new Questions(session);
    const plain = new PlainDisplay({ stdout, stderr, quiet: true, questions });
    session.subscribe((event) => plain.show(event));
    const wait = (callId: string) =>
      ({ type: 'tool.approval.required', callId, name: 'copy', arguments: {} }) as const;
    session.emit(wait('c1'), wait('c2'));
    expect(questions.answer('hello')).toBe(false);
    expect(questions.answer('y')).toBe(true);
    session.emit({ type: 'tool.started', callId: 'c1', name: 'copy', arguments: {} });
    // Too late for an answer: it disappears on its own.
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
