// From the provider's frame "speech started" to the clear command: codec, conversation, session.
import { once } from 'node:events';
import { WebSocketServer } from 'ws';
import { createToolRunner, findProvider, startSession, VirtualSound } from '../dist/index.js';
import { median } from './statistics.js';

const rounds = 200;
const audio = Buffer.alloc(48_000).toString('base64');

export async function eventToClear() {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  server.on('connection', (socket) => {
    const send = (body) => socket.send(JSON.stringify(body));
    send({ type: 'session.created', event_id: 'e', session: { id: 's', type: 'realtime' } });
    socket.on('message', () =>
      send({ type: 'session.updated', event_id: 'e', session: { id: 's', type: 'realtime' } }),
    );
  });
  let clearedAt = 0;
  const session = await startSession({
    provider: await findProvider('openai'),
    connection: { model: 'bench', url: `ws://127.0.0.1:${server.address().port}/v1`, env: {} },
    settings: {},
    tools: createToolRunner([], { env: {} }),
    openSound: async ({ outputRateHz }) => {
      const sound = new VirtualSound({ outputRateHz, pace: 'realtime' });
      const clear = sound.clear.bind(sound);
      sound.clear = (epoch) => {
        clearedAt = performance.now();
        clear(epoch);
      };
      return sound;
    },
  });
  const [socket] = await accepted;
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const ids = {
      response_id: `r${round}`,
      item_id: `i${round}`,
      output_index: 0,
      content_index: 0,
      event_id: 'e',
    };
    socket.send(
      JSON.stringify({ type: 'response.created', event_id: 'e', response: { id: ids.response_id } }),
    );
    socket.send(JSON.stringify({ type: 'response.output_audio.delta', ...ids, delta: audio }));
    await new Promise((resolve) => setTimeout(resolve, 10));
    clearedAt = 0;
    const sentAt = performance.now(); // loopback included: the frame leaves and arrives in this process
    socket.send(
      JSON.stringify({
        type: 'input_audio_buffer.speech_started',
        event_id: 'e',
        item_id: `u${round}`,
        audio_start_ms: 0,
      }),
    );
    while (clearedAt === 0) await new Promise((resolve) => setImmediate(resolve));
    times.push(clearedAt - sentAt);
    socket.send(
      JSON.stringify({
        type: 'input_audio_buffer.speech_stopped',
        event_id: 'e',
        item_id: `u${round}`,
        audio_end_ms: 1,
      }),
    );
    socket.send(
      JSON.stringify({
        type: 'response.done',
        event_id: 'e',
        response: { id: ids.response_id, status: 'cancelled' },
      }),
    );
  }
  await session.end();
  server.close();
  const worst = Math.max(...times.slice(20));
  return [
    {
      what: 'speech.started on the wire to clear, loopback included',
      value: `${median(times).toFixed(2)} ms`,
      goal: '≤ 1 ms',
      detail: `worst of ${rounds - 20}: ${worst.toFixed(2)} ms`,
    },
  ];
}
