import { VoxtermError } from '../../contract/failure.js';
import { AmrFrames } from './amr-frames.js';
import { audioFailure } from './audio-failure.js';
import { DecoderThread } from './decoder-thread.js';
import { Downmix } from './downmix.js';
import { FrameWalk } from './frame-walk.js';
import { OggPages } from './ogg-pages.js';
import type { MonoChunk } from './pcm-frames.js';
import { type AudioFormat, formatTitles } from './sniff.js';

/** The names of the formats in `audio-decode`, which does not decode Ogg with other codecs. */
const packagedNames = {
  mp3: 'mp3',
  flac: 'flac',
  vorbis: 'oga',
  opus: 'opus',
  aac: 'aac',
  m4a: 'm4a',
  webm: 'webm',
  aiff: 'aiff',
  caf: 'caf',
  amr: 'amr',
  wma: 'wma',
  wavpack: 'wv',
  tta: 'tta',
  avi: 'avi',
} as const satisfies Partial<Record<AudioFormat, string>>;

type PackagedFormat = keyof typeof packagedNames;

/**
 * Measured with audio-decode 3.12 on 16 minutes of speech: these stay below 40 MB above an idle process, however long
 * the recording. The others may decode as a whole (M4A: 220 MB).
 */
const constantMemory: ReadonlySet<AudioFormat> = new Set(['mp3', 'flac', 'vorbis', 'opus', 'aac']);

/**
 * The most compressed bytes we decode as a whole: about 17 minutes of M4A at 128 kbit/s, which takes 400 MB of memory.
 */
const wholeFileLimitBytes = 16 * 1024 * 1024;

/** Whether the package decodes this format in constant memory. */
export function packagedStreams(format: AudioFormat): boolean {
  return constantMemory.has(format);
}

/** The formats of the package, by their names in messages. */
export const packagedTitles: readonly string[] = Object.keys(packagedNames)
  .filter(isPackaged)
  .map((format) => formatTitles[format]);

const decodedBy = 'audio-decode';

export interface PackagedDecoding {
  readonly chunks: AsyncGenerator<MonoChunk, void>;
  /** What was not decoded, in a few words; known at the end. */
  damage(): string | undefined;
  /** Ends the decoder at once. */
  kill(): void;
}

export interface PackagedInput {
  readonly name: string;
  readonly format: AudioFormat;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Where the optional package `audio-decode` is; undefined where it is not installed. */
export async function findPackage(): Promise<string | undefined> {
  return import('audio-decode').then(
    () => import.meta.resolve('audio-decode'),
    () => undefined,
  );
}

/** Decodes with the package; undefined where it is not installed or does not know the format. */
export async function packagedDecode({
  name,
  format,
  bytes,
}: PackagedInput): Promise<PackagedDecoding | undefined> {
  if (!isPackaged(format)) return undefined;
  const module = await findPackage();
  if (module === undefined) return undefined;
  const title = formatTitles[format];
  const thread = new DecoderThread(module, packagedNames[format]);
  const follower = followerOf(format);
  const watched = follower === undefined ? bytes : passing(bytes, follower);
  const bounded = packagedStreams(format) ? watched : limited(watched, name, title);
  return {
    chunks: decode(thread, bounded, name, title),
    damage: () => follower?.damage ?? (thread.complaint === '' ? undefined : 'its decoder reports damage'),
    kill: () => thread.end(),
  };
}

/** Whether the package decodes this format. */
export function isPackaged(format: string): format is PackagedFormat {
  return Object.hasOwn(packagedNames, format);
}

async function* decode(
  thread: DecoderThread,
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  title: string,
): AsyncGenerator<MonoChunk, void> {
  const mixer = new Mixer();
  let delivered = false;
  try {
    for await (const piece of withEnd(bytes)) {
      const sound = await thread.decode(piece);
      const samples = mixer.mix(sound.channelData);
      if (samples.length === 0) continue;
      delivered = true;
      yield { samples, rateHz: sound.sampleRate };
    }
  } catch (error) {
    if (error instanceof VoxtermError) throw error;
    const words = error instanceof Error ? error.message : String(error);
    throw audioFailure.decodeFailed(name, title, words.replace(/[.!]+$/, ''), { decodedBy, cause: error });
  } finally {
    thread.end();
  }
  if (!delivered) throw audioFailure.decodeFailed(name, title, 'there is no sound in it', { decodedBy });
}

async function* withEnd(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array | null, void> {
  yield* bytes;
  yield null;
}

/** Sees what a decoder passes over in silence. */
interface Follower {
  push(bytes: Uint8Array): void;
  readonly damage: string | undefined;
}

function followerOf(format: PackagedFormat): Follower | undefined {
  switch (format) {
    case 'opus':
    case 'vorbis':
      return new OggPages();
    case 'amr':
      return new AmrFrames();
    case 'mp3':
    case 'aac':
      return new FrameWalk();
    default:
      return undefined;
  }
}

async function* passing(
  bytes: AsyncIterable<Uint8Array>,
  follower: Follower,
): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of bytes) {
    follower.push(chunk);
    yield chunk;
  }
}

async function* limited(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  title: string,
): AsyncGenerator<Uint8Array, void> {
  let total = 0;
  for await (const chunk of bytes) {
    total += chunk.length;
    if (total > wholeFileLimitBytes) {
      throw audioFailure.ffmpegNeeded(name, title);
    }
    yield chunk;
  }
}

/** A decoder may change the number of channels midway. */
class Mixer {
  private downmix = new Downmix(1);
  private channels = 1;

  mix(planes: readonly Float32Array[]): Float32Array {
    if (planes.length === 0) return new Float32Array(0);
    if (planes.length !== this.channels) {
      this.channels = planes.length;
      this.downmix = new Downmix(planes.length);
    }
    const shortest = Math.min(...planes.map((plane) => plane.length));
    return this.downmix.mix(planes.map((plane) => plane.subarray(0, shortest)));
  }
}
