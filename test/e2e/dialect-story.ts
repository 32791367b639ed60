import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { openAudio } from '../../src/audio/decode.js';
import { int16Of } from '../../src/audio/samples/pcm16.js';
import type { ModelEvent } from '../../src/contract/events.js';
import type { Ending } from '../../src/contract/exit.js';
import type { HistoryItem } from '../../src/contract/items.js';
import type { SessionEvent } from '../../src/contract/session-events.js';
import type { Provider } from '../../src/providers/provider.js';
import { findProvider } from '../../src/providers/registry.js';
import { startSession } from '../../src/session/start/start.js';
import type { VoiceSession } from '../../src/session/voice-session.js';
import { parseScenario } from '../../src/simulator/scenario/scenario-file.js';
import { type LocalServer, startLocalServer } from '../../src/simulator/server.js';
import type { DialectId } from '../../src/simulator/wire/dialect-ids.js';
import { defineTool } from '../../src/tools/definition/define-tool.js';
import { createToolRunner } from '../../src/tools/tool-runner.js';
import { recording } from './ask-driver.js';
import type { Cast } from './dialect-casts.js';
import { LivingRoom } from './living-room.js';

const key = 'key-of-the-story';
const patienceMs = 15_000;

export async function serveDialect(
  dialect: DialectId,
  scenario: object,
  token: string | null = key,
): Promise<LocalServer> {
  const server = await startLocalServer({
    dialect,
    token,
    scenario: parseScenario(JSON.stringify({ voice: 'tone', ...scenario }), 'story'),
    dialectOptions: { deployments: ['my-realtime', 'my-transcribe'] },
  });
  onTestFinished(() => server.close());
  return server;
}

export interface StoryOptions {
  /** Not the one the server wants. */
  readonly key?: string;
  readonly reconnectDelaysMs?: readonly number[];
  /** How long the tool takes. */
  readonly toolMs?: number;
  /** Whether the model has to wait for it. */
  readonly blocking?: boolean;
}

/** A conversation between the program's own parts and a simulated server, told step by step. */
export class Story {
  readonly events: SessionEvent[] = [];

  private constructor(
    readonly session: VoiceSession,
    readonly room: LivingRoom,
    /** What the codec understood. */
    readonly model: readonly ModelEvent[],
    /** Arguments, call by call. */
    readonly toolCalls: readonly unknown[],
  ) {}

  static async begin(
    cast: Cast,
    { url }: { readonly url: string },
    { key: ownKey = key, reconnectDelaysMs, toolMs = 0, blocking }: StoryOptions = {},
  ): Promise<Story> {
    const provider = await findProvider(cast.provider);
    const model: ModelEvent[] = [];
    const toolCalls: unknown[] = [];
    const getWeather = defineTool({
      name: 'get_weather',
      description: 'The weather of a place.',
      parameters: {
        type: 'object',
        properties: { place: { type: 'string' } },
        required: ['place'],
        additionalProperties: false,
      },
      blocking,
      execute: async (args, { signal }) => {
        toolCalls.push(args);
        await sleep(toolMs, undefined, { signal });
        return { celsius: 18 };
      },
    });
    const rooms: LivingRoom[] = [];
    const session = await startSession({
      provider: overheard(provider, model),
      connection: {
        model: cast.model ?? provider.defaultModel,
        url,
        env: { ...cast.env, [cast.variable]: ownKey },
        options: cast.options ?? {},
      },
      settings: {
        instructions: 'Be brief.',
        turnDetection: { type: 'server', silenceMs: 500 },
        transcription: {},
        ...cast.settings,
      },
      tools: createToolRunner([getWeather], { env: {} }),
      reconnectDelaysMs,
      openSound: async (profile) => {
        const room = new LivingRoom(profile);
        rooms.push(room);
        return room;
      },
    });
    const [room] = rooms;
    if (room === undefined) throw new Error('the sound was never opened');
    const story = new Story(session, room, model, toolCalls);
    session.subscribe((event) => story.events.push(event));
    onTestFinished(async () => void (await session.end()));
    return story;
  }

  /** Speaks the recorded question into the microphone. */
  async ask(): Promise<void> {
    await this.room.say(await question(this.session.profile.inputRateHz));
  }

  async until(what: string, happened: () => boolean): Promise<void> {
    const deadline = performance.now() + patienceMs;
    while (!happened()) {
      if (performance.now() > deadline) {
        const seen = this.events.map(({ type }) => type).filter((type, n, all) => type !== all[n - 1]);
        throw new Error(`waited in vain for ${what}; state ${this.session.state}; seen: ${seen.join(' ')}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  all<Type extends SessionEvent['type']>(type: Type): Extract<SessionEvent, { type: Type }>[] {
    return this.events.filter((event): event is Extract<SessionEvent, { type: Type }> => event.type === type);
  }

  get warnings(): string[] {
    return this.all('warning').map(({ code, message }) => `${code}: ${message}`);
  }

  messages(role: 'user' | 'assistant'): Extract<HistoryItem, { kind: 'message' }>[] {
    return this.session.history.filter(
      (item): item is Extract<HistoryItem, { kind: 'message' }> =>
        item.kind === 'message' && item.role === role,
    );
  }

  get said(): string {
    return this.all('assistant.text.done')
      .map(({ text }) => text)
      .join(' ');
  }

  async end(): Promise<Ending> {
    return this.session.end();
  }

  /** Nothing that the codec could not read, and nothing it does not know but these. */
  expectUnderstood(known: readonly string[] = []): void {
    const names = this.model.flatMap((event) => (event.type === 'other' ? [event.name] : []));
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
    expect(this.model.filter(({ type }) => type === 'error')).toEqual([]);
    expect(this.all('error')).toEqual([]);
  }
}

/** The provider as it is, and everything its codec decodes. */
function overheard(provider: Provider, model: ModelEvent[]): Provider {
  return {
    ...provider,
    codec: (connection) => {
      const codec = provider.codec(connection);
      return {
        ...codec,
        open: () => codec.open(),
        encode: (command) => codec.encode(command),
        decode: (frame) => {
          const events = codec.decode(frame);
          model.push(...events);
          return events;
        },
      };
    },
  };
}

async function question(rateHz: number): Promise<Int16Array> {
  const input = await openAudio(recording('question.wav'), { rateHz, env: {} });
  const parts: Int16Array[] = [];
  for await (const frame of input.frames) parts.push(int16Of(frame).slice());
  const words = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    words.set(part, at);
    at += part.length;
  }
  return words;
}
