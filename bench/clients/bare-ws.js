// The least a client can do: read the frame, parse it, decode the sound.
import WebSocket from 'ws';
import { Meter } from './meter.js';

const meter = new Meter();
const socket = new WebSocket(process.argv[2], { perMessageDeflate: false });
socket.on('open', () =>
  socket.send(JSON.stringify({ type: 'session.update', session: { type: 'realtime' } })),
);
socket.on('message', (data) => {
  const event = JSON.parse(data.toString());
  if (event.type === 'response.output_audio.delta') meter.delta(Buffer.from(event.delta, 'base64').length);
  if (event.type === 'response.done') meter.done();
});
