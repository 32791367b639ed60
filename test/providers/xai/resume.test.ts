import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ModelEvent } from '../../../src/contract/events.js';
import { xai } from '../../../src/providers/xai/provider.js';
import type { Link } from '../../../src/session/link/link.js';
import { openLink } from '../../../src/session/link/open-link.js';
import { parseScenario } from '../../../src/simulator/scenario/scenario-file.js';
import { startLocalServer } from '../../../src/simulator/server.js';

const scenario = parseScenario(
  JSON.stringify({ voice: 'tone', pace: 'fast', turns: [{ said: 'Noted.' }], repeat: true }),
  'resume',
);

interface Connection {
  readonly link: Link;
  readonly events: ModelEvent[];
  until(type: ModelEvent['type']): Promise<ModelEvent>;
}

/** A connection whose settings are in force. */
async function dial(url: string, resume?: string, reconnecting = false): Promise<Connection> {
  const model = xai.defaultModel;
  const connection = { model, url, env: { XAI_API_KEY: 'key' }, resume, reconnecting };
  const link = await openLink({ provider: xai, connection, profile: xai.profile(model) });
  onTestFinished(() => link.close());
  const events: ModelEvent[] = [];
  link.onEvent = (event) => events.push(event);
  const until = (type: ModelEvent['type']) =>
    vi.waitFor(
      () => {
        const found = events.find((event) => event.type === type);
        if (found === undefined) throw new Error(`no ${type} came`);
        return found;
      },
      { timeout: 5000 },
    );
  await until('session.created');
  link.send({ type: 'session.update', settings: {} });
  await until('session.updated');
  return { link, events, until };
}

async function serve(): Promise<string> {
  const server = await startLocalServer({ dialect: 'xai', token: 'key', scenario });
  onTestFinished(() => server.close());
  return server.url;
}

describe('a resumed conversation', () => {
  it('repeats earlier items without reporting them as new', async () => {
    const url = await serve();
    const first = await dial(url);
    const handle = await first.until('resume.handle');
    const item = { kind: 'message', role: 'user', text: 'The code word is cobalt.' } as const;
    first.link.send({ type: 'item.create', item });
    first.link.send({ type: 'response.create' });
    await first.until('response.done');
    await first.link.close();

    const second = await dial(url, 'handle' in handle ? handle.handle : undefined);
    expect(second.events.find(({ type }) => type === 'resume.handle')).toEqual(handle);
    const told = second.events.map((event) => (event.type === 'other' ? event.name : event.type));
    expect(told).toContain('conversation.item.added');
    expect(told).not.toContain('item.added');
    expect(told).not.toContain('error');
  });

  it('is reported as forgotten if it is', async () => {
    const { events } = await dial(await serve(), 'conv_of_last_week');
    await expect
      .poll(() => events.filter(({ type }) => type === 'error'))
      .toMatchObject([{ code: 'resume.expired', fatal: false }]);
  });

  it('causes no warning if it is replayed', async () => {
    const { events, until } = await dial(await serve(), 'conv_of_the_lost_connection', true);
    await until('session.updated');
    expect(events.filter(({ type }) => type === 'error')).toEqual([]);
  });
});
