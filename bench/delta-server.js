// A provider that only speaks: one answer of many audio deltas, sent at the speed of the client.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { Sender, WebSocketServer } from 'ws';

const deltas = Number(process.argv[2]);
/** Number of deltas per write: if the server cost more than the client, the benchmark would measure the server. */
const burst = 100;
const pcm = Buffer.alloc(4800, 0); // 100 ms at 24 kHz
for (let i = 0; i < pcm.length; i += 2) pcm.writeInt16LE(Math.round(8000 * Math.sin(i / 40)), i);

const ids = { response_id: 'resp_1', item_id: 'item_1', output_index: 0, content_index: 0 };
const item = {
  id: 'item_1',
  object: 'realtime.item',
  type: 'message',
  role: 'assistant',
  status: 'in_progress',
  content: [],
};
const response = { id: 'resp_1', object: 'realtime.response', status: 'in_progress', output: [] };
const delta = { type: 'response.output_audio.delta', ...ids, delta: pcm.toString('base64') };

const text = { fin: true, opcode: 1, mask: false, readOnly: true, rsv1: false };
let events = 0;

/** One server event as the bytes of its WebSocket frame. */
function framed(body) {
  events += 1;
  const payload = Buffer.from(JSON.stringify({ event_id: `event_${events}`, ...body }));
  return Buffer.concat(Sender.frame(payload, text));
}

const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
const server = createServer();
server.on('upgrade', (request, connection, head) => {
  sockets.handleUpgrade(request, connection, head, (socket) => converse(socket, connection));
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));

function converse(socket, connection) {
  const session = { id: 'sess_1', object: 'realtime.session', type: 'realtime', model: 'bench' };
  connection.write(framed({ type: 'session.created', session }));
  let started = false;
  socket.on('message', (data) => {
    if (JSON.parse(data.toString()).type === 'session.update')
      connection.write(framed({ type: 'session.updated', session }));
    if (started) return;
    started = true;
    setTimeout(() => void speak(connection), 300);
  });
}

async function speak(connection) {
  connection.write(framed({ type: 'response.created', response }));
  connection.write(
    framed({ type: 'response.output_item.added', response_id: 'resp_1', output_index: 0, item }),
  );
  connection.write(framed({ type: 'conversation.item.added', previous_item_id: null, item }));
  const part = { type: 'audio', transcript: '' };
  connection.write(framed({ type: 'response.content_part.added', ...ids, part }));
  for (let sent = 0; sent < deltas; sent += burst) {
    const frames = Array.from({ length: Math.min(burst, deltas - sent) }, () => framed(delta));
    if (!connection.write(Buffer.concat(frames))) await once(connection, 'drain');
  }
  connection.write(framed({ type: 'response.output_audio.done', ...ids }));
  const done = { ...item, status: 'completed', content: [{ type: 'output_audio', transcript: '' }] };
  connection.write(
    framed({ type: 'response.output_item.done', response_id: 'resp_1', output_index: 0, item: done }),
  );
  connection.write(
    framed({ type: 'response.done', response: { ...response, status: 'completed', output: [done] } }),
  );
}
