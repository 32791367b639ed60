import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AgentSession,
  type AgentSessionEvent,
  type ConnectOptions,
  connect,
} from '../../../src/index.js';

type EventType = AgentSessionEvent['type'];
type EventOf<T extends EventType> = Extract<AgentSessionEvent, { type: T }>;

export interface Talk {
  readonly session: AgentSession;
  readonly events: readonly AgentSessionEvent[];
  /** What went over the wire, one line per message. */
  readonly wire: readonly string[];
  /** The first event of this kind, whenever it comes. */
  event<T extends EventType>(type: T, which?: (event: EventOf<T>) => boolean): Promise<EventOf<T>>;
}

const patienceMs = 10_000;

/** A session with the built-in provider, which plays these turns; it is over when `act` is. */
export async function talk(
  options: ConnectOptions,
  turns: readonly object[],
  act: (talk: Talk) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'agents-sdk-'));
  const scenario = join(folder, 'scenario.json');
  const fallback = { said: 'There is nothing more.' };
  await writeFile(
    scenario,
    JSON.stringify({
      voice: 'tone',
      pace: 'fast',
      turns: turns.length > 0 ? turns : [fallback],
      otherwise: fallback,
    }),
  );
  const wire: string[] = [];
  try {
    await using session = await connect({
      provider: 'local',
      env: {},
      scenario,
      sound: null,
      log: (line) => wire.push(line),
      ...options,
    });
    const events: AgentSessionEvent[] = [];
    const reading = (async () => {
      for await (const event of session) events.push(event);
    })();
    await act({ session, events, wire, event: (type, which) => first(events, type, which) });
    await session.close();
    await reading;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function first<T extends EventType>(
  events: readonly AgentSessionEvent[],
  type: T,
  which: (event: EventOf<T>) => boolean = () => true,
): Promise<EventOf<T>> {
  const isWanted = (event: AgentSessionEvent): event is EventOf<T> =>
    event.type === type && which(event as EventOf<T>);
  for (const endMs = Date.now() + patienceMs; Date.now() < endMs; ) {
    const found = events.find(isWanted);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`no ${type} among ${events.map((event) => event.type).join(', ')}`);
}
