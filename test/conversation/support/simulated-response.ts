import type { ModelEvent, PartKey } from '../../../src/contract/events.js';
import { samplesPerMs } from './profiles.js';
import type { Random } from './random.js';

/** One thing a response says, and how long it takes to come up with it. */
interface Step {
  readonly afterMs: number;
  readonly event: ModelEvent;
}

/** Letters per second of the simulated voice. */
export const lettersPerS = 15;

export interface ResponsePlan {
  readonly steps: readonly Step[];
  readonly callIds: readonly string[];
}

/**
 * What a model does with a turn: it speaks, calls tools, or both interleaved. Sound comes faster than it plays, words
 * come before their sound, deltas of a message and of a call mix.
 */
export function planResponse(
  random: Random,
  responseId: string,
  { callTools, firstEventMs }: { callTools: boolean; firstEventMs: number },
): ResponsePlan {
  const speaks = !callTools || random.chance(0.4);
  const message = speaks ? messageEvents(random, responseId) : [];
  const calls = callTools ? callEvents(random, responseId) : [];
  const events = interleave(random, message, calls);
  const callIds = calls.flatMap((event) => (event.type === 'tool.called' ? [event.callId] : []));
  const steps = events.map((event, index) => ({
    afterMs: index === 0 ? firstEventMs : random.between(0, 60),
    event,
  }));
  return { steps, callIds };
}

function messageEvents(random: Random, responseId: string): ModelEvent[] {
  const itemId = `${responseId}-message`;
  const part: PartKey & { responseId: string } = { responseId, itemId, contentIndex: 0 };
  const item = { itemId, kind: 'message', role: 'assistant' } as const;
  const added: ModelEvent = { type: 'output.item.added', responseId, item };
  const done: ModelEvent = { type: 'output.item.done', responseId, item };
  const soundMs = random.between(200, 4000);
  const text = sayable(Math.floor((soundMs * lettersPerS) / 1000));
  if (random.chance(0.1)) {
    const spoken = false;
    return [
      added,
      { type: 'text.delta', ...part, delta: text, spoken },
      { type: 'text.done', ...part, text, spoken },
      done,
    ];
  }
  const words: ModelEvent[] = text
    .split(/(?<= )/)
    .map((delta) => ({ type: 'text.delta', ...part, delta, spoken: true }));
  const sound: ModelEvent[] = [];
  for (let leftMs = soundMs; leftMs > 0; ) {
    const chunkMs = Math.min(leftMs, random.between(50, 600));
    leftMs -= chunkMs;
    sound.push({ type: 'audio.delta', ...part, audio: new Uint8Array(chunkMs * samplesPerMs * 2) });
  }
  // Some voices come all words first.
  const body = random.chance(0.3) ? [...words, ...sound] : interleave(random, words, sound);
  return [
    added,
    ...body,
    { type: 'audio.done', ...part },
    { type: 'text.done', ...part, text, spoken: true },
    done,
  ];
}

function callEvents(random: Random, responseId: string): ModelEvent[] {
  return Array.from({ length: random.between(1, 2) }, (_, index): ModelEvent[] => {
    const callId = `${responseId}-call-${index}`;
    const itemId = `${callId}-item`;
    const item = { itemId, kind: 'tool.call', callId, name: 'weather' } as const;
    return [
      { type: 'output.item.added', responseId, item },
      { type: 'tool.delta', responseId, itemId, callId, delta: '{' },
      { type: 'output.item.done', responseId, item },
      { type: 'tool.called', responseId, itemId, callId, name: 'weather', arguments: '{}' },
    ];
  }).flat();
}

function sayable(letters: number): string {
  return 'every word takes its time and then '.repeat(Math.ceil(letters / 35)).slice(0, letters);
}

function interleave<T>(random: Random, first: readonly T[], second: readonly T[]): T[] {
  const mixed: T[] = [];
  let a = 0;
  let b = 0;
  while (a < first.length || b < second.length) {
    const takeFirst = b >= second.length || (a < first.length && random.chance(0.5));
    const next = takeFirst ? first[a++] : second[b++];
    if (next !== undefined) mixed.push(next);
  }
  return mixed;
}
