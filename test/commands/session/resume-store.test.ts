import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connect } from '../../../src/commands/session/open-session.js';
import { remembering } from '../../../src/commands/session/resume-store.js';
import { resolveSettings } from '../../../src/config/load.js';
import type { Settings } from '../../../src/config/settings.js';
import { openai } from '../../../src/providers/openai/provider.js';
import type { Provider } from '../../../src/providers/provider.js';
import { volcengine } from '../../../src/providers/volcengine/provider.js';
import { startSession } from '../../../src/session/start/start.js';
import { directoryWith, environmentIn } from '../../config/files.js';
import { ScriptedServer } from '../../session/scripted-server.js';

const created = (id: string) => JSON.stringify({ type: 'session.created', session: { id } });

function place() {
  const directory = directoryWith();
  const path = join(directory, 'voxterm', 'conversations.json');
  return {
    path,
    settings: (bot: string | undefined, more: Partial<Settings> = {}) => ({
      model: volcengine.defaultModel,
      options: { bot },
      url: undefined,
      env: { HOME: directory, XDG_STATE_HOME: directory },
      ...more,
    }),
    write: (text: string) => {
      mkdirSync(join(directory, 'voxterm'));
      writeFileSync(path, text);
    },
  };
}

type TestSettings = ReturnType<ReturnType<typeof place>['settings']>;

/** One run of the program: what it continues, after which the server names its session. */
function run(settings: TestSettings, sessionId: string): string | undefined {
  const { provider, resume } = remembering(volcengine, settings, undefined);
  provider.codec(settings).decode(created(sessionId));
  return resume;
}

describe('remembering', () => {
  it('continues what the last run ended with', () => {
    const { settings } = place();
    expect(run(settings('bot-1'), 'sess_1')).toBeUndefined();
    expect(run(settings('bot-1'), 'sess_2')).toBe('sess_1');
    expect(run(settings('bot-1'), 'sess_3')).toBe('sess_2');
  });

  it('keeps bots and servers apart', () => {
    const { settings } = place();
    run(settings('bot-1'), 'sess_1');
    expect(run(settings('bot-2'), 'sess_2')).toBeUndefined();
    expect(run(settings('bot-1', { url: 'ws://localhost:1/v1' }), 'sess_3')).toBeUndefined();
    expect(run(settings('bot-1'), 'sess_4')).toBe('sess_1');
  });

  it('begins anew when told so, and continues that', () => {
    const { settings } = place();
    run(settings('bot-1'), 'sess_1');
    expect(run(settings('bot-1', { newConversation: true }), 'sess_2')).toBeUndefined();
    expect(run(settings('bot-1'), 'sess_3')).toBe('sess_2');
  });

  it('is readable for nobody else, and leaves no draft behind', () => {
    const { settings, path } = place();
    run(settings('bot-1'), 'sess_1');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(path, '..'))).toEqual(['conversations.json']);
    expect(readFileSync(path, 'utf8')).not.toContain('KEY');
  });

  it.each(['{', '[]', '{"volcengine bot-1":7}', '{"volcengine bot-1":{"handle":""}}'])(
    'says that it cannot read %s, and goes on',
    (text) => {
      const { settings, write } = place();
      write(text);
      const { provider, resume } = remembering(volcengine, settings('bot-1'), undefined);
      expect(resume).toBeUndefined();
      expect(provider.notes?.({}, settings('bot-1'))).toMatchObject([
        { code: 'conversation.memory-unreadable' },
      ]);
      provider.codec(settings('bot-1')).decode(created('sess_1'));
      expect(run(settings('bot-1'), 'sess_2')).toBe('sess_1');
    },
  );

  it('talks on where nothing can be written', () => {
    const log: string[] = [];
    const file = join(directoryWith({ file: '' }), 'file');
    const settings = { ...place().settings('bot-1'), env: { XDG_STATE_HOME: file } };
    const { provider } = remembering(volcengine, settings, (line) => log.push(line));
    expect(provider.codec(settings).decode(created('sess_1'))).toHaveLength(2);
    expect(log).toEqual([expect.stringContaining('cannot be remembered')]);
  });

  it('leaves providers alone whose conversations end with the program', () => {
    const { settings } = place();
    expect(remembering(openai, { ...settings(undefined), model: 'm' }, undefined).provider).toBe(openai);
    expect(remembering(volcengine, settings(undefined), undefined).provider).toBe(volcengine);
  });
});

/**
 * A session with an earlier talk, at a provider that is asked to take up its own. `told`: one that takes instructions.
 */
async function seeded(how: 'volcengine-bot' | 'told') {
  const server = await ScriptedServer.start({
    onSocket: (socket) => {
      socket.send(created('sess_2'));
      socket.on('message', () => socket.send('{"type":"session.updated","session":{}}'));
    },
  });
  onTestFinished(() => server.stop());
  const learns: Provider = {
    ...volcengine,
    profile: (model) => volcengine.profile(model),
    codec: (connection) => volcengine.codec({ ...connection, options: {} }),
  };
  const session = await startSession({
    provider: how === 'told' ? learns : volcengine,
    connection: {
      model: volcengine.defaultModel,
      url: server.url,
      env: { VOLCENGINE_API_KEY: 'vk-0123456789' },
      options: { bot: '7' },
      resume: 'sess_1',
    },
    settings: {},
    history: [{ kind: 'message', itemId: 'a', role: 'user', text: 'Tea?', state: 'done' }],
  });
  return { server, session };
}

describe('connect', () => {
  it('says at the next run which conversation to continue', async () => {
    let sessions = 0;
    const server = await ScriptedServer.start({
      onSocket: (socket) => {
        sessions += 1;
        socket.send(created(`sess_${sessions}`));
        socket.on('message', () => socket.send('{"type":"session.updated","session":{}}'));
      },
    });
    onTestFinished(() => server.stop());
    const directory = directoryWith({
      'voxterm/config.json': '{ "providers": { "volcengine": { "bot": "7" } } }',
    });
    const env = environmentIn(directory, { XDG_STATE_HOME: directory, VOLCENGINE_API_KEY: 'vk-0123456789' });
    for (const newConversation of [false, false, true]) {
      const flags = { provider: 'volcengine', url: server.url, newConversation };
      const settings = await resolveSettings(flags, env, {});
      const session = await connect(settings, { openSound: async () => null });
      await session.end();
    }
    const continued = server.upgrades.map(({ headers }) => headers['x-conversation-id']);
    expect(continued).toEqual([undefined, 'sess_1', undefined]);
  });

  it('says that a bot cannot be told of an earlier talk, and lets it remember', async () => {
    const { server, session } = await seeded('volcengine-bot');
    const told: string[] = [];
    session.subscribe((event) => event.type === 'warning' && told.push(event.code));
    expect(told).toContain('history.untold');
    await session.end();
    expect(server.upgrades.map(({ headers }) => headers['x-conversation-id'])).toEqual(['sess_1']);
  });

  it('tells it to others, which then take nothing up themselves', async () => {
    const { server, session } = await seeded('told');
    await session.end();
    expect(server.upgrades.map(({ headers }) => headers['x-conversation-id'])).toEqual([undefined]);
    expect(server.received.join()).toContain('user: Tea?');
  });

  it.each([
    ['at the door', 'refuse'],
    ['by closing', 'close'],
    ['with an error', 'error'],
    ['because it makes no header', 'name'],
  ])('begins anew where the conversation is refused %s', async (_how, how) => {
    const stale = how === 'name' ? 'sess\r\n1' : 'sess_1';
    const server = await ScriptedServer.start({
      onSocket: (socket, { upgrades }) => {
        const { 'x-conversation-id': continued } = upgrades.at(-1)?.headers ?? {};
        if (continued !== undefined && how === 'error') {
          const error = { type: 'invalid_request_error', code: 'model_not_found', message: 'Gone.' };
          socket.send(JSON.stringify({ type: 'error', error }));
        }
        if (continued !== undefined)
          return socket.close(how === 'close' ? 1008 : 1011, 'no such conversation');
        socket.send(created('sess_2'));
        socket.on('message', () => socket.send('{"type":"session.updated","session":{}}'));
      },
    });
    onTestFinished(() => server.stop());
    if (how === 'refuse') server.refuse(({ headers }) => headers['x-conversation-id'] !== undefined);
    const directory = directoryWith({
      'voxterm/config.json': '{ "providers": { "volcengine": { "bot": "7" } } }',
      'voxterm/conversations.json': JSON.stringify({ [`volcengine 7 ${server.url}`]: { handle: stale } }),
    });
    const env = environmentIn(directory, { XDG_STATE_HOME: directory, VOLCENGINE_API_KEY: 'vk-0123456789' });
    const settings = await resolveSettings({ provider: 'volcengine', url: server.url }, env, {});
    const session = await connect(settings, { openSound: async () => null });
    const told: string[] = [];
    session.subscribe((event) => event.type === 'warning' && told.push(event.code));
    expect(told).toContain('conversation.new');
    expect(server.upgrades.at(-1)?.headers).not.toHaveProperty('x-conversation-id');
    await session.end();
    const kept = readFileSync(join(directory, 'voxterm', 'conversations.json'), 'utf8');
    expect(kept).toContain('sess_2');
  });
});
