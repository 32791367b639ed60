import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { VoxtermError } from '../../contract/failure.js';
import { audioFailure } from './audio-failure.js';
import { ByteReader } from './byte-reader.js';
import { FfmpegReport } from './ffmpeg-report.js';
import type { MonoChunk } from './pcm-frames.js';
import { readWav } from './wav/wav-reader.js';

export interface FfmpegInput {
  readonly name: string;
  /** The format's name in messages; undefined where only ffmpeg may know it. */
  readonly format: string | undefined;
  /** Read by ffmpeg itself, which can then seek; without it `bytes` are piped into ffmpeg. */
  readonly path?: string | undefined;
  /** The part of the file that is the recording. */
  readonly part?: { readonly from: number; readonly to: number } | undefined;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Puts silence where the decoder leaves frames out, as ffmpeg's does with the pauses of AMR. */
  readonly fillGaps: boolean;
  /** The failure to report if there is no sound; default: ffmpeg's own words. */
  readonly otherwise?: ((words: string) => VoxtermError) | undefined;
}

export interface FfmpegOutput {
  readonly chunks: AsyncGenerator<MonoChunk, void>;
  /** Length in the recording's header, if it has one. */
  claimedMs(): number | undefined;
  /** What was not decoded, in a few words; known at the end. `complete`: nothing is missing from its length. */
  damage(complete: boolean): string | undefined;
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
  const source = sourceOf(input);
  const child: Ffmpeg = spawn('ffmpeg', [...quiet, '-i', source, ...soundAt(rateHz, input.fillGaps)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...env },
    windowsHide: true,
  });
  const closed = once(child, 'close');
  const report = new FfmpegReport(child.stderr);
  try {
    await once(child, 'spawn');
  } catch {
    await closed.catch(() => undefined);
    return undefined; // with nothing taken from the pipe
  }
  const fed = feed(child, input.path === undefined ? input.bytes : []);
  const failure = (words: string): VoxtermError =>
    input.otherwise?.(words) ??
    audioFailure.decodeFailed(input.name, input.format ?? 'audio', words, { decodedBy: 'ffmpeg' });
  return {
    chunks: decode({ child, closed, report, source, fed, input, failure }),
    claimedMs: () => report.claimedMs,
    damage: (complete) => {
      if (child.exitCode !== 0) return report.firstError(source) ?? 'ffmpeg gave up';
      if (complete && (input.fillGaps || !report.lostFrames)) return undefined;
      return report.firstError(source) ?? (report.corrupt ? 'a part of it is missing' : undefined);
    },
    kill: () => child.kill('SIGKILL'),
  };
}

/**
 * Only local input: a playlist inside the file must not make ffmpeg fetch anything. Checksums are checked, so that
 * damage is reported.
 */
const quiet = [
  '-hide_banner',
  '-nostats',
  '-loglevel',
  'level+info',
  '-protocol_whitelist',
  'file,pipe,subfile',
  '-err_detect',
  'crccheck',
];

/** WAV with the recording's own channels, so that our own mix decides what becomes of them. */
function soundAt(rateHz: number, fillGaps: boolean): string[] {
  const filter = fillGaps ? ['-af', 'aresample=async=1:min_hard_comp=0.01'] : [];
  return ['-map', '0:a:0', ...filter, '-ar', String(rateHz), '-c:a', 'pcm_s16le', '-f', 'wav', 'pipe:1'];
}

function sourceOf({ path, part }: FfmpegInput): string {
  if (path === undefined) return 'pipe:0';
  if (part === undefined) return `file:${path}`;
  return `subfile,,start,${part.from},end,${part.to},,:file:${path}`;
}

interface Running {
  readonly child: Ffmpeg;
  readonly closed: Promise<unknown>;
  readonly report: FfmpegReport;
  readonly source: string;
  readonly fed: Promise<VoxtermError | undefined>;
  readonly input: FfmpegInput;
  failure(words: string): VoxtermError;
}

async function* decode(running: Running): AsyncGenerator<MonoChunk, void> {
  const { child, report, input } = running;
  try {
    const reader = new ByteReader(bytesOf(child.stdout));
    const begun = (await reader.peek(1)).length > 0;
    // What ffmpeg guessed may be any data, and would be noise.
    if (begun && report.guessed && input.format === undefined) {
      throw running.failure('ffmpeg is not sure that it is a recording');
    }
    let delivered = false;
    if (begun) {
      for await (const chunk of sound(reader, input.name)) {
        delivered = true;
        yield chunk;
      }
    }
    if (!delivered) child.kill('SIGKILL');
    await running.closed;
    const unread = await running.fed;
    if (unread !== undefined) throw unread;
    // If only the end is damaged, the sound before it is still used.
    if (!delivered) throw running.failure(report.firstError(running.source) ?? 'there is no sound in it');
  } finally {
    child.kill('SIGKILL');
  }
}

async function* sound(reader: ByteReader, name: string): AsyncGenerator<MonoChunk, void> {
  try {
    const { header, samples } = await readWav(reader, { name });
    for await (const chunk of samples) yield { samples: chunk, rateHz: header.rateHz };
  } catch (error) {
    // Nothing but a header: the caller says why. What is not WAV comes from another program of this name.
    if (!(error instanceof VoxtermError) || !['audio.no-samples', 'audio.bad-header'].includes(error.code))
      throw error;
  }
}

async function* bytesOf(stdout: Readable): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of stdout) if (chunk instanceof Uint8Array) yield chunk;
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
