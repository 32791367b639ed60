import { builtInStages } from '../../src/engines/built-in.js';
import type { Stages } from '../../src/engines/core/stages.js';
import { toneVoice } from '../../src/engines/speak/tones.js';
import type { NewId } from '../../src/simulator/core/ids.js';
import { openaiInterpreter } from '../../src/simulator/dialects/openai/dialect.js';
import { parseScenario } from '../../src/simulator/scenario/scenario-file.js';
import { paceOf, scenarioStages } from '../../src/simulator/scenario/scenario-script.js';
import {
  RealtimeSession,
  type RealtimeSessionOptions,
} from '../../src/simulator/session/realtime-session.js';
import { FakeClock, settle } from './fake-clock.js';

/** A server event as a client reads it. */
export interface Received {
  readonly type: string;
  readonly event_id: string;
  readonly [field: string]: unknown;
}

export interface DriverOptions {
  readonly scenario?: Readonly<Record<string, unknown>>;
  readonly stages?: Partial<Stages>;
  readonly model?: string;
  readonly limitS?: number;
  /** Where ids begin to count; another connection of the same conversation begins higher. */
  readonly firstId?: number;
  /** How much later than other drivers' this one's clock begins. */
  readonly clockAheadMs?: number;
  readonly interpreter?: RealtimeSessionOptions['interpreter'];
}

/** One session without a socket, with a fake clock. */
export class SessionDriver {
  readonly clock: FakeClock;
  readonly frames: string[] = [];
  readonly session: RealtimeSession;
  closed: { code: number; reason: string } | undefined;
  private ids: number;

  constructor({
    scenario,
    stages = {},
    model = 'gpt-realtime-2.1',
    limitS,
    interpreter = openaiInterpreter,
    firstId = 0,
    clockAheadMs = 0,
  }: DriverOptions = {}) {
    this.clock = new FakeClock(clockAheadMs);
    this.ids = firstId;
    const newId: NewId = (prefix) => {
      this.ids += 1;
      return `${prefix}_${this.ids}`;
    };
    const script =
      scenario === undefined
        ? undefined
        : parseScenario(JSON.stringify({ voice: 'tone', ...scenario }), 'test');
    const base =
      script === undefined ? builtInStages(toneVoice) : scenarioStages(script, toneVoice, newId, this.clock);
    this.session = new RealtimeSession({
      model,
      limitS,
      interpreter,
      newId,
      clock: this.clock,
      language: undefined,
      pace: paceOf(script) ?? 5,
      stages: { ...base, ...stages },
      wire: {
        send: (frame) =>
          void this.frames.push(typeof frame === 'string' ? frame : Buffer.from(frame).toString()),
        close: (code, reason) => {
          this.closed = { code, reason };
        },
      },
    });
    this.session.start();
  }

  /** Everything received that is JSON, in order. */
  get events(): Received[] {
    return this.frames.flatMap((frame) => {
      const value: unknown = tryParse(frame);
      return isReceived(value) ? [value] : [];
    });
  }

  get types(): string[] {
    return this.events.map(({ type }) => type);
  }

  /** Forgets what was received so far. */
  forget(): void {
    this.frames.length = 0;
  }

  all(type: string): Received[] {
    return this.events.filter((event) => event.type === type);
  }

  /** The last event of this type. */
  last(type: string): Received {
    const found = this.all(type).at(-1);
    if (found === undefined) throw new Error(`no ${type} among ${this.types.join(', ')}`);
    return found;
  }

  /** The error of the last `error` event. */
  get error(): Record<string, unknown> {
    return record(this.last('error').error);
  }

  send(...requests: object[]): void {
    for (const request of requests) this.session.receive(JSON.stringify(request));
  }

  update(session: object): void {
    this.send({ type: 'session.update', session: { type: 'realtime', ...session } });
  }

  type(text: string): void {
    this.send({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
    });
  }

  /** Sound arrives in 20 ms appends, as from a microphone. */
  async hear(samples: Int16Array, chunkSamples = 480): Promise<void> {
    for (let from = 0; from < samples.length; from += chunkSamples) {
      const bytes = Buffer.from(samples.slice(from, from + chunkSamples).buffer);
      this.send({ type: 'input_audio_buffer.append', audio: bytes.toString('base64') });
    }
    await settle();
  }

  /** Speaks, and is then silent long enough for the turn to end. */
  async speak(speechMs = 1000, silenceMs = 800): Promise<void> {
    await this.hear(join(silence(300), noisySpeech(speechMs), silence(silenceMs)));
  }

  /** A typed turn, answered to the end. */
  async ask(text: string, response: object = {}): Promise<void> {
    this.type(text);
    this.send({ type: 'response.create', response });
    await this.clock.advance(60_000);
  }
}

export function silence(ms: number, rateHz = 24_000): Int16Array {
  return new Int16Array((ms * rateHz) / 1000);
}

/** Loud enough to count as speech: a buzz whose pitch glides and whose loudness moves four times a second. */
export function noisySpeech(ms: number, rateHz = 24_000): Int16Array {
  return Int16Array.from({ length: (ms * rateHz) / 1000 }, (_, n) => {
    const syllable = 0.51 + 0.49 * Math.sin((2 * Math.PI * 4 * n) / rateHz);
    const angle = 2 * Math.PI * (220 * (n / rateHz) - 2 * Math.cos((2 * Math.PI * 2 * n) / rateHz));
    const buzz = Math.sin(angle) + 0.5 * Math.sin(3 * angle);
    return Math.round(8000 * syllable * buzz);
  });
}

export function join(...parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null)
    throw new Error(`${JSON.stringify(value)} is not an object`);
  return { ...value };
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isReceived(value: unknown): value is Received {
  return typeof value === 'object' && value !== null && 'type' in value && 'event_id' in value;
}
