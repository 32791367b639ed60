/**
 * The sound helper: a separate process, so that a stall of the session does not interrupt the sound, and a crash,
 * signal handlers or output of the native addon do not reach the session. Talks over the socket it inherits as file
 * descriptor 3 (see `frames.ts`), and ends when that closes.
 */
import { Socket } from 'node:net';
import { constants, setPriority } from 'node:os';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import { takeMicrophone } from '../backends/default-microphone.js';
import { usableBackends } from '../backends/usable-backends.js';
import { deviceFailure } from '../devices/device-failure.js';
import { AudioPipeline, type PipelineListener } from './audio-pipeline.js';
import { decodePlay, encodeMicrophone, FrameReader, FrameType } from './frames.js';
import { decodeOrder, encodeMessage, type OpenOrder, type Order, type Report } from './messages.js';

const beatMs = 200;
/** A session that was suspended (Ctrl+Z) must not find minutes of old sound when it continues. */
const maxUnreadBytes = 256 * 1024;

try {
  // The threads that serve the device inherit it. Windows allows this to every user, other systems only to some.
  setPriority(constants.priority.PRIORITY_HIGH);
} catch {}

const socket = new Socket({ fd: 3, readable: true, writable: true });

const listener: PipelineListener = {
  report,
  frame: ({ audio, level }) => {
    if (socket.writableLength < maxUnreadBytes) socket.write(encodeMicrophone(audio, level));
  },
};
let pipeline: AudioPipeline | undefined;

function report(message: Report): void {
  socket.write(encodeMessage(message));
}

/** `process.exit` waits for the addon's threads, which hang when the sound server is gone. */
function die(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('unreachable');
}

async function open(order: OpenOrder): Promise<void> {
  let first: unknown;
  const backends = await usableBackends(order.backend, order.without);
  for (const attempt of await openings(order)) {
    for (const backend of backends) {
      const opened = new AudioPipeline(attempt.echo, listener);
      try {
        await opened.open(backend, attempt);
      } catch (error) {
        first ??= error;
        continue;
      }
      pipeline = opened;
      const { inputName, outputName } = opened;
      report({ type: 'opened', backend: backend.id, inputName, outputName });
      setInterval(() => {
        report({ type: 'beat', framesRead: opened.framesRead, blocksWritten: opened.blocksWritten });
      }, beatMs);
      return;
    }
  }
  throw first;
}

/** What to open, best first: both sides, or the one that is there. Devices that were named must be there. */
async function openings(order: OpenOrder): Promise<OpenOrder[]> {
  const { inputDevice, outputDevice, partial = false } = order;
  if (order.input && inputDevice === null && !(await takeMicrophone(process.env))) {
    if (!partial || !order.output) throw deviceFailure.none('input');
    return [{ ...order, input: false }];
  }
  if (!partial || !order.input || !order.output) return [order];
  const sides: OpenOrder[] = [order];
  if (outputDevice === null) sides.push({ ...order, output: false });
  if (inputDevice === null) sides.push({ ...order, input: false });
  return sides;
}

/** Reports the list of the first backend that has devices. */
async function list(order: Extract<Order, { type: 'list' }>): Promise<void> {
  let empty: Report | undefined;
  for (const backend of await usableBackends(order.backend)) {
    const { id } = backend;
    const devices = (await backend.list()).map(({ handle: _, ...device }) => device);
    if (devices.length > 0) return report({ type: 'devices', backend: id, devices });
    empty ??= { type: 'devices', backend: id, devices };
  }
  if (empty !== undefined) report(empty);
}

function refuse(error: unknown): void {
  const failure =
    error instanceof VoxtermError
      ? error
      : new VoxtermError(`The sound device failed: ${String(error)}`, {
          code: 'audio.failed',
          exitCode: ExitCode.audio,
        });
  report({
    type: 'refused',
    code: failure.code,
    message: failure.message,
    hint: failure.hint ?? 'Check that the device works elsewhere.',
    facts: failure.facts,
  });
}

function obey(order: Order): void {
  switch (order.type) {
    case 'open':
      open(order).catch(refuse);
      break;
    case 'list':
      list(order).catch(refuse);
      break;
    case 'end':
      pipeline?.endPart(order);
      break;
    case 'clear':
      pipeline?.clear(order.epoch);
      break;
    case 'mute':
      if (pipeline !== undefined) pipeline.muted = order.muted;
      break;
    case 'echo':
      if (pipeline !== undefined) pipeline.echo = order.mode;
      break;
    case 'close':
      void (pipeline?.close() ?? Promise.resolve()).finally(die);
      break;
  }
}

const reader = new FrameReader();
socket.on('data', (bytes: Buffer) => {
  for (const { type, payload } of reader.read(bytes)) {
    if (type === FrameType.play) {
      const { part, pcm } = decodePlay(payload);
      pipeline?.play(part, pcm);
    } else if (type === FrameType.message) {
      const order = decodeOrder(payload);
      if (order !== undefined) obey(order);
    }
  }
});
socket.on('error', die);
socket.on('end', die);
socket.on('close', die);
// Ctrl+C in the terminal reaches this process too, but the session decides when to end.
process.on('SIGINT', () => undefined);
