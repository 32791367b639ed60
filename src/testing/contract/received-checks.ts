import type { Command } from '../../contract/commands.js';
import type { ModelEvent } from '../../contract/events.js';
import type { Frame } from '../../contract/frame.js';
import type { Codec } from '../../providers/provider.js';
import { eventFault } from './event-shapes.js';
import { Random } from './random.js';
import { comparable, frameOf, nameField, objectOf, type RecordedStep } from './recorded-session.js';
import { sampleCommands } from './sample-commands.js';
import { shown } from './shape.js';
import type { Subject } from './subject.js';
import { twisted } from './twisted.js';

export function checkReceived(subject: Subject): void {
  const { provider, sessions, steps, seed, runs, runner, codec } = subject;
  const { describe, it, expect } = runner;

  describe(`${provider.id}: frames we get`, () => {
    for (const { name, steps: recorded } of sessions) {
      it(name, () => {
        const fresh = codec();
        for (const step of recorded) {
          const events = decoded(fresh, frameOf(step));
          if (step.events !== undefined) expect(comparable(events)).toEqual(comparable(step.events));
        }
      });
    }

    it('may end anywhere', () => {
      for (const { steps: recorded } of sessions) {
        const fresh = codec();
        for (const step of recorded) {
          const whole = frameOf(step);
          for (let end = 0; end < whole.length; end += 7) {
            const events = decoded(fresh, whole.slice(0, end));
            if (objectOf(step) !== undefined) expect(events.map(kindOf)).toEqual(['error of protocol']);
          }
        }
      }
    });

    it('end the words of a turn once', () => {
      for (const { name, steps: recorded } of sessions) {
        const fresh = codec();
        const final = new Set<string>();
        for (const step of recorded) {
          for (const event of decoded(fresh, frameOf(step))) {
            if (event.type !== 'user.transcript.done') continue;
            expect([name, event.itemId, final.has(event.itemId)]).toEqual([name, event.itemId, false]);
            final.add(event.itemId);
          }
        }
      }
    });

    it('may lack or twist any field', () => {
      for (const step of steps) {
        const fresh = codec();
        for (const value of twisted(objectOf(step) ?? {})) decoded(fresh, JSON.stringify(value));
      }
    });

    it('may be anything at all', () => {
      const random = new Random(seed);
      const fresh = codec();
      for (let run = 0; run < runs; run += 1)
        atSeed(seed, run, () => decoded(fresh, anyFrame(random, steps)));
    });

    it('that are not messages are errors of the protocol', () => {
      for (const frame of ['', '{', 'null', '7', '"text"', '[]', '\0'])
        expect([frame, ...decoded(codec(), frame).map(kindOf)]).toEqual([frame, 'error of protocol']);
    });

    const unknown = subject.unknownFrame ?? unknownFrameOf(steps);
    if (unknown !== undefined) {
      it('that are unknown are passed on', () => {
        expect(decoded(codec(), unknown).map(kindOf)).toEqual(['other']);
      });
    }

    it('and commands in any order give the same every time, whatever other connections do', () => {
      const lives = [seed, seed, seed + 1].map((chance) => ({ random: new Random(chance), codec: codec() }));
      const told: unknown[][] = lives.map(({ codec: fresh }) => [comparable(fresh.open())]);
      for (let run = 0; run < runs / 4; run += 1) {
        for (const [place, life] of lives.entries()) {
          const step = atSeed(seed, run, () => anyStep(life.random, life.codec, steps));
          // The third frame is only interference.
          if (place < 2) told[place]?.push(step);
        }
      }
      expect(told[0]).toEqual(told[1]);
    });
  });
}

/** Decodes, and rejects events that are not part of the contract. */
function decoded(codec: Codec, frame: Frame): readonly ModelEvent[] {
  let events: readonly ModelEvent[];
  try {
    events = codec.decode(frame);
  } catch (cause) {
    throw new Error(`\`decode\` must not throw, for ${shown(frame)}: ${String(cause)}`, { cause });
  }
  if (!Array.isArray(events)) throw new Error(`\`decode\` must return an array, for ${shown(frame)}.`);
  for (const event of events) {
    const fault = eventFault(event);
    if (fault !== undefined) throw new Error(`${fault}, for ${shown(frame)}.`);
  }
  return events;
}

function kindOf(event: ModelEvent): string {
  return event.type === 'error' ? `error of ${event.source}` : event.type;
}

function anyStep(random: Random, codec: Codec, steps: readonly RecordedStep[]): unknown {
  if (steps.length > 0 && random.next() < 0.4) return comparable(decoded(codec, frameOf(random.pick(steps))));
  if (random.next() < 0.2) return comparable(decoded(codec, anyFrame(random, steps)));
  const command: Command = random.pick(sampleCommands);
  return comparable(codec.encode(command));
}

/** Noise, JSON, JSON that looks like the dialect's, and recorded frames with a missing part. */
function anyFrame(random: Random, steps: readonly RecordedStep[]): Frame {
  switch (random.below(steps.length > 0 ? 6 : 3)) {
    case 0:
      return random.text(40);
    case 1:
      return random.bytes(40);
    case 2:
      return JSON.stringify(random.json());
    case 3: {
      const frame = frameOf(random.pick(steps));
      return typeof frame === 'string' ? holed(frame, random) : frame.slice(random.below(frame.length + 1));
    }
    default:
      return JSON.stringify({ ...like(objectOf(random.pick(steps)), random) });
  }
}

function holed(frame: string, random: Random): string {
  const from = random.below(frame.length);
  return frame.slice(0, from) + random.text(3) + frame.slice(from + random.below(20));
}

/** A recorded frame with some of its fields replaced by random values. */
function like(frame: object | undefined, random: Random): object {
  const fields = Object.entries(frame ?? {}).map(([name, value]: [string, unknown]) => [
    name,
    random.next() < 0.5 ? value : random.json(),
  ]);
  return { ...Object.fromEntries(fields), [random.text(4)]: random.json() };
}

/** A recorded frame with another name. */
function unknownFrameOf(steps: readonly RecordedStep[]): string | undefined {
  const frames = steps.map(objectOf).filter((frame) => frame !== undefined);
  if (frames.length === 0) return undefined;
  const field = nameField(steps);
  if (field === undefined) return '{"contractUnknown":{}}';
  return JSON.stringify({
    ...frames.find((frame) => typeof frame[field] === 'string'),
    [field]: 'contract.unknown',
  });
}

function atSeed<Result>(seed: number, run: number, action: () => Result): Result {
  try {
    return action();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${why} (seed ${seed}, run ${run})`, { cause });
  }
}
