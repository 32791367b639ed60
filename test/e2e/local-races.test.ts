import { describe, expect, it } from 'vitest';
import { Random } from '../conversation/support/random.js';
import { LocalTalk, type WireFrame } from './local-talk.js';

const finished = (output: string) => ({ kind: 'finished', output, durationMs: 1 }) as const;

/** Items of this kind that the conversation of the server got, by the call they belong to. */
function callIds(wire: readonly WireFrame[], from: WireFrame['from'], type: string): unknown[] {
  return wire.flatMap(({ from: side, frame }) => {
    const item = frame.item;
    if (side !== from || typeof item !== 'object' || item === null || !('type' in item)) return [];
    const done = from === 'client' || frame.type === 'response.output_item.done';
    return done && item.type === type && 'call_id' in item ? [item.call_id] : [];
  });
}

/** The most responses that were open at a time, by the server's own word and by what it was asked for. */
function mostInFlight(wire: readonly WireFrame[]): number {
  let open = 0;
  let asked = 0;
  let most = 0;
  for (const { from, frame } of wire) {
    if (from === 'client' && frame.type === 'response.create') asked = 1;
    if (frame.type === 'response.created') {
      open += 1;
      asked = 0;
    }
    if (frame.type === 'response.done') open -= 1;
    most = Math.max(most, open + asked);
  }
  return most;
}

/**
 * What crosses something of the server's own on its way is refused: a create is sent again, a cancel has become
 * needless.
 */
const crossed = new Set<unknown>(['conversation_already_has_active_response', 'response_cancel_not_active']);

function refusals(wire: readonly WireFrame[]): unknown[] {
  return wire.flatMap(({ from, frame: { type, error } }) =>
    from === 'server' && type === 'error' && typeof error === 'object' && error !== null && 'code' in error
      ? [error.code]
      : [],
  );
}

describe('a tool result that races a turn of the user', () => {
  const scenario = {
    turns: [
      {
        heard: 'What is the weather in Paris?',
        tools: [
          { name: 'get_weather', arguments: { place: 'Paris' } },
          { name: 'get_time', arguments: {} },
        ],
        say: 'One moment, please.',
        said: 'It is warm in Paris, and it will stay so.',
      },
      { heard: 'And what time is it?', tool: { name: 'get_time', arguments: {} }, said: 'It is noon.' },
      { heard: 'Thanks.', said: 'You are welcome.' },
    ],
    otherwise: { said: 'Yes.' },
  };

  it('never opens two responses nor leaves a call unanswered, in 1,000 timings', async () => {
    for (let seed = 1; seed <= 1000; seed += 1) {
      const random = new Random(seed);
      const slowMs = random.chance(0.5) ? 150 : 20;
      const talk = new LocalTalk({
        scenario,
        latencyMs: () => random.between(1, slowMs),
        tool: () => ({ inMs: random.between(0, 4000), outcome: finished('warm') }),
      });
      talk.speakAt(100);
      talk.speakAt(random.between(1400, 5500));
      talk.speakAt(random.between(7000, 9000));
      await talk.clock.advance(25_000);

      const { wire, conversation } = talk;
      const about = `seed ${seed}`;
      expect(mostInFlight(wire), about).toBe(1);
      expect(refusals(wire).filter((code) => !crossed.has(code))).toEqual([]);
      const called = callIds(wire, 'server', 'function_call');
      expect(called.length, about).toBeGreaterThanOrEqual(2);
      expect(callIds(wire, 'client', 'function_call_output').sort(), about).toEqual(called.sort());
      expect(conversation.state, about).toBe('listening');
      // Whoever spoke last was answered.
      expect(conversation.history.at(-1), about).toMatchObject({ role: 'assistant', state: 'done' });
    }
  }, 120_000);
});

describe('a guardrail that trips', () => {
  const scenario = {
    turns: [
      {
        heard: 'Tell me everything.',
        said: 'It begins with a long preface, goes on with the password of the house, and ends with a list of names.',
      },
    ],
    otherwise: { said: 'I cannot speak about that.' },
  };

  it('lets no later sample be heard, at whichever letter it does, 300 times', async () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = new Random(seed);
      const about = `seed ${seed}`;
      const atLetter = random.between(1, 90);
      const verdictMs = random.between(0, 900);
      let trip: { atMs: number; responseId: string; itemId: string; heard: number } | undefined;
      let letters = 0;
      let waiting = false;
      const talk = new LocalTalk({
        scenario,
        latencyMs: () => random.between(1, 60),
        tool: () => ({ inMs: 0, outcome: finished('') }),
        onEvent: (event, self) => {
          if (event.type !== 'assistant.text.delta') return;
          letters += event.delta.length;
          if (letters < atLetter || waiting) return;
          waiting = true;
          const { responseId, itemId } = event;
          self.at(self.nowMs + verdictMs, () => {
            trip = { atMs: self.nowMs, responseId, itemId, heard: self.renderedOf(itemId) };
            const names = { guardrail: 'secrets', message: 'A secret.', feedback: 'Do not say that.' };
            self.feed({ type: 'guardrail.tripped', responseId, ...names });
          });
        },
      });
      talk.speakAt(100);
      await talk.clock.advance(20_000);

      expect(trip, about).toBeDefined();
      const { atMs = 0, itemId = '', heard = 0 } = trip ?? {};
      expect(talk.played.filter((sound) => sound.itemId === itemId && sound.atMs > atMs)).toEqual([]);
      expect(talk.renderedOf(itemId), about).toBe(0);
      const tripped = talk.events.filter(({ type }) => type === 'guardrail.tripped');
      expect(tripped, about).toHaveLength(1);
      const cut = talk.conversation.history.find((item) => item.itemId === itemId);
      const heardMs = Math.floor(heard / 24);
      if (heardMs > 0) expect(cut, about).toMatchObject({ heardMs, state: 'cut' });
      const told = talk.wire.filter(
        ({ from, frame }) => from === 'client' && JSON.stringify(frame).includes('Do not say that.'),
      );
      expect(told, about).toHaveLength(1);
      expect(talk.conversation.history.at(-1), about).toMatchObject({
        role: 'assistant',
        text: 'I cannot speak about that.',
        state: 'done',
      });
      expect(mostInFlight(talk.wire), about).toBe(1);
    }
  }, 120_000);
});

describe('a handoff in mid-speech', () => {
  const scenario = {
    turns: [
      {
        heard: 'I was charged twice.',
        say: 'That is annoying, I shall connect you with somebody who knows all about it.',
        tool: { name: 'transfer_to_billing', arguments: {} },
        said: 'Billing here. How can I help?',
      },
    ],
    otherwise: { said: 'Yes, I am still here.' },
  };
  const settings = { instructions: 'You are billing.', tools: [] };

  it('keeps history valid whenever the user speaks, 300 times', async () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = new Random(seed);
      const about = `seed ${seed}`;
      const handoff = { from: 'triage', to: 'billing', settings };
      const talk = new LocalTalk({
        scenario,
        agent: 'triage',
        latencyMs: () => random.between(1, 60),
        tool: () => ({
          inMs: random.between(0, 2500),
          outcome: { ...finished('{"assistant":"billing"}'), handoff },
        }),
      });
      talk.speakAt(100);
      if (random.chance(0.7)) talk.speakAt(random.between(1200, 5000));
      await talk.clock.advance(20_000);

      const { wire, conversation, events } = talk;
      const sent = wire.filter(({ from }) => from === 'client').map(({ frame }) => JSON.stringify(frame));
      const update = sent.findIndex((frame) => frame.includes('You are billing.'));
      const output = sent.findIndex((frame) => frame.includes('function_call_output'));
      expect(update, about).toBeGreaterThan(0);
      expect(output, about).toBeGreaterThan(update);
      expect(callIds(wire, 'client', 'function_call_output'), about).toHaveLength(1);
      expect(
        events.filter(({ type }) => type === 'agent.handoff'),
        about,
      ).toHaveLength(1);
      expect(mostInFlight(wire), about).toBe(1);
      const { history } = conversation;
      expect(new Set(history.map(({ itemId }) => itemId)).size, about).toBe(history.length);
      for (const item of history) {
        expect(item.state, about).not.toBe(item.kind === 'tool' ? 'running' : 'pending');
        if (item.kind === 'tool') expect(item.output, about).toBe('{"assistant":"billing"}');
      }
      expect(conversation.state, about).toBe('listening');
      expect(history.at(-1), about).toMatchObject({ role: 'assistant', state: 'done' });
    }
  }, 120_000);
});
