import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/contract/commands.js';
import type { ModelEvent } from '../../../src/contract/events.js';
import { createGeminiCodec } from '../../../src/providers/gemini/codec.js';

const flag = fc.boolean();
const text = fc.record({ text: fc.constantFrom('', 'a', 'b c'), finished: flag }, { requiredKeys: ['text'] });
const data = fc.constantFrom('', 'AAA=', 'AAAA', 'AAAAAA==', '!', 'A'.repeat(6000));
const mimeType = fc.constantFrom(
  'audio/pcm;rate=24000',
  'audio/pcm',
  'audio/pcm;rate=16000',
  'audio/mp3',
  'image/png',
);
const part = fc.oneof(
  fc.record({ inlineData: fc.record({ data, mimeType }) }),
  fc.record({ text: fc.constantFrom('w', ''), thought: flag }, { requiredKeys: ['text'] }),
);
const status = fc.constantFrom('IN_PROGRESS', 'IDLE', 'REQUIRES_ACTION');
const serverContent = fc.record(
  {
    modelTurn: fc.record({ parts: fc.array(part, { maxLength: 3 }) }),
    inputTranscription: text,
    outputTranscription: text,
    generationComplete: flag,
    turnComplete: flag,
    interrupted: flag,
    turnCompleteReason: fc.constantFrom('NEED_MORE_INPUT', 'MALFORMED_FUNCTION_CALL', 'BLOCKLIST'),
    interactionStatus: status,
  },
  { requiredKeys: [] },
);
const id = fc.constantFrom('a', 'b', '');
const activity = fc.constantFrom('ACTIVITY_START', 'ACTIVITY_END', 'X');
const message = fc.record(
  {
    setupComplete: fc.constant({}),
    serverContent,
    toolCall: fc.record({
      functionCalls: fc.array(fc.record({ id, name: fc.constantFrom('f', 'g'), args: fc.constant({}) }), {
        maxLength: 2,
      }),
    }),
    toolCallCancellation: fc.record({ ids: fc.array(id, { maxLength: 2 }) }),
    usageMetadata: fc.record({ promptTokenCount: fc.nat(), totalTokenCount: fc.nat() }),
    goAway: fc.constant({ timeLeft: '1s' }),
    voiceActivity: fc.record({ voiceActivityType: activity }),
    interactionStatus: status,
  },
  { requiredKeys: [] },
);

const command: fc.Arbitrary<Command> = fc.constantFrom<Command>(
  { type: 'audio.append', audio: new Uint8Array(4) },
  { type: 'audio.commit' },
  { type: 'audio.clear' },
  { type: 'turn.begin' },
  { type: 'response.create' },
  { type: 'response.cancel' },
  { type: 'item.create', item: { kind: 'message', role: 'user', text: 'x' } },
  { type: 'item.create', item: { kind: 'tool.output', callId: 'a', output: '{}' } },
);

/** Messages of the server in any order and any number of times, between commands of ours. */
const talk = fc.array(fc.oneof({ arbitrary: message, weight: 3 }, { arbitrary: command, weight: 1 }), {
  maxLength: 40,
});

const model = fc.constantFrom(
  'gemini-3.8-live',
  'gemini-3.8-live-extended-thinking',
  'gemini-3.1-flash-live-preview',
  'gemini-2.5-flash-native-audio-latest',
);
const setting = fc.record({ model, byHand: fc.boolean() });
type Setting = { readonly model: string; readonly byHand: boolean };

function run(
  steps: readonly object[],
  { model, byHand }: Setting,
): { events: ModelEvent[]; frames: unknown[] } {
  const codec = createGeminiCodec({ model, env: {} });
  const turnDetection = byHand ? ({ type: 'none' } as const) : undefined;
  codec.encode({ type: 'session.update', settings: { turnDetection, transcription: {} } });
  const events: ModelEvent[] = [];
  const frames: unknown[] = [];
  for (const step of steps) {
    if (isCommand(step)) frames.push(...codec.encode(step).map((frame) => JSON.parse(String(frame))));
    else events.push(...codec.decode(JSON.stringify(step)));
  }
  return { events, frames };
}

function isCommand(step: object): step is Command {
  return 'type' in step;
}

function property(check: (run: { events: ModelEvent[]; frames: unknown[] }) => void): void {
  fc.assert(
    fc.property(talk, setting, (steps, how) => check(run(steps, how))),
    { numRuns: 1500 },
  );
}

describe('whatever the server sends', () => {
  it('at most one reply is open, and every piece belongs to it', () => {
    property(({ events }) => {
      let open: string | undefined;
      const closed = new Set<string>();
      for (const event of events) {
        if (!('responseId' in event)) continue;
        if (event.type === 'text.late') {
          expect(closed.has(event.responseId)).toBe(true);
          continue;
        }
        if (event.type === 'response.created') {
          expect(open).toBeUndefined();
          open = event.responseId;
        }
        expect(event.responseId).toBe(open);
        if (event.type === 'response.done') {
          closed.add(event.responseId);
          open = undefined;
        }
      }
    });
  });

  it('every reply that has started is closed by the end of a turn', () => {
    fc.assert(
      fc.property(talk, setting, (steps, how) => {
        const { events } = run([...steps, { serverContent: { turnComplete: true } }], how);
        const count = (type: ModelEvent['type']) => events.filter((event) => event.type === type).length;
        expect(count('response.done')).toBe(count('response.created'));
      }),
      { numRuns: 1500 },
    );
  });

  it('no id is used twice', () => {
    property(({ events }) => {
      const replies = events.flatMap((event) =>
        event.type === 'response.created' ? [event.responseId] : [],
      );
      expect(new Set(replies).size).toBe(replies.length);
      const items = events.flatMap((event) => {
        if (event.type === 'output.item.added') return [event.item.itemId];
        return event.type === 'tool.called' ? [event.itemId] : [];
      });
      expect(new Set(items).size).toBe(items.length);
    });
  });

  it('every item starts before it gets content, ends once, and gets none afterwards', () => {
    property(({ events }) => {
      const state = new Map<string, 'open' | 'done'>();
      for (const event of events) {
        if (event.type === 'output.item.added') state.set(event.item.itemId, 'open');
        else if (event.type === 'output.item.done' && event.item.kind === 'message') {
          expect(state.get(event.item.itemId)).toBe('open');
          state.set(event.item.itemId, 'done');
        } else if (
          event.type === 'audio.delta' ||
          event.type === 'text.delta' ||
          event.type === 'text.done'
        ) {
          expect(state.get(event.itemId)).toBe('open');
        } else if (event.type === 'text.late') {
          expect(state.get(event.itemId)).toBe('done');
        }
      }
    });
  });

  it("the user's transcripts are complete, and no turn gets text after its end", () => {
    property(({ events }) => {
      const words = new Map<string, string>();
      const over = new Set<string>();
      for (const event of events) {
        if (event.type === 'user.transcript.delta') {
          expect(over.has(event.itemId)).toBe(false);
          words.set(event.itemId, (words.get(event.itemId) ?? '') + event.delta);
        } else if (event.type === 'user.transcript.done') {
          expect(over.has(event.itemId)).toBe(false);
          over.add(event.itemId);
          expect(event.text).toBe(words.get(event.itemId) ?? '');
        }
      }
    });
  });

  it('the activity that we signal starts before it ends', () => {
    property(({ frames }) => {
      let active = false;
      for (const frame of frames) {
        const written = JSON.stringify(frame);
        if (written.includes('activityStart')) {
          expect(active).toBe(false);
          active = true;
        } else if (written.includes('activityEnd')) {
          expect(active).toBe(true);
          active = false;
        }
      }
    });
  });
});
