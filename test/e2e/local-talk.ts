import assert from 'node:assert/strict';
import type { Effect } from '../../src/contract/effects.js';
import type { Input, RenderedPart, ToolOutcome } from '../../src/contract/inputs.js';
import type { SessionEventBody } from '../../src/contract/session-events.js';
import type { SessionSettings } from '../../src/contract/settings.js';
import { Conversation } from '../../src/conversation/conversation.js';
import { toneVoice } from '../../src/engines/speak/tones.js';
import { openai } from '../../src/providers/openai/provider.js';
import { openaiInterpreter } from '../../src/simulator/dialects/openai/dialect.js';
import { parseScenario } from '../../src/simulator/scenario/scenario-file.js';
import { scenarioStages } from '../../src/simulator/scenario/scenario-script.js';
import { RealtimeSession } from '../../src/simulator/session/realtime-session.js';
import { FakeClock } from '../simulator/fake-clock.js';
import { noisySpeech, silence } from '../simulator/session-driver.js';

const model = 'gpt-realtime-2.1';
const profile = openai.profile(model);
const tickMs = 100;
const reportMs = 50;

interface Playing extends RenderedPart {
  readonly received: number;
}

/** What the client asked for and the server said, one after the other. */
export interface WireFrame {
  readonly from: 'client' | 'server';
  readonly frame: Readonly<Record<string, unknown>>;
}

export interface LocalTalkOptions {
  readonly scenario: object;
  readonly settings?: SessionSettings;
  readonly agent?: string;
  /** What a tool says, and when; undefined keeps it for ever. */
  readonly tool: (name: string, callId: string) => { readonly inMs: number; readonly outcome: ToolOutcome };
  /** How long a message is on its way, in milliseconds; they never overtake each other. */
  readonly latencyMs: () => number;
  readonly onEvent?: (event: SessionEventBody, talk: LocalTalk) => void;
}

/**
 * The scripted provider, its codec and the heart, without sockets, on one fake clock: a thousand talks in seconds, each
 * with the timing of its test.
 */
export class LocalTalk {
  readonly clock = new FakeClock();
  readonly events: SessionEventBody[] = [];
  readonly wire: WireFrame[] = [];
  /** In order of time: what the player was told, and what it rendered by then. */
  readonly played: { readonly atMs: number; readonly itemId: string }[] = [];
  readonly conversation: Conversation;
  private readonly codec = openai.codec({ model, env: {} });
  private readonly server: RealtimeSession;
  private readonly startedAtMs: number;
  private queue: Playing[] = [];
  private renderedUntilMs = 0;
  private readonly arrivesAtMs = { up: 0, down: 0 };
  private readonly inputs: Input[] = [];
  private working = false;

  constructor(private readonly options: LocalTalkOptions) {
    this.startedAtMs = this.clock.nowMs();
    let ids = 0;
    const newId = (prefix: string): string => {
      ids += 1;
      return `${prefix}_${ids}`;
    };
    const scenario = parseScenario(JSON.stringify({ voice: 'tone', ...options.scenario }), 'races');
    this.server = new RealtimeSession({
      model,
      limitS: undefined,
      interpreter: openaiInterpreter,
      newId,
      clock: this.clock,
      language: undefined,
      pace: 5,
      stages: scenarioStages(scenario, toneVoice, newId, this.clock),
      wire: { send: (frame) => this.travel('down', () => this.receive(String(frame))), close: () => {} },
    });
    this.conversation = new Conversation({
      profile,
      settings: {
        turnDetection: { type: 'server', silenceMs: 300 },
        transcription: {},
        ...options.settings,
      },
      watchEcho: false,
      ...(options.agent === undefined ? {} : { agent: options.agent }),
    });
    this.feed({ type: 'link.up' });
    this.server.start();
    this.every(tickMs, () => this.feed({ type: 'tick' }));
    this.every(reportMs, () => this.report());
  }

  get nowMs(): number {
    return this.clock.nowMs() - this.startedAtMs;
  }

  /** The user says something, beginning then. */
  speakAt(atMs: number, speechMs = 500): void {
    const stepMs = 100;
    const sound = [noisySpeech(speechMs), silence(500)];
    let dueMs = atMs;
    for (const part of sound) {
      for (let from = 0; from < part.length; from += stepMs * 24) {
        const chunk = part.slice(from, from + stepMs * 24);
        const audio = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
        this.at(dueMs, () => this.send({ type: 'audio.append', audio }));
        dueMs += stepMs;
      }
    }
  }

  at(atMs: number, run: () => void): void {
    this.clock.after(Math.max(0, atMs - this.nowMs), run);
  }

  feed(input: Input): void {
    this.inputs.push(input);
    if (this.working) return;
    this.working = true;
    for (let next = this.inputs.shift(); next !== undefined; next = this.inputs.shift()) {
      for (const effect of this.conversation.handle(next, this.nowMs)) this.run(effect);
    }
    this.working = false;
  }

  /** How much of an item was rendered, in samples. */
  renderedOf(itemId: string): number {
    this.render();
    return this.queue.find((part) => part.itemId === itemId)?.samples ?? 0;
  }

  private run(effect: Effect): void {
    switch (effect.type) {
      case 'send':
        this.send(effect.command);
        break;
      case 'play': {
        this.render();
        this.played.push({ atMs: this.nowMs, itemId: effect.itemId });
        const samples = effect.audio.byteLength >> 1;
        const known = this.queue.findIndex(
          ({ itemId, contentIndex }) => itemId === effect.itemId && contentIndex === effect.contentIndex,
        );
        const part = this.queue[known];
        if (part !== undefined) this.queue[known] = { ...part, received: part.received + samples };
        else {
          const { itemId, contentIndex } = effect;
          this.queue.push({ itemId, contentIndex, samples: 0, received: samples });
        }
        break;
      }
      case 'playback.clear': {
        this.render();
        const parts = this.queue.map(({ received: _received, ...part }) => part);
        this.queue = [];
        this.feed({ type: 'playback.cleared', epoch: effect.epoch, parts });
        break;
      }
      case 'tool.run': {
        const { inMs, outcome } = this.options.tool(effect.name, effect.callId);
        this.at(this.nowMs + inMs, () => this.feed({ type: 'tool.ended', callId: effect.callId, outcome }));
        break;
      }
      case 'emit':
        this.events.push(effect.event);
        this.options.onEvent?.(effect.event, this);
        break;
      default:
        break;
    }
  }

  private send(command: Parameters<typeof this.codec.encode>[0]): void {
    for (const frame of this.codec.encode(command)) {
      if (command.type !== 'audio.append') this.note('client', String(frame));
      this.travel('up', () => this.server.receive(frame));
    }
  }

  private travel(way: 'up' | 'down', arrive: () => void): void {
    this.arrivesAtMs[way] = Math.max(this.arrivesAtMs[way], this.nowMs + this.options.latencyMs());
    this.at(this.arrivesAtMs[way], arrive);
  }

  private receive(frame: string): void {
    this.note('server', frame);
    for (const event of this.codec.decode(frame)) this.feed({ type: 'model', event });
  }

  private note(from: WireFrame['from'], frame: string): void {
    const value: unknown = JSON.parse(frame);
    assert(typeof value === 'object' && value !== null);
    this.wire.push({ from, frame: { ...value } });
  }

  private report(): void {
    if (this.queue.length === 0) return;
    this.render();
    this.feed({ type: 'playback.rendered', parts: this.queue.map(({ received: _, ...part }) => part) });
  }

  private render(): void {
    let room = Math.floor((this.nowMs - this.renderedUntilMs) * (profile.outputRateHz / 1000));
    this.renderedUntilMs = this.nowMs;
    this.queue = this.queue.map((part) => {
      const samples = Math.min(room, part.received - part.samples);
      room -= samples;
      return { ...part, samples: part.samples + samples };
    });
  }

  private every(periodMs: number, run: () => void): void {
    this.clock.after(periodMs, () => {
      run();
      this.every(periodMs, run);
    });
  }
}
