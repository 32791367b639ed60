import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { VirtualSound } from '../../../src/audio/virtual-sound.js';
import { ExitCode } from '../../../src/contract/exit.js';
import { VoxtermError } from '../../../src/contract/failure.js';
import type { ToolOutcome } from '../../../src/contract/inputs.js';
import type { SessionEvent } from '../../../src/contract/session-events.js';
import type { LinkClosed } from '../../../src/session/link/link.js';
import { Session } from '../../../src/session/session.js';
import type { SessionParts } from '../../../src/session/session-parts.js';
import { FakeLink, profile } from '../fake-link.js';
import { frames } from '../frames.js';

const part = { itemId: 'a1', contentIndex: 0 };

interface Attempt {
  readonly resume: string | undefined;
  readonly atMs: number;
}

/**
 * A session whose line breaks when the test says so. `next`: what comes of each attempt, the last one for all further
 * ones.
 */
function start(
  next: readonly (FakeLink | Error)[] = [],
  parts: Partial<SessionParts> & { readonly resume?: 'handle' | 'conversation' } = {},
) {
  const link = new FakeLink();
  const attempts: Attempt[] = [];
  const events: SessionEvent[] = [];
  const startMs = performance.now();
  const session = new Session({
    profile: { ...profile, resume: parts.resume ?? 'none' },
    settings: { voice: 'ada', transcription: {} },
    link,
    reconnect: async (resume) => {
      const result = next[Math.min(attempts.length, next.length - 1)];
      attempts.push({ resume, atMs: performance.now() - startMs });
      if (result instanceof FakeLink) return result;
      throw result ?? new Error('nothing there');
    },
    sound: null,
    tools: {
      specs: [],
      run: async () => ({ kind: 'finished', output: 'ok', durationMs: 1 }),
      cancel: () => {},
      approve: () => false,
      reject: () => false,
      close: () => {},
    },
    watchEcho: false,
    audioInEvents: false,
    now: () => performance.now(),
    ...parts,
  });
  session.subscribe((event) => events.push(event));
  link.open();
  const told = (): string[] =>
    events.flatMap((event) =>
      event.type === 'warning' ? [event.code] : /^(link|session)\./.test(event.type) ? [event.type] : [],
    );
  return { link, session, events, attempts, told };
}

function warnings(events: readonly SessionEvent[]): SessionEvent[] {
  return events.filter(({ type }) => type === 'warning');
}

function unreachable(): VoxtermError {
  return new VoxtermError('Nothing answers.', { code: 'link.unreachable', exitCode: ExitCode.network });
}

const fatal: LinkClosed = {
  code: 1008,
  reason: '',
  ending: { exitCode: ExitCode.refused, reason: 'provider.refused', message: 'No.' },
  retryable: false,
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a connection that is lost', () => {
  it('ends the words of the server before it says what follows', () => {
    const { link, events } = start([]);
    const message = 'The server closed the connection. It says: Invalid session handle';
    const ending = { exitCode: ExitCode.network, reason: 'link.lost', message };
    link.onClosed({ code: 1011, reason: '', ending, retryable: true });
    const warning = events.findLast(({ type }) => type === 'warning');
    expect(warning).toMatchObject({
      message: expect.stringContaining('session handle. Connecting again in'),
    });
  });

  it('is replaced: settings and history go to the new one, and the talk goes on', async () => {
    const second = new FakeLink();
    const { link, session, attempts, told } = start([second]);
    session.sendText('What time is it?');
    link.receive(
      { type: 'response.created', responseId: 'r1' },
      { type: 'text.delta', responseId: 'r1', ...part, delta: 'Noon.', spoken: false },
      { type: 'response.done', responseId: 'r1', status: 'completed' },
    );
    link.drop();
    expect(session.state).toBe('reconnecting');
    await vi.advanceTimersByTimeAsync(499);
    expect(attempts).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(attempts).toMatchObject([{ resume: undefined }]);
    second.open();
    expect(second.sent).toMatchObject([
      { type: 'session.update', settings: { voice: 'ada' } },
      { type: 'item.create', item: { role: 'user', text: 'What time is it?' } },
      { type: 'item.create', item: { role: 'assistant', text: 'Noon.' } },
    ]);
    expect(session.state).toBe('listening');
    expect(told()).toEqual(['session.ready', 'link.lost', 'link.retrying', 'link.restored']);
    session.sendText('And now?');
    expect(second.sentOf('response.create')).toHaveLength(1);
    expect(session.history).toHaveLength(3);
  });

  it('what is typed meanwhile waits, and is answered', async () => {
    const second = new FakeLink();
    const { link, session } = start([second]);
    link.drop();
    session.sendText('Hello?');
    await vi.advanceTimersByTimeAsync(500);
    second.open();
    expect(second.sentOf('item.create')).toMatchObject([{ item: { text: 'Hello?' } }]);
    expect(second.sentOf('response.create')).toHaveLength(1);
  });

  it('what was asked and not answered is answered from the new one', async () => {
    const second = new FakeLink();
    const { link, session } = start([second]);
    session.sendText('Hello?');
    link.drop();
    await vi.advanceTimersByTimeAsync(500);
    second.open();
    expect(second.sentOf('item.create')).toMatchObject([{ item: { text: 'Hello?' } }]);
    expect(second.sentOf('response.create')).toHaveLength(1);
  });

  it('an answer in the middle is cut where it was heard, and said to be cancelled', async () => {
    const second = new FakeLink();
    const sound = new VirtualSound({ outputRateHz: 24_000, pace: 'realtime' });
    const { link, session, events } = start([second], { sound });
    link.receive(
      { type: 'text.delta', responseId: 'r1', ...part, delta: 'one two three four', spoken: true },
      { type: 'audio.delta', responseId: 'r1', ...part, audio: new Uint8Array(96_000) },
    );
    vi.advanceTimersByTime(600);
    link.drop();
    await vi.advanceTimersByTimeAsync(500);
    second.open();
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'response.done', status: 'cancelled', reason: 'link_lost' }),
    );
    const [answer] = session.history;
    expect(answer).toMatchObject({ state: 'cut' });
    expect(second.sentOf('item.create')).toMatchObject([{ item: { role: 'assistant' } }]);
    expect(second.sentOf('item.truncate')).toEqual([]);
    expect(second.sentOf('response.create')).toEqual([]);
  });

  it('an answer that had arrived plays on', async () => {
    const second = new FakeLink();
    const sound = new VirtualSound({ outputRateHz: 24_000, pace: 'realtime' });
    const { link, session } = start([second], { sound });
    link.receive(
      { type: 'text.delta', responseId: 'r1', ...part, delta: 'one two', spoken: true },
      { type: 'audio.delta', responseId: 'r1', ...part, audio: new Uint8Array(96_000) },
      { type: 'response.done', responseId: 'r1', status: 'completed' },
    );
    link.drop();
    await vi.advanceTimersByTimeAsync(500);
    second.open();
    expect(session.state).toBe('speaking');
    await vi.advanceTimersByTimeAsync(2000);
    expect(session.history).toMatchObject([{ text: 'one two', state: 'done', heardMs: 2000 }]);
  });

  it('knows an answer that still plays; interrupted after that, it knows what was heard', async () => {
    const second = new FakeLink();
    const sound = new VirtualSound({ outputRateHz: 24_000, pace: 'realtime' });
    const { link, session } = start([second], { sound });
    link.receive(
      { type: 'text.delta', responseId: 'r1', ...part, delta: 'one two three four', spoken: true },
      { type: 'audio.delta', responseId: 'r1', ...part, audio: new Uint8Array(192_000) },
      { type: 'response.done', responseId: 'r1', status: 'completed' },
    );
    link.drop();
    await vi.advanceTimersByTimeAsync(500);
    second.open();
    const [told] = second.sentOf('item.create');
    expect(told).toMatchObject({ item: { role: 'assistant', text: 'one two three four' } });
    await vi.advanceTimersByTimeAsync(1800);
    second.receive({ type: 'speech.started', itemId: 'u1' });
    await vi.advanceTimersByTimeAsync(1000);
    expect(session.history).toMatchObject([{ itemId: 'a1', text: 'one two', state: 'cut' }]);
    expect(second.sentOf('item.delete')).toMatchObject([{ itemId: told?.item.itemId }]);
    expect(second.sentOf('item.create').slice(1)).toMatchObject([
      { item: { role: 'assistant', text: 'one two' } },
    ]);
    expect(second.sentOf('item.truncate')).toEqual([]);
  });

  it('is tried five times, later each time; then the session ends with one sentence', async () => {
    const { link, session, attempts, told } = start([unreachable()]);
    link.drop();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(attempts.map(({ atMs }) => Math.round(atMs))).toEqual([500, 1500, 3500, 7500, 15_500]);
    const ending = await session.ended;
    expect(ending).toMatchObject({ exitCode: 6, reason: 'link.lost' });
    expect(ending.message).toBe(
      'The connection was lost, and 5 attempts at a new one failed. Nothing answers.',
    );
    expect(told().filter((type) => type === 'link.lost')).toHaveLength(1);
    expect(told().at(-1)).toBe('session.ended');
  });

  it('is not tried again when the key is refused meanwhile', async () => {
    const refused = new VoxtermError('Bad key.', { code: 'credentials', exitCode: ExitCode.configuration });
    const { link, session, attempts } = start([refused]);
    link.drop();
    await vi.advanceTimersByTimeAsync(600);
    await expect(session.ended).resolves.toMatchObject({ exitCode: 3, message: 'Bad key.' });
    expect(attempts).toHaveLength(1);
  });

  it('is not replaced when the server meant it', async () => {
    const { link, session, attempts } = start([new FakeLink()]);
    link.onClosed(fatal);
    await expect(session.ended).resolves.toMatchObject({ exitCode: 5 });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(attempts).toEqual([]);
  });

  it('is not replaced after the end', async () => {
    const { link, session, attempts } = start([new FakeLink()]);
    link.drop();
    await session.end();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(attempts).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('a server that takes connections and says nothing is given up like one that is not there', async () => {
    const silent = new FakeLink();
    const third = new FakeLink();
    const { link, session, attempts, told } = start([silent, third]);
    link.drop();
    await vi.advanceTimersByTimeAsync(20_600);
    expect(silent.closed).toBe(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(attempts).toHaveLength(2);
    third.open();
    expect(session.state).toBe('listening');
    expect(told().filter((type) => type.startsWith('link.') && type !== 'link.retrying')).toEqual([
      'link.lost',
      'link.restored',
    ]);
  });

  it('one that breaks again and again does not get more than five attempts', async () => {
    const links = Array.from({ length: 6 }, () => new FakeLink());
    const { link, session, attempts } = start(links);
    link.drop();
    for (const replacement of links) {
      await vi.advanceTimersByTimeAsync(9000);
      replacement.open();
      replacement.drop();
    }
    await expect(session.ended).resolves.toMatchObject({ exitCode: 6 });
    expect(attempts).toHaveLength(5);
  });
});

describe('connections that worked', () => {
  it('do not add up to the end of the session; the next one waits longer', async () => {
    const links = Array.from({ length: 12 }, () => new FakeLink());
    const { link, session, attempts } = start(links);
    link.drop();
    for (const replacement of links) {
      await vi.advanceTimersByTimeAsync(8000);
      replacement.open();
      await vi.advanceTimersByTimeAsync(1000);
      if (replacement !== links.at(-1)) replacement.drop();
    }
    expect(session.state).toBe('listening');
    expect(attempts).toHaveLength(12);
    const waits = attempts.slice(1).map(({ atMs }, index) => Math.round(atMs - 9000 * (index + 1)));
    expect(waits).toEqual([1000, 2000, 4000, ...Array.from({ length: 8 }, () => 8000)]);
  });
});

describe('a provider that takes conversations up again', () => {
  const handle = { type: 'resume.handle', handle: 'h1' } as const;

  it('is given the handle, and nothing is told twice', async () => {
    const second = new FakeLink();
    const { link, session, attempts, events } = start([second], { resume: 'handle' });
    session.sendText('Hello?');
    link.receive(
      { type: 'response.created', responseId: 'r1' },
      { type: 'response.done', responseId: 'r1', status: 'completed' },
      handle,
    );
    link.drop();
    await vi.advanceTimersByTimeAsync(500);
    second.open();
    expect(attempts).toMatchObject([{ resume: 'h1' }]);
    expect(second.sentOf('item.create')).toEqual([]);
    expect(events).toContainEqual(expect.objectContaining({ type: 'link.restored', stateRestored: true }));
  });

  it('gets the message that may have been lost on the way once more', async () => {
    const second = new FakeLink();
    const { link, session } = start([second], { resume: 'handle' });
    link.receive(handle);
    session.sendText('Hello?');
    link.drop();
    await vi.advanceTimersByTimeAsync(500);
    second.open();
    expect(second.sentOf('item.create')).toMatchObject([{ item: { text: 'Hello?' } }]);
    expect(second.sentOf('response.create')).toHaveLength(1);
  });

  it('which refuses the handle is asked without it, and told the history', async () => {
    const [second, third] = [new FakeLink(), new FakeLink()];
    const { link, session, attempts, events } = start([second, third], { resume: 'handle' });
    session.sendText('Hello?');
    link.receive(handle);
    link.drop();
    await vi.advanceTimersByTimeAsync(500);
    second.onClosed({ ...fatal, code: 1007 });
    await vi.advanceTimersByTimeAsync(1000);
    third.open();
    expect(attempts.map(({ resume }) => resume)).toEqual(['h1', undefined]);
    expect(third.sentOf('item.create')).toMatchObject([{ item: { text: 'Hello?' } }]);
    expect(events).toContainEqual(expect.objectContaining({ type: 'link.restored', stateRestored: false }));
  });

  it('which refuses the handle with an error is asked without it, too', async () => {
    const [second, third] = [new FakeLink(), new FakeLink()];
    const { link, session, attempts, events } = start([second, third], { resume: 'handle' });
    session.sendText('Hello?');
    link.receive(handle);
    link.drop();
    await vi.advanceTimersByTimeAsync(500);
    const error = {
      type: 'error',
      code: 'not_found',
      message: 'No such session.',
      source: 'provider',
    } as const;
    second.receive({ ...error, fatal: true });
    await vi.advanceTimersByTimeAsync(1000);
    third.open();
    expect(second.closed).toBe(1);
    expect(attempts.map(({ resume }) => resume)).toEqual(['h1', undefined]);
    expect(third.sentOf('item.create')).toMatchObject([{ item: { text: 'Hello?' } }]);
    expect(events).toContainEqual(expect.objectContaining({ type: 'link.restored', stateRestored: false }));
    third.receive({ ...error, fatal: true });
    await expect(session.ended).resolves.toMatchObject({ exitCode: 5 });
  });

  it('which begins another conversation instead has not restored anything', async () => {
    const second = new FakeLink();
    const { link, session, events } = start([second], { resume: 'conversation' });
    session.sendText('Hello?');
    link.receive(handle);
    link.drop();
    await vi.advanceTimersByTimeAsync(500);
    second.receive({ type: 'session.created', sessionId: 's2' }, { type: 'resume.handle', handle: 'h2' });
    second.receive({ type: 'session.updated' });
    expect(second.sentOf('item.create')).toMatchObject([{ item: { text: 'Hello?' } }]);
    expect(events).toContainEqual(expect.objectContaining({ type: 'link.restored', stateRestored: false }));
  });
});

describe('where a lost connection is the end', () => {
  it('it is not replaced, but one that announces its end is', async () => {
    const second = new FakeLink();
    const { link, session, attempts } = start([second], { reconnectDelaysMs: [] });
    link.receive({ type: 'going.away', timeLeftMs: 5000 });
    await vi.advanceTimersByTimeAsync(0);
    second.open();
    expect(attempts).toHaveLength(1);
    second.drop();
    await expect(session.ended).resolves.toMatchObject({ exitCode: 6, message: 'The connection was lost.' });
    expect(attempts).toHaveLength(1);
  });
});

describe('a connection that is going to end', () => {
  it('is left at the next quiet moment: closed first, then replaced at once', async () => {
    const second = new FakeLink();
    const { link, session, attempts, told } = start([second]);
    link.receive({ type: 'response.created', responseId: 'r1' }, { type: 'going.away', timeLeftMs: 10_000 });
    await vi.advanceTimersByTimeAsync(1000);
    expect(link.closed).toBe(0);
    link.receive(
      { type: 'text.done', responseId: 'r1', itemId: 'i1', contentIndex: 0, text: 'Yes.', spoken: false },
      { type: 'response.done', responseId: 'r1', status: 'completed' },
    );
    await vi.advanceTimersByTimeAsync(0);
    expect(link.closed).toBe(1);
    expect(attempts).toHaveLength(1);
    second.open();
    expect(session.state).toBe('listening');
    expect(told()).toEqual(['session.ready', 'link.lost', 'link.restored']);
  });

  it('is left before its time is up, but never in the middle of a call', async () => {
    const second = new FakeLink();
    let finish: (outcome: ToolOutcome) => void = () => {};
    const run = () => new Promise<ToolOutcome>((resolve) => (finish = resolve));
    const tools = {
      specs: [],
      run,
      cancel: () => {},
      approve: () => false,
      reject: () => false,
      close: () => {},
    };
    const { link } = start([second], { tools });
    link.receive(
      { type: 'tool.called', responseId: 'r1', itemId: 'f1', callId: 'c1', name: 'x', arguments: '{}' },
      { type: 'going.away', timeLeftMs: 8000 },
    );
    await vi.advanceTimersByTimeAsync(9000);
    expect(link.closed).toBe(0);
    finish({ kind: 'finished', output: 'ok', durationMs: 1 });
    await vi.advanceTimersByTimeAsync(0);
    expect(link.sentOf('item.create')).toMatchObject([{ item: { kind: 'tool.output' } }]);
    expect(link.closed).toBe(1);
    second.open();
    expect(second.sentOf('item.create').map(({ item }) => item.kind)).toEqual(['tool.call', 'tool.output']);
    expect(second.sentOf('response.create')).toHaveLength(1);
  });

  it('is known to end from what the server said of it', async () => {
    const second = new FakeLink();
    const { link, attempts } = start([second]);
    const expiresAtMs = Date.now() + 600_000;
    link.receive({ type: 'session.updated', expiresAtMs });
    await vi.advanceTimersByTimeAsync(539_000);
    expect(attempts).toEqual([]);
    await vi.advanceTimersByTimeAsync(1500);
    expect(attempts).toHaveLength(1);
  });

  it('an expiry that a wrong clock makes up does not matter', async () => {
    const { link, attempts } = start([new FakeLink()]);
    link.receive({ type: 'session.updated', expiresAtMs: Date.now() - 5000 });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(attempts).toEqual([]);
  });

  it('an expiry told as an error leads to a new connection, not to the end', async () => {
    const second = new FakeLink();
    const { link, session } = start([second]);
    link.receive({
      type: 'error',
      code: 'session_expired',
      message: 'Expired.',
      fatal: true,
      source: 'provider',
      cause: 'expired',
    });
    await vi.advanceTimersByTimeAsync(0);
    second.open();
    expect(session.state).toBe('listening');
  });
});

describe('calls that run while the line is down', () => {
  const call = {
    type: 'tool.called',
    responseId: 'r1',
    itemId: 'f1',
    callId: 'c1',
    name: 'x',
    arguments: '{}',
  } as const;

  function slow() {
    let finish: (outcome: ToolOutcome) => void = () => {};
    const cancelled: string[] = [];
    const run = () => new Promise<ToolOutcome>((resolve) => (finish = resolve));
    const tools = {
      specs: [],
      run,
      cancel: (id: string) => void cancelled.push(id),
      approve: () => false,
      reject: () => false,
      close: () => {},
    };
    return { tools, cancelled, finish: () => finish({ kind: 'finished', output: 'ok', durationMs: 1 }) };
  }

  it('are answered into a connection that was told of them', async () => {
    const second = new FakeLink();
    const { tools, finish } = slow();
    const { link, session } = start([second], { tools });
    link.receive(call);
    link.drop();
    finish();
    await vi.advanceTimersByTimeAsync(500);
    second.open();
    expect(second.sentOf('item.create').map(({ item }) => item.kind)).toEqual(['tool.call', 'tool.output']);
    expect(second.sentOf('response.create')).toHaveLength(1);
    expect(session.history).toMatchObject([{ kind: 'tool', state: 'done', output: 'ok' }]);
  });

  it('are told in words to a new connection that does not know them', async () => {
    const second = new FakeLink();
    const { tools, cancelled, finish } = slow();
    const { link, session } = start([second], { tools, resume: 'handle' });
    link.receive({ type: 'resume.handle', handle: 'h1' });
    session.sendText('How is the weather?');
    link.receive(call);
    link.drop();
    await vi.advanceTimersByTimeAsync(500);
    second.open();
    expect(second.sentOf('item.create')).toEqual([]);
    finish();
    await vi.advanceTimersByTimeAsync(0);
    expect(cancelled).toEqual([]);
    expect(second.sentOf('item.create').map(({ item }) => item)).toMatchObject([
      { kind: 'message', role: 'user', text: 'How is the weather?' },
      { kind: 'message', role: 'user', text: expect.stringMatching(/^\[Tool result of .*: ok\]$/) },
    ]);
    expect(second.sentOf('response.create')).toHaveLength(1);
    expect(session.history).toMatchObject([{ role: 'user' }, { kind: 'tool', state: 'done', output: 'ok' }]);
  });

  it('are cancelled where it takes no words either, and history says so', async () => {
    const second = new FakeLink();
    const { tools, cancelled, finish } = slow();
    const silent = { ...profile, resume: 'handle', typedText: false } as const;
    const { link, session } = start([second], { tools, profile: silent });
    link.receive(call, { type: 'resume.handle', handle: 'h1' });
    link.drop();
    await vi.advanceTimersByTimeAsync(500);
    second.open();
    finish();
    await vi.advanceTimersByTimeAsync(0);
    expect(cancelled).toEqual(['c1']);
    expect(second.sentOf('item.create')).toEqual([]);
    expect(session.history).toMatchObject([{ kind: 'tool', state: 'cancelled' }]);
  });
});

describe('what is said while the line is down', () => {
  it('is sent as soon as there is a connection, the last 30 s of it', async () => {
    const second = new FakeLink();
    const { link, session, events } = start([second]);
    link.drop();
    for (const frame of frames('speech', 40_000)) session.sendAudio(frame);
    await vi.advanceTimersByTimeAsync(500);
    second.open();
    await vi.advanceTimersByTimeAsync(0);
    const sent = second.sentOf('audio.append').reduce((sum, { audio }) => sum + audio.byteLength, 0);
    expect(sent / 48).toBe(30_000);
    expect(warnings(events)).toContainEqual(
      expect.objectContaining({
        code: 'speech.lost',
        message: expect.stringContaining('10 s of what you said'),
      }),
    );
  });

  it('a question that the lost connection had heard only in part is heard once more', async () => {
    const second = new FakeLink();
    const { link, session, told } = start([second]);
    for (const frame of frames('silence', 2000)) session.sendAudio(frame);
    for (const frame of frames('speech', 1000)) session.sendAudio(frame);
    link.receive({ type: 'speech.started', itemId: 'u1' });
    for (const frame of frames('speech', 1000)) session.sendAudio(frame);
    link.drop();
    for (const frame of frames('speech', 400)) session.sendAudio(frame);
    await vi.advanceTimersByTimeAsync(500);
    second.open();
    await vi.advanceTimersByTimeAsync(0);
    const sent = second.sentOf('audio.append').reduce((sum, { audio }) => sum + audio.byteLength, 0) / 48;
    expect(sent).toBeGreaterThanOrEqual(2400);
    expect(sent).toBeLessThan(3200);
    second.receive({ type: 'speech.started', itemId: 'u1' }, { type: 'speech.stopped', itemId: 'u1' });
    await vi.advanceTimersByTimeAsync(6000);
    expect(told()).not.toContain('speech.lost');
  });

  it('so is one whose words had not come, and history has it once', async () => {
    const second = new FakeLink();
    const { link, session } = start([second]);
    for (const frame of frames('silence', 2000)) session.sendAudio(frame);
    for (const frame of frames('speech', 1000)) session.sendAudio(frame);
    link.receive({ type: 'speech.started', itemId: 'u1' });
    for (const frame of frames('silence', 600)) session.sendAudio(frame);
    link.receive({ type: 'speech.stopped', itemId: 'u1' }, { type: 'input.committed', itemId: 'u1' });
    link.drop();
    await vi.advanceTimersByTimeAsync(500);
    second.open();
    await vi.advanceTimersByTimeAsync(0);
    expect(second.sentOf('audio.append').length).toBeGreaterThan(10);
    expect(second.sentOf('response.create')).toEqual([]);
    second.receive({ type: 'speech.started', itemId: 'u1' }, { type: 'speech.stopped', itemId: 'u1' });
    second.receive({ type: 'input.committed', itemId: 'u1' });
    second.receive({ type: 'user.transcript.done', itemId: 'u1', text: 'What time is it?' });
    expect(session.history).toMatchObject([{ role: 'user', text: 'What time is it?' }]);
  });

  it('one whose words are known is asked again in writing, and its sound is not sent again', async () => {
    const second = new FakeLink();
    const { link, session } = start([second]);
    for (const frame of frames('silence', 2000)) session.sendAudio(frame);
    for (const frame of frames('speech', 1000)) session.sendAudio(frame);
    link.receive({ type: 'speech.started', itemId: 'u1' });
    for (const frame of frames('silence', 600)) session.sendAudio(frame);
    link.receive({ type: 'speech.stopped', itemId: 'u1' }, { type: 'input.committed', itemId: 'u1' });
    link.receive({ type: 'user.transcript.done', itemId: 'u1', text: 'What time is it?' });
    link.receive({ type: 'response.created', responseId: 'r1' });
    link.drop();
    await vi.advanceTimersByTimeAsync(500);
    second.open();
    await vi.advanceTimersByTimeAsync(0);
    expect(second.sentOf('audio.append')).toEqual([]);
    expect(second.sentOf('item.create')).toMatchObject([{ item: { text: 'What time is it?' } }]);
    expect(second.sentOf('response.create')).toHaveLength(1);
  });

  it('an answer that was received, but not heard, is asked for again', async () => {
    const second = new FakeLink();
    const sound = new VirtualSound({ outputRateHz: 24_000, pace: 'realtime' });
    const { link, session } = start([second], { sound });
    session.sendText('What time is it?');
    link.receive(
      { type: 'response.created', responseId: 'r1' },
      { type: 'text.delta', responseId: 'r1', ...part, delta: 'It is noon, or nearly so.', spoken: true },
      { type: 'audio.delta', responseId: 'r1', ...part, audio: new Uint8Array(96_000) },
    );
    await vi.advanceTimersByTimeAsync(200);
    link.drop();
    await vi.advanceTimersByTimeAsync(500);
    second.open();
    expect(second.sentOf('item.create')).toMatchObject([{ item: { text: 'What time is it?' } }]);
    expect(second.sentOf('response.create')).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(session.history).toMatchObject([{ role: 'user' }]);
  });

  it('speech of which there is no sound is missed, and that is told', async () => {
    const second = new FakeLink();
    const { link, session, told, events } = start([second]);
    link.receive({ type: 'speech.started', itemId: 'u1' });
    link.drop();
    expect(events.map(({ type }) => type)).toContain('speech.stopped');
    expect(session.state).toBe('reconnecting');
    await vi.advanceTimersByTimeAsync(500);
    second.open();
    await vi.advanceTimersByTimeAsync(0);
    expect(told()).toContain('speech.lost');
    expect(session.state).toBe('listening');
  });

  it('speech that the new connection does not notice is missed, and that is told', async () => {
    const second = new FakeLink();
    const { link, session, told } = start([second]);
    for (const frame of frames('silence', 2000)) session.sendAudio(frame);
    for (const frame of frames('speech', 1000)) session.sendAudio(frame);
    link.receive({ type: 'speech.started', itemId: 'u1' });
    link.drop();
    await vi.advanceTimersByTimeAsync(500);
    second.open();
    await vi.advanceTimersByTimeAsync(4000);
    expect(told()).not.toContain('speech.lost');
    await vi.advanceTimersByTimeAsync(2000);
    expect(told()).toContain('speech.lost');
    expect(session.state).toBe('listening');
  });

  it('our own detector begins anew: the turn begins before its sound', async () => {
    const second = new FakeLink();
    const { link, session } = start([second], { settings: { turnDetection: { type: 'client' } } });
    for (const frame of frames('speech', 600)) session.sendAudio(frame);
    link.drop();
    for (const frame of [...frames('silence', 400), ...frames('speech', 800)]) session.sendAudio(frame);
    await vi.advanceTimersByTimeAsync(500);
    second.open();
    await vi.advanceTimersByTimeAsync(0);
    const types = second.sent.map(({ type }) => type);
    expect(types.indexOf('turn.begin')).toBeGreaterThan(0);
    expect(types.indexOf('turn.begin')).toBeLessThan(types.indexOf('audio.append'));
    for (const frame of frames('silence', 1000)) session.sendAudio(frame);
    expect(second.sentOf('audio.commit')).toHaveLength(1);
  });

  it.each(['client', 'none'] as const)('an open turn that we end (%s) is sent once more', async (type) => {
    const second = new FakeLink();
    const { link, session, told } = start([second], { settings: { turnDetection: { type } } });
    for (const frame of frames('speech', 10_000)) session.sendAudio(frame);
    const before = link.sentOf('audio.append').length;
    expect(before).toBeGreaterThan(490);
    link.drop();
    for (const frame of frames('silence', 200)) session.sendAudio(frame);
    await vi.advanceTimersByTimeAsync(500);
    second.open();
    await vi.advanceTimersByTimeAsync(0);
    for (const frame of frames('silence', 1000)) session.sendAudio(frame);
    if (type === 'none') session.commit();
    expect(second.sentOf('turn.begin')).toHaveLength(1);
    expect(second.sentOf('audio.append').length).toBeGreaterThan(before);
    expect(second.sentOf('audio.commit')).toHaveLength(1);
    expect(told()).not.toContain('speech.lost');
  });

  it('a turn that was closed by hand while the line was down is sent and answered', async () => {
    const second = new FakeLink();
    const { link, session } = start([second], { settings: { turnDetection: { type: 'none' } } });
    for (const frame of frames('speech', 1000)) session.sendAudio(frame);
    link.drop();
    session.commit();
    await vi.advanceTimersByTimeAsync(500);
    second.open();
    await vi.advanceTimersByTimeAsync(0);
    expect(second.sentOf('audio.append')).toHaveLength(50);
    expect(second.sentOf('audio.commit')).toHaveLength(1);
  });

  it.each(['mute', 'device'])('a turn that nothing more will come of (%s) is over', async (why) => {
    const second = new FakeLink();
    const sound = new VirtualSound({ outputRateHz: 24_000, pace: 'instant' });
    const settings = { turnDetection: { type: 'client' } } as const;
    const { link, session } = start([second], { settings, sound });
    link.drop();
    for (const frame of frames('speech', 1000)) session.sendAudio(frame);
    if (why === 'mute') session.setMuted(true);
    else sound.onEvent({ type: 'lost', message: 'gone' });
    await vi.advanceTimersByTimeAsync(500);
    second.open();
    await vi.advanceTimersByTimeAsync(0);
    expect(second.sentOf('audio.commit')).toHaveLength(1);
    expect(session.state).not.toBe('hearing');
  });
});
