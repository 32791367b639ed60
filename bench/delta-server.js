// A provider that does nothing but speak: one answer of many audio deltas, as fast as the client takes them.
import { WebSocketServer } from 'ws';

const deltas = Number(process.argv[2]);
const pcm = Buffer.alloc(4800, 0); // 100 ms at 24 kHz
for (let i = 0; i < pcm.length; i += 2) pcm.writeInt16LE(Math.round(8000 * Math.sin(i / 40)), i);
const audio = pcm.toString('base64');

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

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
server.on('listening', () => process.stdout.write(`${server.address().port}\n`));
server.on('connection', (socket) => {
  let event = 0;
  const send = (body) => {
    event += 1;
    socket.send(JSON.stringify({ event_id: `event_${event}`, ...body }));
  };
  send({
    type: 'session.created',
    session: { id: 'sess_1', object: 'realtime.session', type: 'realtime', model: 'bench' },
  });
  let started = false;
  socket.on('message', (data) => {
    const { type } = JSON.parse(data.toString());
    if (type === 'session.update')
      send({ type: 'session.updated', session: { id: 'sess_1', type: 'realtime', model: 'bench' } });
    if (started) return;
    started = true;
    setTimeout(() => void speak(socket, send), 300);
  });
});

async function speak(socket, send) {
  send({ type: 'response.created', response });
  send({ type: 'response.output_item.added', response_id: 'resp_1', output_index: 0, item });
  send({ type: 'conversation.item.added', previous_item_id: null, item });
  send({ type: 'response.content_part.added', ...ids, part: { type: 'audio', transcript: '' } });
  for (let i = 0; i < deltas; i += 1) {
    send({ type: 'response.output_audio.delta', ...ids, delta: audio });
    if (socket.bufferedAmount > 1_000_000) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  send({ type: 'response.output_audio.done', ...ids });
  const done = { ...item, status: 'completed', content: [{ type: 'output_audio', transcript: '' }] };
  send({ type: 'response.output_item.done', response_id: 'resp_1', output_index: 0, item: done });
  send({ type: 'response.done', response: { ...response, status: 'completed', output: [done] } });
}
