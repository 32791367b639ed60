import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { isObject } from '../../base/json.js';

/** Sound as `audio-decode` returns it: channel by channel. */
export interface DecodedSound {
  readonly channelData: readonly Float32Array[];
  readonly sampleRate: number;
}

/** A whole M4A of 16 MB takes a few seconds. */
const answerDeadlineMs = 120_000;

/**
 * The thread's program. It answers each piece of a recording with the sound in it, and `null`, the end, with the rest.
 */
const program = `
const { parentPort, workerData } = require('node:worker_threads');
const opened = import(workerData.module).then((module) => module.default[workerData.format]());
let last = Promise.resolve();
parentPort.on('message', (bytes) => {
  last = last.then(async () => {
    const decode = await opened;
    const { channelData, sampleRate } = await (bytes === null ? decode() : decode(bytes));
    const sound = { channelData: [...channelData].map((channel) => Float32Array.from(channel)), sampleRate };
    parentPort.postMessage(sound, sound.channelData.map((channel) => channel.buffer));
  }).catch((error) => parentPort.postMessage({ failed: String(error?.message ?? error) }));
});
`;

/**
 * One decoder of the package in a thread of its own: what it prints does not reach the terminal, what it computes does
 * not hold up a conversation, and where it hangs or crashes it can be ended.
 */
export class DecoderThread {
  private readonly worker: Worker;
  private printed = '';
  private crash: Error | undefined;

  /** `module` is the address of the package; `format` its name for the format. */
  constructor(module: string, format: string) {
    this.worker = new Worker(program, {
      eval: true,
      workerData: { module, format },
      stdout: true,
      stderr: true,
      execArgv: [],
    });
    for (const stream of [this.worker.stdout, this.worker.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        if (this.printed.length < 2000) this.printed += chunk.toString();
      });
    }
    this.worker.on('error', (error) => {
      this.crash = error instanceof Error ? error : new Error(String(error));
    });
  }

  /** What the decoder complained about, in its own words; empty if nothing. */
  get complaint(): string {
    return this.printed.split('\n')[0]?.trim() ?? '';
  }

  /** The sound in the next piece; null for the end. @throws Error in the decoder's words. */
  async decode(bytes: Uint8Array | null): Promise<DecodedSound> {
    // A copy, because what is handed over is gone here; `slice` of a Buffer would share its memory.
    const piece = bytes === null ? null : new Uint8Array(bytes);
    const gone = new AbortController();
    const { signal } = gone;
    const timer = setTimeout(() => void this.worker.terminate(), answerDeadlineMs);
    try {
      const answered = once(this.worker, 'message', { signal });
      const ended = once(this.worker, 'exit', { signal }).then(() => {
        throw this.crash ?? new Error('the decoder ended without an answer');
      });
      ended.catch(() => undefined);
      this.worker.postMessage(piece, piece === null ? [] : [piece.buffer]);
      const [answer]: unknown[] = await Promise.race([answered, ended]);
      if (isSound(answer)) return answer;
      throw new Error(isObject(answer) ? String(answer.failed) : 'the decoder did not answer with sound');
    } finally {
      clearTimeout(timer);
      gone.abort();
    }
  }

  /** Ends the thread at once. May be called twice. */
  end(): void {
    void this.worker.terminate();
  }
}

function isSound(value: unknown): value is DecodedSound {
  return (
    isObject(value) &&
    typeof value.sampleRate === 'number' &&
    Array.isArray(value.channelData) &&
    value.channelData.every((channel) => channel instanceof Float32Array)
  );
}
