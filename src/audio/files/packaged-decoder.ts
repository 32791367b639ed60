import { VoxtermError } from '../../contract/failure.js';
import { audioFailure, reason } from './audio-failure.js';
import type { MonoChunk } from './pcm-frames.js';
import { type AudioFormat, formatTitles } from './sniff.js';

type PackagedFormat =
  | 'mp3'
  | 'flac'
  | 'oga'
  | 'opus'
  | 'aac'
  | 'm4a'
  | 'webm'
  | 'aiff'
  | 'caf'
  | 'amr'
  | 'wma';

/** The names of the formats in `audio-decode`, which does not decode Ogg with other codecs. */
const packagedNames: Readonly<Partial<Record<AudioFormat, PackagedFormat>>> = {
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
};

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

export type PackagedDecoder = (
  bytes: AsyncIterable<Uint8Array>,
  name: string,
) => AsyncGenerator<MonoChunk, void>;

/** The optional package `audio-decode`; undefined where it is not installed or does not know the format. */
export async function packagedDecoder(format: AudioFormat): Promise<PackagedDecoder | undefined> {
  const packagedName = packagedNames[format];
  if (packagedName === undefined) return undefined;
  const decodeChunked = await import('audio-decode').then(
    (module) => module.decodeChunked,
    () => undefined,
  );
  if (decodeChunked === undefined) return undefined;

  return async function* decode(bytes, name) {
    const title = formatTitles[format];
    let delivered = false;
    const bounded = packagedStreams(format) ? bytes : limited(bytes, name, title);
    const decoding = decodeChunked(bounded, packagedName);
    try {
      for await (const { channelData, sampleRate } of decoding) {
        delivered = true;
        yield { samples: mixDown(channelData), rateHz: sampleRate };
      }
    } catch (error) {
      if (error instanceof VoxtermError) throw error;
      throw audioFailure.decodeFailed(name, title, reason(error), error);
    }
    if (!delivered) throw audioFailure.decodeFailed(name, title, 'there is no sound in it');
  };
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

/** The average of channels that arrive separately (planar). */
function mixDown(channels: readonly Float32Array[]): Float32Array {
  const [first, ...others] = channels;
  if (first === undefined) return new Float32Array(0);
  if (others.length === 0) return first;
  return first.map(
    (sample, i) => others.reduce((sum, other) => sum + (other[i] ?? 0), sample) / channels.length,
  );
}
