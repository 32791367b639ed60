import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/contract/commands.js';
import type { ModelEvent } from '../../../src/contract/events.js';
import type { Input } from '../../../src/contract/inputs.js';
import type { SessionEventBody } from '../../../src/contract/session-events.js';
import { Conversation } from '../../../src/conversation/conversation.js';
import { fullProfile } from '../support/profiles.js';

/** A call that we take part in, with a clock of its own. */
function attend() {
  const conversation = new Conversation({
    profile: { ...fullProfile, mediaElsewhere: true, truncation: 'server', interruptsItself: true },
    settings: { transcription: {} },
    watchEcho: false,
    reconnects: true,
  });
  const commands: Command[] = [];
  const events: SessionEventBody[] = [];
  const played: string[] = [];
  let nowMs = 0;
  const feed = (input: Input): void => {
    for (const effect of conversation.handle(input, nowMs)) {
      if (effect.type === 'send') commands.push(effect.command);
      else if (effect.type === 'emit') events.push(effect.event);
      else played.push(effect.type);
    }
  };
  const receive = (...received: ModelEvent[]): void => {
    for (const event of received) feed({ type: 'model', event });
  };
  feed({ type: 'link.up' });
  receive({ type: 'session.created', sessionId: 's1' }, { type: 'session.updated' });
  commands.length = 0;
  return {
    conversation,
    commands,
    events,
    played,
    feed,
    receive,
    pass: (ms: number) => {
      nowMs += ms;
      feed({ type: 'tick' });
    },
    said: () => conversation.history.filter((item) => item.kind === 'message' && item.role === 'assistant'),
  };
}

const words = 'One two three four five six seven eight nine ten eleven twelve.';

function answer(itemId = 'a1', responseId = 'r1', text = words): ModelEvent[] {
  const part = { responseId, itemId, contentIndex: 0 };
  return [
    {
      type: 'output.item.added',
      responseId,
      item: { kind: 'message', itemId, role: 'assistant', text: '' },
    },
    { type: 'text.delta', ...part, delta: text, spoken: true },
    { type: 'text.done', ...part, text, spoken: true },
    {
      type: 'output.item.done',
      responseId,
      item: { kind: 'message', itemId, role: 'assistant', text },
    },
  ];
}

const created: ModelEvent = { type: 'response.created', responseId: 'r1' };
const started: ModelEvent = { type: 'output.started', responseId: 'r1' };
const stopped: ModelEvent = { type: 'output.stopped', responseId: 'r1' };
const cleared: ModelEvent = { type: 'output.cleared', responseId: 'r1' };
const done: ModelEvent = { type: 'response.done', responseId: 'r1', status: 'completed' };
const speech: ModelEvent = { type: 'speech.started', itemId: 'u1', audioStartMs: 0 };

describe('what a caller hears', () => {
  it('is an answer that is said when the provider says so, however early its words were complete', () => {
    const call = attend();
    call.receive(created, started, ...answer(), done);
    expect(call.conversation.state).toBe('speaking');
    expect(call.said()).toMatchObject([{ state: 'pending' }]);
    call.pass(4000);
    call.receive(stopped);
    expect(call.conversation.state).toBe('listening');
    expect(call.said()).toMatchObject([{ text: words, state: 'done', heardMs: 4000 }]);
  });

  it('ends where the provider cut it, and nothing but that is remembered', () => {
    const call = attend();
    call.receive(created, started, ...answer(), done);
    call.pass(2000);
    call.receive(speech, cleared, {
      type: 'item.truncated',
      itemId: 'a1',
      contentIndex: 0,
      audioEndMs: 1500,
    });
    const [said] = call.said();
    expect(said).toMatchObject({ state: 'cut', heardMs: 1500 });
    expect(said?.kind === 'message' && words.startsWith(said.text) && said.text.length).toBeGreaterThan(5);
    expect(said?.kind === 'message' && said.text.length).toBeLessThan(words.length);
    expect(call.events).toContainEqual({
      type: 'playback.cleared',
      itemId: 'a1',
      heardMs: 1500,
      receivedMs: 1500,
    });
    expect(call.commands).toEqual([]);
  });

  it('may be cut before its sound is said to be cleared', () => {
    const call = attend();
    call.receive(created, started, ...answer());
    call.pass(1000);
    call.receive(speech, { type: 'item.truncated', itemId: 'a1', contentIndex: 0, audioEndMs: 900 }, cleared);
    call.receive({ ...done, status: 'cancelled' });
    call.pass(2000);
    expect(call.said()).toMatchObject([{ state: 'cut', heardMs: 900 }]);
  });

  it('is measured by the clock where the provider does not say how far it came', () => {
    const call = attend();
    call.receive(created, started, ...answer());
    call.pass(800);
    call.receive(speech, cleared, { ...done, status: 'cancelled' });
    expect(call.said()).toMatchObject([{ state: 'pending' }]);
    call.pass(1000);
    expect(call.said()).toMatchObject([{ state: 'cut', heardMs: 800 }]);
  });

  it('was heard before the item that was cut, and not after it', () => {
    const call = attend();
    call.receive(created, started, ...answer('a1'), ...answer('a2'), ...answer('a3'));
    call.pass(5000);
    call.receive(speech, { type: 'item.truncated', itemId: 'a2', contentIndex: 0, audioEndMs: 1000 });
    expect(call.said()).toMatchObject([
      { itemId: 'a1', state: 'done', text: words },
      { itemId: 'a2', state: 'cut', heardMs: 1000 },
    ]);
  });

  it('is not played here, even when its sound comes', () => {
    const call = attend();
    const audio = new Uint8Array(4800);
    call.receive(created, { type: 'audio.delta', responseId: 'r1', itemId: 'a1', contentIndex: 0, audio });
    expect(call.played).toEqual([]);
    expect(call.events.map(({ type }) => type)).not.toContain('assistant.audio');
  });

  it('begins when its first sound does, for the latency', () => {
    const call = attend();
    call.receive(speech);
    call.pass(1000);
    call.receive({ type: 'speech.stopped', itemId: 'u1' });
    call.pass(400);
    call.receive(created, started, ...answer(), done);
    expect(call.events.find(({ type }) => type === 'response.done')).toMatchObject({
      firstAudioMs: 400,
      heardMs: 400,
    });
  });

  it('falls silent by our order: first no more is said, then what was said is not heard', () => {
    const call = attend();
    call.receive(created, started, ...answer());
    call.feed({ type: 'user.interrupt' });
    expect(call.commands.map(({ type }) => type)).toEqual(['response.cancel', 'output.clear']);
  });

  it('falls silent by our order also when the answer is complete and only still heard', () => {
    const call = attend();
    call.receive(created, started, ...answer(), done);
    call.feed({ type: 'user.text', text: 'Stop' });
    expect(call.commands.map(({ type }) => type).slice(0, 1)).toEqual(['output.clear']);
    call.commands.length = 0;
    call.receive(stopped);
    call.feed({ type: 'user.interrupt' });
    expect(call.commands.map(({ type }) => type)).not.toContain('output.clear');
  });

  it('is stopped by a guardrail', () => {
    const call = attend();
    call.receive(created, started, ...answer());
    call.feed({
      type: 'guardrail.tripped',
      guardrail: 'g',
      responseId: 'r1',
      message: 'said it',
      feedback: 'Do not say it.',
    });
    expect(call.commands.map(({ type }) => type).slice(0, 2)).toEqual(['response.cancel', 'output.clear']);
  });

  it('is taken for heard when the connection is lost and it was complete; the rest counts by the clock', () => {
    const call = attend();
    call.receive(created, started, ...answer(), done);
    const ending = { exitCode: 6, reason: 'link.lost' } as const;
    call.pass(500);
    call.feed({ type: 'link.lost', code: 1006, reason: '', ending, retrying: true });
    expect(call.said()).toMatchObject([{ state: 'done', text: words }]);
  });

  it('is settled when the session ends', () => {
    const call = attend();
    call.receive(created, started, ...answer());
    call.pass(700);
    call.feed({ type: 'end', ending: { exitCode: 0, reason: 'quit' } });
    expect(call.said()).toMatchObject([{ state: 'cut', heardMs: 700 }]);
  });
});
