import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openai } from '../../../src/providers/openai/provider.js';
import type { Link } from '../../../src/session/link/link.js';
import { openLink } from '../../../src/session/link/open-link.js';
import { Redaction } from '../../../src/session/link/redaction.js';
import { Session } from '../../../src/session/session.js';
import { startSession } from '../../../src/session/start/start.js';
import type { RawMessage, VoiceSession } from '../../../src/session/voice-session.js';
import { startLocalServer } from '../../../src/simulator/server.js';
import { createToolRunner } from '../../../src/tools/tool-runner.js';
import { FakeLink, profile } from '../fake-link.js';
import { ScriptedServer } from '../scripted-server.js';

const key = 'sk-test-abcdefghijklmnop';

/** A session at the built-in server, spoken to as if it were the real one. */
async function start(reconnectDelaysMs: readonly number[] = []): Promise<VoiceSession> {
  const server = await startLocalServer();
  onTestFinished(() => server.close());
  const session = await startSession({
    provider: openai,
    connection: { model: 'm', url: server.url, env: { OPENAI_API_KEY: key } },
    settings: {},
    tools: createToolRunner([], { env: {} }),
    reconnectDelaysMs,
  });
  onTestFinished(async () => void (await session.end()));
  return session;
}

function typeOf({ direction, frame }: RawMessage): string {
  const { type } = JSON.parse(String(frame)) as { type: string };
  return `${direction === 'sent' ? '→' : '←'} ${type}`;
}

describe('raw messages', () => {
  it('both directions arrive in the order of the wire, and a message of our own is answered', async () => {
    const session = await start();
    const seen: string[] = [];
    session.onRaw = (message) => seen.push(typeOf(message));
    session.sendRaw(
      JSON.stringify({
        type: 'conversation.item.create',
        item: { id: 'mine', type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
      }),
    );
    session.sendRaw(JSON.stringify({ type: 'conversation.item.retrieve', item_id: 'mine' }));
    await vi.waitFor(() => expect(seen).toContain('← conversation.item.retrieved'));
    expect(seen).toEqual([
      '→ conversation.item.create',
      '→ conversation.item.retrieve',
      '← conversation.item.added',
      '← conversation.item.done',
      '← conversation.item.retrieved',
    ]);
  });

  it('hold no key, whoever says it', async () => {
    const session = await start();
    const seen: RawMessage[] = [];
    session.onRaw = (message) => seen.push(message);
    // The server quotes the type that it does not know.
    session.sendRaw(JSON.stringify({ type: `my.${key}` }));
    await vi.waitFor(() => expect(seen).toHaveLength(2));
    expect(seen.map(({ direction }) => direction)).toEqual(['sent', 'received']);
    expect(JSON.stringify(seen)).not.toContain(key);
    expect(seen[0]?.frame).toContain('[secret]');
  });

  it('go on after a new connection, and nothing more comes of the old one', async () => {
    let connections = 0;
    const server = await ScriptedServer.start({
      onSocket: (socket) => {
        connections += 1;
        const id = `s${connections}`;
        socket.send(JSON.stringify({ type: 'session.created', session: { id } }));
        socket.on('message', (data) => {
          const { type } = JSON.parse(String(data)) as { type: string };
          if (type === 'session.update')
            socket.send(JSON.stringify({ type: 'session.updated', session: { id } }));
          if (type === 'my.break') socket.terminate();
        });
      },
    });
    onTestFinished(() => server.stop());
    const session = await startSession({
      provider: openai,
      connection: { model: 'm', url: server.url, env: {} },
      settings: {},
      tools: createToolRunner([], { env: {} }),
      reconnectDelaysMs: [1],
    });
    onTestFinished(async () => void (await session.end()));
    const seen: string[] = [];
    session.onRaw = (message) => seen.push(typeOf(message));
    session.sendRaw('{"type":"my.break"}');
    await vi.waitFor(() => expect(seen).toContain('← session.updated'));
    expect(seen).toEqual(['→ my.break', '← session.created', '→ session.update', '← session.updated']);
    session.onRaw = undefined;
    session.sendRaw('{"type":"my.other"}');
    await vi.waitFor(() => expect(server.received).toContain('{"type":"my.other"}'));
    expect(seen).toHaveLength(4);
  });

  it('can be seen from the first one on', async () => {
    const server = await startLocalServer();
    onTestFinished(() => server.close());
    const seen: string[] = [];
    const session = await startSession({
      provider: openai,
      connection: { model: 'm', url: server.url, env: {} },
      settings: {},
      tools: createToolRunner([], { env: {} }),
      onRaw: (message) => seen.push(typeOf(message)),
    });
    await session.end();
    expect(seen).toEqual(['← session.created', '→ session.update', '← session.updated']);
  });

  it('cost nothing where nobody listens: what is sent is not looked through for keys', async () => {
    const server = await startLocalServer();
    onTestFinished(() => server.close());
    const link = await openLink({
      provider: openai,
      profile: openai.profile('m'),
      connection: { model: 'm', url: server.url, env: { OPENAI_API_KEY: key } },
    });
    onTestFinished(() => link.close());
    const looked = vi.spyOn(Redaction.prototype, 'frame');
    onTestFinished(() => looked.mockRestore());
    link.sendRaw('{"type":"input_audio_buffer.clear"}');
    expect(looked).not.toHaveBeenCalled();
    link.onRaw = () => {};
    link.sendRaw('{"type":"input_audio_buffer.clear"}');
    expect(looked).toHaveBeenCalledOnce();
  });

  it('a session asks its link for them only while somebody listens', async () => {
    const link: Link = Object.assign(new FakeLink(), { onRaw: undefined });
    const session = new Session({
      profile,
      settings: {},
      link,
      sound: null,
      tools: createToolRunner([], { env: {} }),
      watchEcho: false,
      audioInEvents: false,
      now: () => 0,
    });
    onTestFinished(async () => void (await session.end()));
    expect(link.onRaw).toBeUndefined();
    session.onRaw = () => {};
    expect(link.onRaw).toBe(session.onRaw);
    session.onRaw = undefined;
    expect(link.onRaw).toBeUndefined();
  });
});
