import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { VoxtermError } from '../../contract/failure.js';
import { audioFailure } from './audio-failure.js';
import { MonoDecoder } from './mono-decoder.js';
import type { MonoChunk } from './pcm-frames.js';

export interface FfmpegInput {
  readonly name: string;
  /** The format's name in messages. */
  readonly format: string;
  /** Read by ffmpeg itself, which can then seek; without it `bytes` are piped into ffmpeg. */
  readonly path?: string | undefined;
  readonly bytes: AsyncIterable<Uint8Array>;
}

export interface FfmpegOutput {
  readonly chunks: AsyncGenerator<MonoChunk, void>;
  /** Ends the child process at once. */
  kill(): void;
}

type Ffmpeg = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * Decodes in constant memory with the `ffmpeg` on the PATH of `env`, in a child process; undefined where there is none.
 */
export async function ffmpegDecode(
  input: FfmpegInput,
  rateHz: number,
  env: Readonly<Record<string, string | undefined>>,
): Promise<FfmpegOutput | undefined> {
  const source = input.path === undefined ? 'pipe:0' : `file:${input.path}`;
  const child: Ffmpeg = spawn('ffmpeg', [...quiet, '-i', source, ...monoAt(rateHz)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...env },
    windowsHide: true,
  });
  const closed = once(child, 'close');
  const firstError = collectErrors(child.stderr, source);
  const fed = feed(child, input.path === undefined ? input.bytes : []);
  try {
    await once(child, 'spawn');
  } catch {
    await closed.catch(() => undefined);
    return undefined;
  }
  return {
    chunks: decode(child, rateHz, async () => {
      await closed;
      return (await fed) ?? audioFailure.decodeFailed(input.name, input.format, firstError());
    }),
    kill: () => child.kill('SIGKILL'),
  };
}

/** Only local input: a playlist inside the file must not make ffmpeg fetch anything. */
const quiet = ['-hide_banner', '-loglevel', 'error', '-protocol_whitelist', 'file,pipe'];

function monoAt(rateHz: number): string[] {
  return ['-map', '0:a:0', '-ac', '1', '-ar', String(rateHz), '-f', 's16le', 'pipe:1'];
}

async function* decode(
  child: Ffmpeg,
  rateHz: number,
  failure: () => Promise<VoxtermError>,
): AsyncGenerator<MonoChunk, void> {
  const decoder = new MonoDecoder({ encoding: 'pcm', sampleBytes: 2, channels: 1 });
  let delivered = false;
  try {
    for await (const chunk of child.stdout) {
      if (!(chunk instanceof Uint8Array)) continue;
      const samples = decoder.decode(chunk);
      if (samples.length === 0) continue;
      delivered = true;
      yield { samples, rateHz };
    }
    // If only the end is damaged, the sound before it is still used.
    if (!delivered) throw await failure();
  } finally {
    child.kill('SIGKILL');
  }
}

/** Resolves with what went wrong on our side of the pipe; ffmpeg closing its end early is not an error. */
async function feed(
  child: Ffmpeg,
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<VoxtermError | undefined> {
  try {
    await pipeline(bytes, child.stdin);
    return undefined;
  } catch (error) {
    return error instanceof VoxtermError ? error : undefined;
  }
}

/** The first line of ffmpeg's error output: `[mov,mp4 @ 0x55] moov atom not found` → `moov atom not found`. */
function collectErrors(stderr: Readable, source: string): () => string {
  let text = '';
  stderr.on('data', (chunk: Buffer) => {
    if (text.length < 2000) text += chunk.toString();
  });
  return () => {
    const [line = ''] = text.split('\n');
    const words = line.replace(/^\[[^\]]*\]\s*/, '').replace(`${source}: `, '');
    return words.trim() === '' ? 'there is no sound in it' : words.trim().replace(/[.!]+$/, '');
  };
}
