import { describe, expect, it } from 'vitest';
import type { MessageItem } from '../../../src/contract/items.js';
import type { SessionEventBody } from '../../../src/contract/session-events.js';
import { lineText } from '../../../src/terminal/transcript/line-text.js';
import { type Line, Transcript } from '../../../src/terminal/transcript/transcript.js';

function transcriptOf(...events: SessionEventBody[]): Transcript {
  const transcript = new Transcript();
  for (const event of events) transcript.apply({ ...event, at: 0 });
  return transcript;
}

function shown(lines: readonly Line[]): string[] {
  return lines.map((line) => {
    const { label, text } = lineText(line);
    return `${label}: ${text}`;
  });
}

function message(
  change: 'added' | 'updated' | 'removed',
  index: number,
  role: 'user' | 'assistant',
  itemId: string,
  state: MessageItem['state'],
  text = '',
): SessionEventBody {
  return { type: 'history.updated', change, index, item: { kind: 'message', itemId, role, text, state } };
}

function words(itemId: string, delta: string, contentIndex = 0): SessionEventBody {
  return { type: 'assistant.text.delta', responseId: 'r', itemId, contentIndex, delta };
}

describe('conversation order', () => {
  it('keeps the place of a turn whose words come after the answer', () => {
    const transcript = transcriptOf(
      { type: 'speech.started', itemId: 'u1' },
      message('added', 0, 'user', 'u1', 'pending'),
      message('added', 1, 'assistant', 'a1', 'pending'),
      words('a1', 'Sunny.'),
      message('updated', 1, 'assistant', 'a1', 'done', 'Sunny.'),
    );
    expect(transcript.takeSettled()).toEqual([]);
    expect(shown(transcript.live)).toEqual(['you: …', 'voxterm: Sunny.']);
    transcript.apply({
      type: 'user.transcript.done',
      itemId: 'u1',
      text: 'The weather?',
      typed: false,
      at: 9,
    });
    expect(shown(transcript.takeSettled())).toEqual(['you: The weather?', 'voxterm: Sunny.']);
    expect(transcript.live).toEqual([]);
  });

  it('puts a turn that reaches the history late where the history has it', () => {
    const transcript = transcriptOf(
      message('added', 0, 'assistant', 'a1', 'pending'),
      words('a1', 'Sunny.'),
      message('added', 0, 'user', 'u1', 'pending'),
    );
    expect(shown(transcript.live)).toEqual(['you: …', 'voxterm: Sunny.']);
  });

  it('shows when no words come, and shows them if they arrive after all', () => {
    const transcript = transcriptOf(
      message('added', 0, 'user', 'u1', 'pending'),
      message('updated', 0, 'user', 'u1', 'untranscribed'),
    );
    expect(shown(transcript.takeSettled())).toEqual(['you: (no transcript)']);
    transcript.apply({ type: 'user.transcript.done', itemId: 'u1', text: 'Hello', typed: false, at: 9 });
    expect(shown(transcript.takeSettled())).toEqual(['note: you said earlier: Hello']);
  });

  it('shows a message once, although both history and transcript report it', () => {
    const transcript = transcriptOf(message('added', 0, 'user', 'u1', 'done', 'Hello'));
    expect(shown(transcript.takeSettled())).toEqual(['you: Hello']);
    transcript.apply({ type: 'user.transcript.done', itemId: 'u1', text: 'Hello', typed: true, at: 9 });
    expect(transcript.takeSettled()).toEqual([]);
  });

  it('forgets speech that never became a turn', () => {
    const transcript = transcriptOf(
      { type: 'speech.started', itemId: 'cough' },
      { type: 'speech.started', itemId: 'u1' },
      { type: 'user.transcript.done', itemId: 'u1', text: 'Hello', typed: false },
    );
    expect(shown(transcript.takeSettled())).toEqual(['you: Hello']);
  });

  it('joins the parts of an answer in their order', () => {
    const transcript = transcriptOf(words('a1', 'world', 1), words('a1', 'Hello ', 0));
    expect(shown(transcript.live)).toEqual(['voxterm: Hello world']);
  });
});

describe('interruption', () => {
  const answer = [message('added', 0, 'assistant', 'a1', 'pending'), words('a1', 'One two three four')];

  it('shows what was heard, ends it with a dash, and adds nothing to it', () => {
    const transcript = transcriptOf(
      ...answer,
      { type: 'playback.cleared', itemId: 'a1', heardMs: 500, receivedMs: 1000 },
      message('updated', 0, 'assistant', 'a1', 'cut', 'One two'),
      words('a1', ' five'),
    );
    expect(shown(transcript.takeSettled())).toEqual(['voxterm: One two —']);
    transcript.apply({ ...words('a1', ' six'), at: 9 });
    expect(transcript.live).toEqual([]);
  });

  it('shows no words of an answer of which nothing was heard', () => {
    const transcript = transcriptOf(
      ...answer,
      message('removed', 0, 'assistant', 'a1', 'unheard', 'One two'),
    );
    expect(shown(transcript.takeSettled())).toEqual(['voxterm: —']);
  });

  it('removes what history removes', () => {
    const transcript = transcriptOf(...answer, message('removed', 0, 'assistant', 'a1', 'pending'));
    expect(transcript.live).toEqual([]);
  });
});

describe('tools and notes', () => {
  it('shows a call running, done and failed', () => {
    const transcript = transcriptOf({
      type: 'tool.started',
      callId: 'c1',
      name: 'get_weather',
      arguments: { place: 'Berlin', days: 2 },
    });
    expect(shown(transcript.live)).toEqual(['tool: get_weather(place: Berlin, days: 2) · running']);
    transcript.apply({
      type: 'tool.finished',
      callId: 'c1',
      name: 'get_weather',
      output: '{}',
      durationMs: 420,
      at: 1,
    });
    expect(shown(transcript.takeSettled())).toEqual([
      'tool: get_weather(place: Berlin, days: 2) · done · 0.4 s',
    ]);
    const failed = transcriptOf(
      { type: 'tool.started', callId: 'c2', name: 'slow', arguments: 'no json' },
      {
        type: 'tool.failed',
        callId: 'c2',
        name: 'slow',
        code: 'timeout',
        message: 'took too long',
        durationMs: 10_000,
      },
    );
    expect(shown(failed.takeSettled())).toEqual(['tool: slow(no json) · failed: took too long · 10 s']);
  });

  it('stands between what was said before and after it', () => {
    const transcript = transcriptOf(
      message('added', 0, 'user', 'u1', 'done', 'Weather?'),
      { type: 'tool.started', callId: 'c1', name: 'get_weather', arguments: {} },
      message('added', 2, 'assistant', 'a1', 'pending'),
      words('a1', 'Sunny.'),
    );
    expect(shown(transcript.takeSettled())).toEqual(['you: Weather?']);
    expect(shown(transcript.live)).toEqual(['tool: get_weather() · running', 'voxterm: Sunny.']);
  });

  it('shows the whole call while it waits for permission, and less of it later', () => {
    const command = `echo ${'harmless '.repeat(20)}; rm -rf ~`;
    const transcript = transcriptOf({
      type: 'tool.approval.required',
      callId: 'c',
      name: 'run',
      arguments: { command },
    });
    expect(shown(transcript.live)).toEqual([`tool: run(command: ${command}) · waits for permission`]);
    transcript.apply({ type: 'tool.started', callId: 'c', name: 'run', arguments: { command }, at: 1 });
    expect(shown(transcript.live)).toEqual([
      'tool: run(command: echo harmless harmless harmless harmless harmless …) · running',
    ]);
  });

  it('shows that a call waits, then its progress', () => {
    const transcript = transcriptOf({
      type: 'tool.approval.required',
      callId: 'c',
      name: 'disk__copy',
      arguments: { to: '\x1b[2Jx' },
    });
    expect(transcript.takeSettled()).toEqual([]);
    expect(shown(transcript.live)).toEqual(['tool: disk__copy(to: x) · waits for permission']);
    transcript.apply({
      type: 'tool.progress',
      callId: 'c',
      name: 'disk__copy',
      elapsedMs: 2100,
      message: 'copying',
      progress: 3,
      total: 10,
      at: 1,
    });
    expect(shown(transcript.live)).toEqual(['tool: disk__copy(to: x) · running · 2.1 s: copying, 3 of 10']);
    transcript.apply({
      type: 'tool.failed',
      callId: 'c',
      name: 'disk__copy',
      code: 'x',
      message: 'full',
      durationMs: 3000,
      at: 2,
    });
    expect(shown(transcript.takeSettled())).toEqual(['tool: disk__copy(to: x) · failed: full · 3.0 s']);
  });

  it('shows the arguments of a call that was refused before it started', () => {
    const transcript = transcriptOf(
      {
        type: 'history.updated',
        change: 'added',
        index: 0,
        item: {
          kind: 'tool',
          itemId: 'i',
          callId: 'c',
          name: 'copy',
          arguments: '{"to":"x"}',
          state: 'running',
        },
      },
      { type: 'tool.failed', callId: 'c', name: 'copy', code: 'rejected', message: 'no', durationMs: 0 },
    );
    expect(shown(transcript.takeSettled())).toEqual(['tool: copy(to: x) · failed: no · 0.0 s']);
  });

  it('reports the states of MCP servers', () => {
    const server = { type: 'mcp.server' as const, server: 'disk', tools: ['disk__copy'] };
    const transcript = transcriptOf(
      { ...server, state: 'connected' },
      { ...server, state: 'connected', message: 'move is left out: its schema is broken.' },
      { ...server, state: 'failed', tools: [], message: 'The MCP server disk cannot be started.' },
    );
    expect(shown(transcript.takeSettled())).toEqual([
      'note: the MCP server disk is connected, with 1 tool',
      'note: the MCP server disk is connected, with 1 tool; move is left out: its schema is broken.',
      'warning: The MCP server disk cannot be started.',
    ]);
  });

  it('names a guardrail once', () => {
    const trip = { type: 'guardrail.tripped' as const, guardrail: 'rivals', responseId: 'r' };
    const transcript = transcriptOf(
      { ...trip, message: 'The rule "rivals" does not allow what was said.' },
      { ...trip, message: 'At most 100.', callId: 'c' },
    );
    expect(shown(transcript.takeSettled())).toEqual([
      'warning: The rule "rivals" does not allow what was said.',
      'warning: stopped by rivals: At most 100.',
    ]);
  });

  it('shows warnings, errors and handoffs, but leaves a fatal error to the end of the session', () => {
    const transcript = transcriptOf(
      { type: 'warning', code: 'w', message: 'Careful', hint: 'Do this.' },
      { type: 'error', code: 'e', message: 'Broken.', fatal: false },
      { type: 'error', code: 'f', message: 'Over.', fatal: true },
      { type: 'agent.handoff', from: 'Ada', to: 'Bob' },
    );
    const notes = ['warning: Careful. Do this.', 'error: Broken.', 'agent: → Bob'];
    expect(shown(transcript.takeSettled())).toEqual(notes);
  });

  it('settles everything at the end', () => {
    const transcript = transcriptOf(
      message('added', 0, 'user', 'u1', 'pending'),
      words('a1', 'Sun'),
      { type: 'tool.started', callId: 'c1', name: 'slow', arguments: {} },
      { type: 'session.ended', exitCode: 0, reason: 'quit' },
    );
    const lines = ['you: (no transcript)', 'voxterm: Sun', 'tool: slow() · cancelled'];
    expect(shown(transcript.takeSettled())).toEqual(lines);
  });
});

it('removes control sequences of models and tools', () => {
  const transcript = transcriptOf(
    words('a1', 'red \x1b[31malert\x1b]0;title\x07\x9b2J\r\x08'),
    { type: 'tool.started', callId: 'c', name: 'x\x1b[2J', arguments: { 'a\x1b[1m': '\x1b[H' } },
    { type: 'warning', code: 'w', message: '\x1b]52;c;aGk=\x07paste' },
  );
  expect(shown(transcript.live).join('\n')).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  expect(shown(transcript.live)[0]).toBe('voxterm: red alert');
});

it('a lost connection is reported once, by what follows', () => {
  const transcript = transcriptOf(
    { type: 'link.lost', code: 1006, reason: '' },
    { type: 'warning', code: 'link.retrying', message: 'Connecting again in 0.5 s (attempt 1 of 5).' },
    { type: 'link.restored', stateRestored: true },
  );
  expect(shown(transcript.takeNotes())).toHaveLength(2);
});

describe('thousands of open lines', () => {
  const count = 24_000;
  const within = (ms: number, action: () => void) => {
    const startMs = performance.now();
    action();
    expect(performance.now() - startMs).toBeLessThan(ms);
  };

  it('take linear time as answers, settled one after the other', () => {
    within(2500, () => {
      const transcript = new Transcript();
      for (let at = 0; at < count; at += 1) {
        transcript.apply({ ...message('added', at, 'assistant', `a${at}`, 'pending'), at: 0 });
        transcript.takeNotes();
        transcript.takeSettled();
      }
      expect(transcript.live).toHaveLength(count);
      for (let at = 0; at < count; at += 1) {
        transcript.apply({ ...message('removed', 0, 'assistant', `a${at}`, 'unheard'), at: 0 });
        transcript.takeSettled();
      }
      expect(transcript.live).toEqual([]);
    });
  });

  it('take linear time as speech, and as words before others', () => {
    within(2500, () => {
      const transcript = new Transcript();
      for (let at = 0; at < count; at += 1) {
        transcript.apply({ type: 'speech.started', itemId: `u${at}`, at: 0 });
        transcript.apply({ ...message('added', 0, 'user', `u${at}`, 'pending'), at: 0 });
      }
      expect(transcript.live).toHaveLength(count);
      transcript.apply({ type: 'session.ended', exitCode: 0, reason: 'quit', at: 0 });
      expect(transcript.takeSettled()).toHaveLength(count);
    });
  });
});
