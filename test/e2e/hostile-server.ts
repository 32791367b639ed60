import { Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { WebSocket } from 'ws';
import { ScriptedServer } from '../session/scripted-server.js';

/** Events of the server, by hand; `send` takes anything, since that is what these servers send. */
export interface Mouth {
  readonly socket: WebSocket;
  send(event: object | string): void;
}

type Script = Parameters<typeof ScriptedServer.start>[0];

export async function serve(script: Script): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(script);
  onTestFinished(() => server.stop());
  return server;
}

/** Answers an upgrade with this, as a server that speaks HTTP would. */
export function refusing(status: string, body = '', header = ''): Script {
  const length = `content-length: ${Buffer.byteLength(body)}\r\n`;
  return {
    onUpgrade: (socket) =>
      socket.end(`HTTP/1.1 ${status}\r\n${length}${header}connection: close\r\n\r\n${body}`),
  };
}

/** Says this once the connection stands, and then nothing. */
export function saying(script: (mouth: Mouth) => void): Script {
  return { onSocket: (socket) => script(mouthOf(socket)) };
}

export interface Manners {
  /** Default: confirms them. */
  readonly settings?: (mouth: Mouth) => void;
  /** Every time an answer is asked for. */
  readonly answer?: (mouth: Mouth, eventId: string) => void;
}

/** Behaves until an answer is asked for. */
export function behaving({ settings = confirm, answer }: Manners): Script {
  return saying((mouth) => {
    mouth.send({ type: 'session.created', session: { id: 'sess_1', model: 'm' } });
    mouth.socket.on('message', (data) => {
      const { type, event_id: eventId } = JSON.parse(String(data));
      if (type === 'session.update') settings(mouth);
      if (type === 'response.create') answer?.(mouth, eventId);
    });
  });
}

function confirm({ send }: Mouth): void {
  send({ type: 'session.updated', session: {} });
}

export const part = { response_id: 'resp_1', item_id: 'item_1', content_index: 0 };
const response = { id: 'resp_1', status: 'completed' };

/** The whole answer, or with `open` only its beginning. */
export function say({ send }: Mouth, words: string, { open = false } = {}): void {
  send({ type: 'response.created', response: { ...response, status: 'in_progress' } });
  send({ type: 'response.output_audio_transcript.delta', ...part, delta: words });
  send({ type: 'response.output_audio.delta', ...part, delta: silence(4800) });
  if (open) return;
  send({ type: 'response.output_audio.done', ...part });
  send({ type: 'response.output_audio_transcript.done', ...part, transcript: words });
  send({ type: 'response.done', response });
}

/** So many bytes of it in base64. */
export function silence(bytes: number): string {
  return Buffer.alloc(bytes).toString('base64');
}

/** A call of a tool, complete. */
export function call({ send }: Mouth, name: string, args: object): void {
  const item = {
    id: 'item_2',
    type: 'function_call',
    call_id: 'call_1',
    name,
    arguments: JSON.stringify(args),
  };
  send({ type: 'response.output_item.done', response_id: 'resp_1', item });
}

function mouthOf(socket: WebSocket): Mouth {
  return {
    socket,
    send: (event) => {
      if (socket.readyState === socket.OPEN)
        socket.send(typeof event === 'string' ? event : JSON.stringify(event));
    },
  };
}

/** The TCP connection under a WebSocket. */
export function connectionOf(socket: WebSocket): Socket {
  const connection: unknown = Reflect.get(socket, '_socket');
  if (connection instanceof Socket) return connection;
  throw new Error('the socket has no connection');
}
