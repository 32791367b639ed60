import { connect } from 'node:net';
import { join } from 'node:path';

const deadlineMs = 200;

/** The socket of the sound server of these settings; undefined where it is not a local PulseAudio or PipeWire. */
export function serverSocket(env: NodeJS.ProcessEnv, platform: string): string | undefined {
  if (platform !== 'linux') return undefined;
  const { PULSE_SERVER: server = '', PULSE_RUNTIME_PATH: runtime, XDG_RUNTIME_DIR: shared } = env;
  const named = /^(?:\{[^}]*\})?(?:unix:)?(\/\S+)$/.exec(server)?.[1];
  if (server !== '') return named;
  if (runtime !== undefined) return join(runtime, 'native');
  return shared === undefined ? undefined : join(shared, 'pulse', 'native');
}

/** Whether something accepts connections there: far cheaper than an attempt to open devices. */
export async function accepts(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (there: boolean) => {
      socket.destroy();
      resolve(there);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    // A server that stands still accepts nothing, and is tried in earnest.
    socket.setTimeout(deadlineMs, () => end(true));
  });
}
