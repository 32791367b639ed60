import type { WebSocket } from 'ws';
import { type AgentSession, type ConnectOptions, connect } from '../../../src/index.js';
import { ScriptedServer } from '../../session/scripted-server.js';

const created = JSON.stringify({ type: 'session.created', session: { id: 'sess_1' } });
const updated = JSON.stringify({ type: 'session.updated', session: { id: 'sess_1' } });

export interface StandIn {
  readonly session: AgentSession;
  readonly server: ScriptedServer;
  readonly sockets: readonly WebSocket[];
}

/** A session of the provider `openai` with a server that greets, takes the settings, and is silent from then on. */
export async function withStandIn(
  options: ConnectOptions,
  act: (standIn: StandIn) => Promise<void> | void,
): Promise<void> {
  const sockets: WebSocket[] = [];
  const server = await ScriptedServer.start({
    onSocket: (socket) => {
      sockets.push(socket);
      socket.send(created);
      socket.on('message', (data) => {
        if (String(data).includes('"session.update"')) socket.send(updated);
      });
    },
  });
  try {
    const session = await connect({
      provider: 'openai',
      url: server.url,
      env: { OPENAI_API_KEY: 'sk-of-the-environment' },
      sound: null,
      reconnect: false,
      ...options,
    });
    try {
      await act({ session, server, sockets });
    } finally {
      await session.close();
    }
  } finally {
    await server.stop();
  }
}
