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

/** What crosses something of the server's own on its way is refused: a create is sent again, a cancel has become needless. */
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
      await talk.clock.wind(25_000);

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
