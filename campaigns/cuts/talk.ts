import { setTimeout as sleep } from 'node:timers/promises';
import type { HistoryItem } from '../../src/contract/items.js';
import type { SessionEvent } from '../../src/contract/session-events.js';
import { findProvider } from '../../src/providers/registry.js';
import { startSession } from '../../src/session/start/start.js';
import type { VoiceSession } from '../../src/session/voice-session.js';
import { parseScenario } from '../../src/simulator/scenario/scenario-file.js';
import { startLocalServer } from '../../src/simulator/server.js';
import { defineTool } from '../../src/tools/definition/define-tool.js';
import { createToolRunner } from '../../src/tools/tool-runner.js';
import type { Cast } from '../../test/e2e/dialect-casts.js';
import { LivingRoom } from '../../test/e2e/living-room.js';
import { Relay } from '../../test/e2e/relay.js';
import type { Cut } from './plan.js';

const key = 'key-of-the-cuts';
const toolMs = 800;
const speakerHaste = 4;
const answer = 'It is eighteen degrees, the sky is clear, and it stays like that until tomorrow. ';
/** As long as any part of a talk may take. */
const patienceMs = 20_000;
/** A talk in which nothing has happened for so long is over. */
const quietMs = 900;

/** What became of the one question of a talk. */
export interface Outcome {
  /** Answers of which something was heard. */
  readonly answers: number;
  /** Answers that were heard to their end. */
  readonly complete: number;
  readonly questions: number;
  readonly toolRuns: number;
  /** Codes of the warnings, but for those of the reconnecting itself. */
  readonly warnings: readonly string[];
  /** Why the talk did not come to its end; undefined where it did. */
  readonly stuck: string | undefined;
}

/** One talk of one question over a line that is cut once. */
export async function playTalk(
  cast: Cast,
  { question, phase, part, downMs }: Cut,
  words: Int16Array,
): Promise<Outcome> {
  const step =
    phase === 'tool'
      ? { tool: { name: 'get_weather', arguments: { place: 'Berlin' } }, afterTool: { said: answer } }
      : { said: answer };
  const scenario = {
    voice: 'tone',
    pace: 8,
    repeat: true,
    turns: [{ heard: 'How is the weather?', ...step }],
  };
  const server = await startLocalServer({
    dialect: cast.dialect,
    token: key,
    scenario: parseScenario(JSON.stringify(scenario), 'cuts'),
    dialectOptions: { deployments: ['my-realtime', 'my-transcribe'] },
  });
  const relay = await Relay.to(server.url);
  let toolRuns = 0;
  const weather = defineTool({
    name: 'get_weather',
    description: 'The weather of a place.',
    parameters: { type: 'object', properties: { place: { type: 'string' } }, additionalProperties: false },
    execute: async (_, { signal }) => {
      toolRuns += 1;
      await sleep(toolMs, undefined, { signal });
      return { celsius: 18 };
    },
  });
  const provider = await findProvider(cast.provider);
  const rooms: LivingRoom[] = [];
  const session = await startSession({
    provider,
    connection: {
      model: cast.model ?? provider.defaultModel,
      url: relay.url,
      env: { ...cast.env, [cast.variable]: key },
      options: cast.options ?? {},
    },
    settings: {
      instructions: 'Be brief.',
      turnDetection: { type: 'server', silenceMs: 500 },
      transcription: {},
      ...cast.settings,
    },
    tools: createToolRunner([weather], { env: {} }),
    reconnectDelaysMs: [50, 100, 200, 400, 800],
    openSound: async (profile) => {
      const room = new LivingRoom({ ...profile, speakerHaste });
      rooms.push(room);
      return room;
    },
  });
  const watch = new Watch(session);
  const [room] = rooms;
  if (room === undefined) throw new Error('the sound was never opened');
  let stuck: string | undefined;
  try {
    if (question === 'typed') session.sendText('How is the weather?');
    const said = question === 'typed' ? Promise.resolve() : room.say(words);
    const longMs = await watch.phaseBegins(phase, room, (words.length / session.profile.inputRateHz) * 250);
    await sleep(longMs * part);
    relay.down = downMs > 0;
    relay.cut();
    await sleep(downMs);
    relay.down = false;
    await said;
    await watch.settled();
  } catch (error) {
    stuck = error instanceof Error ? error.message : String(error);
  }
  const outcome = { ...watch.outcome(), toolRuns, stuck };
  await session.end();
  relay.close();
  await server.close();
  return outcome;
}

/** What happens in a session, and when it has come to rest. */
class Watch {
  private readonly events: SessionEvent[] = [];
  private lastMs = performance.now();

  constructor(private readonly session: VoiceSession) {
    session.subscribe((event) => {
      this.events.push(event);
      this.lastMs = performance.now();
    });
  }

  /** Waits until this part of the talk begins. Returns about how long it takes. */
  async phaseBegins(phase: Cut['phase'], room: LivingRoom, speechMs: number): Promise<number> {
    switch (phase) {
      case 'question':
        return speechMs + 900;
      case 'answer':
        await this.until('the answer', () => room.heardMs > 0);
        return 1200;
      case 'tool':
        await this.until('the tool', () => this.has('tool.started'));
        return toolMs;
    }
  }

  async settled(): Promise<void> {
    await this.until('the new connection', () => this.has('link.restored'));
    await this.until('the end', () => {
      const quiet = performance.now() - this.lastMs >= quietMs;
      return (quiet && this.session.state === 'listening') || this.has('session.ended');
    });
  }

  outcome(): Omit<Outcome, 'toolRuns' | 'stuck'> {
    const messages = this.session.history.filter(isMessage);
    const answers = messages.filter(({ role, text, heardMs }) => {
      return role === 'assistant' && (text !== '' || (heardMs ?? 0) > 0);
    });
    return {
      answers: answers.length,
      complete: answers.filter(({ state }) => state === 'done').length,
      questions: messages.filter(({ role }) => role === 'user').length,
      warnings: this.events.flatMap((event) =>
        event.type === 'warning' && !expected.has(event.code) ? [event.code] : [],
      ),
    };
  }

  private has(type: SessionEvent['type']): boolean {
    return this.events.some((event) => event.type === type);
  }

  private async until(what: string, happened: () => boolean): Promise<void> {
    const deadline = performance.now() + patienceMs;
    while (!happened()) {
      if (performance.now() > deadline) throw new Error(`waited in vain for ${what}, ${this.session.state}`);
      await sleep(10);
    }
  }
}

const expected: ReadonlySet<string> = new Set(['link.retrying', 'setting.ignored', 'text.experimental']);

function isMessage(item: HistoryItem): item is Extract<HistoryItem, { kind: 'message' }> {
  return item.kind === 'message';
}
