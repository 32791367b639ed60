import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { VirtualSound } from '../../src/audio/virtual-sound.js';
import type { ToolOutcome } from '../../src/contract/inputs.js';
import type { SessionEvent } from '../../src/contract/session-events.js';
import { Session } from '../../src/session/session.js';
import type { SessionParts } from '../../src/session/session-parts.js';
import type { ToolRunner } from '../../src/tools/definition/tool.js';
import { FakeLink, profile } from './fake-link.js';

const part = { itemId: 'a1', contentIndex: 0 };

function pcm(ms: number): Uint8Array {
  return new Uint8Array((profile.outputRateHz * ms * 2) / 1000);
}

function noTools(): ToolRunner {
  return {
    specs: [],
    run: async () => ({ kind: 'finished', output: 'ok', durationMs: 1 }),
    cancel: () => {},
    approve: () => false,
    reject: () => false,
    close: () => {},
  };
}

function start(parts: Partial<SessionParts> = {}) {
  const link = new FakeLink();
  const session = new Session({
    profile,
    settings: {},
    link,
    sound: null,
    tools: noTools(),
    watchEcho: true,
    audioInEvents: false,
    now: () => performance.now(),
    ...parts,
  });
  const events: SessionEvent[] = [];
  session.subscribe((event) => events.push(event));
  return { link, session, events, types: () => events.map(({ type }) => type) };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('Session', () => {
  it('sends its settings first and is ready when the server confirms them', async () => {
    const { link, session, types } = start({ settings: { voice: 'marin' } });
    link.receive({ type: 'session.created', sessionId: 's1' });
    expect(link.sent).toMatchObject([{ type: 'session.update', settings: { voice: 'marin' } }]);
    expect(session.state).toBe('connecting');
    link.receive({ type: 'session.updated' });
    await session.ready;
    expect(types()).toEqual(['session.ready']);
    expect(session.state).toBe('listening');
  });

  it('tells what will not be as asked before anything else', () => {
    const notes = [{ code: 'tools.unavailable', message: 'No tools.', hint: 'Choose another model.' }];
    const { link, events } = start({ notes });
    link.open();
    link.receive({ type: 'speech.started' });
    expect(events).toMatchObject([
      { type: 'session.ready' },
      { type: 'warning', code: 'tools.unavailable', message: 'No tools.', hint: 'Choose another model.' },
      { type: 'speech.started' },
    ]);
  });

  it('keeps events for the first subscriber', () => {
    const link = new FakeLink();
    const session = new Session({
      profile,
      settings: {},
      link,
      sound: null,
      tools: noTools(),
      watchEcho: false,
      audioInEvents: false,
      now: () => 0,
    });
    link.open();
    const seen: string[] = [];
    session.subscribe(({ type }) => seen.push(type));
    expect(seen).toEqual(['session.ready']);
  });

  it('gives up when the server connects but never becomes ready', async () => {
    const { session } = start();
    await vi.advanceTimersByTimeAsync(21_000);
    await expect(session.ended).resolves.toMatchObject({ exitCode: 6, reason: 'not.ready' });
  });

  it('truncates at what a real-time speaker had rendered when the user began to speak', () => {
    const sound = new VirtualSound({ outputRateHz: 24_000, pace: 'realtime' });
    const { link, types } = start({ sound });
    link.open();
    link.receive({ type: 'response.created', responseId: 'r1' });
    link.receive({ type: 'audio.delta', responseId: 'r1', ...part, audio: pcm(2000) });
    vi.advanceTimersByTime(500);
    link.receive({ type: 'speech.started' });
    expect(types()).toContain('playback.cleared');
    const [truncate] = link.sentOf('item.truncate');
    expect(truncate?.itemId).toBe('a1');
    expect(truncate?.audioEndMs).toBeGreaterThanOrEqual(480);
    expect(truncate?.audioEndMs).toBeLessThanOrEqual(500);
  });

  it('runs a tool and asks for one answer with its result', async () => {
    const { link, types } = start();
    link.open();
    link.receive(
      { type: 'response.created', responseId: 'r1' },
      {
        type: 'tool.called',
        responseId: 'r1',
        itemId: 'f1',
        callId: 'c1',
        name: 'get_time',
        arguments: '{}',
      },
      { type: 'response.done', responseId: 'r1', status: 'completed' },
    );
    await vi.advanceTimersByTimeAsync(0);
    expect(types()).toContain('tool.finished');
    expect(link.sentOf('item.create')).toMatchObject([
      { item: { kind: 'tool.output', callId: 'c1', output: 'ok' } },
    ]);
    expect(link.sentOf('response.create')).toHaveLength(1);
  });

  it('keeps the order of effects when the player answers at once', () => {
    const sound = new VirtualSound({ outputRateHz: 24_000, pace: 'realtime' });
    const { link, session, types } = start({ sound });
    link.open();
    link.receive({ type: 'audio.delta', responseId: 'r1', ...part, audio: pcm(1000) });
    vi.advanceTimersByTime(100);
    session.sendText('stop');
    const cleared = types().indexOf('playback.cleared');
    expect(cleared).toBeGreaterThan(types().indexOf('user.transcript.done'));
    expect(link.sentOf('response.cancel')).toMatchObject([{ responseId: 'r1' }]);
    expect(link.sentOf('response.create')).toHaveLength(0);
    link.receive({ type: 'response.done', responseId: 'r1', status: 'cancelled' });
    expect(link.sentOf('response.create')).toHaveLength(1);
  });

  it('puts samples into events only when asked', () => {
    const { link, events } = start({ audioInEvents: true });
    link.open();
    link.receive({ type: 'audio.delta', responseId: 'r1', ...part, audio: new Uint8Array([1, 2, 3, 4]) });
    expect(events.find(({ type }) => type === 'assistant.audio')).toMatchObject({
      bytes: 4,
      audio: 'AQIDBA==',
    });
    const other = start();
    other.link.open();
    other.link.receive({ type: 'audio.delta', responseId: 'r1', ...part, audio: new Uint8Array(4) });
    expect(other.events.find(({ type }) => type === 'assistant.audio')).not.toHaveProperty('audio');
  });

  it('a lost connection ends the session in order, with code 6', async () => {
    const closed: string[] = [];
    const { link, session, types } = start({
      closeAlso: async () => void closed.push('server'),
      tools: { ...noTools(), close: () => void closed.push('tools') },
    });
    link.open();
    link.drop();
    await expect(session.ended).resolves.toMatchObject({ exitCode: 6 });
    expect(types().slice(-2)).toEqual(['link.lost', 'session.ended']);
    expect(closed).toEqual(['tools', 'server']);
  });

  it('goes on in writing when the sound device is gone for good', () => {
    const sound = new VirtualSound({ outputRateHz: 24_000, pace: 'realtime' });
    const { link, session, events } = start({ sound });
    link.open();
    sound.onEvent({ type: 'failed', message: 'No device.', hint: 'Plug one in.' });
    expect(events.slice(-2)).toMatchObject([
      { type: 'warning', code: 'device.lost', message: 'No device.' },
      { type: 'warning', code: 'device.failed', hint: 'Plug one in.' },
    ]);
    expect(session.sound).toBeNull();
    link.receive(
      { type: 'text.delta', responseId: 'r1', ...part, delta: 'Hello.', spoken: true },
      { type: 'audio.delta', responseId: 'r1', ...part, audio: pcm(100) },
      { type: 'audio.done', responseId: 'r1', ...part },
      { type: 'response.done', responseId: 'r1', status: 'completed' },
    );
    expect(session.state).toBe('listening');
    expect(session.history).toMatchObject([{ text: 'Hello.', state: 'done', heardMs: 100 }]);
  });

  it('an answer that was being played when the device failed does not hang the session', () => {
    const sound = new VirtualSound({ outputRateHz: 24_000, pace: 'realtime' });
    const { link, session } = start({ sound });
    link.open();
    link.receive(
      { type: 'audio.delta', responseId: 'r1', ...part, audio: pcm(1000) },
      { type: 'response.done', responseId: 'r1', status: 'completed' },
    );
    sound.onEvent({ type: 'failed', message: 'No device.', hint: '' });
    vi.advanceTimersByTime(1000);
    expect(session.state).toBe('listening');
  });

  it('ends once, however often it is asked to', async () => {
    const { link, session, types } = start();
    link.open();
    await Promise.all([session.end(), session.end({ exitCode: 8, reason: 'limit' })]);
    expect(link.closed).toBe(1);
    expect(types().filter((type) => type === 'session.ended')).toHaveLength(1);
    await expect(session.ended).resolves.toMatchObject({ exitCode: 0 });
  });

  it('a tool that ends after the session does no harm', async () => {
    let finish: (outcome: ToolOutcome) => void = () => {};
    const run = () =>
      new Promise<ToolOutcome>((resolve) => {
        finish = resolve;
      });
    const { link, session, types } = start({ tools: { ...noTools(), run } });
    link.open();
    link.receive({
      type: 'tool.called',
      responseId: 'r1',
      itemId: 'f1',
      callId: 'c1',
      name: 'x',
      arguments: '{}',
    });
    await session.end();
    finish({ kind: 'finished', output: 'late', durationMs: 1 });
    await vi.advanceTimersByTimeAsync(0);
    expect(types()).toContain('tool.cancelled');
    expect(types().at(-1)).toBe('session.ended');
  });
});
