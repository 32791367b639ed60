import { audioFailure, quoted } from './audio-failure.js';
import type { ByteReader } from './byte-reader.js';
import { MonoDecoder } from './mono-decoder.js';
import { readWavHeader, type WavHeader } from './wav-header.js';

/** Something the user should know while the work goes on. */
export interface AudioWarning {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export interface WavStream {
  readonly header: WavHeader;
  /** Length of the sound in milliseconds; undefined for a pipe whose header does not say. */
  readonly durationMs: number | undefined;
  /** Mono, −1 to 1, at `header.rateHz`. Can be read once. */
  readonly samples: AsyncGenerator<Float32Array, void>;
}

export interface WavOptions {
  /** The recording's name in messages. */
  readonly name: string;
  /** Size of the whole file where it is known. */
  readonly totalBytes?: number | undefined;
  readonly onWarning?: ((warning: AudioWarning) => void) | undefined;
}

/**
 * Reads WAV from a stream in constant memory: PCM 8 to 32 bits, float 32 and 64, µ-law, A-law, extensible, RF64, BW64,
 * any rate and channel count. A truncated file yields the sound that is there, and a warning. @throws VoxtermError exit
 * 2 when the header is unusable, the codec is not supported or there is no sound; the last one from `samples` when the
 * length is not known beforehand.
 */
export async function readWav(reader: ByteReader, options: WavOptions): Promise<WavStream> {
  const header = await readWavHeader(reader, options.name);
  const bytesPerSecond = header.rateHz * header.channels * header.sampleBytes;
  const there = options.totalBytes === undefined ? null : options.totalBytes - reader.position;
  const soundBytes = shorter(header.dataBytes, there);
  if (soundBytes !== null && soundBytes < header.channels * header.sampleBytes) {
    throw audioFailure.noSamples(options.name);
  }
  return {
    header,
    durationMs: soundBytes === null ? undefined : (soundBytes / bytesPerSecond) * 1000,
    samples: samples(reader, header, options),
  };
}

async function* samples(
  reader: ByteReader,
  header: WavHeader,
  options: WavOptions,
): AsyncGenerator<Float32Array, void> {
  const decoder = new MonoDecoder(header);
  const start = reader.position;
  let delivered = 0;
  for await (const chunk of reader.chunks(header.dataBytes ?? Number.POSITIVE_INFINITY)) {
    const mono = decoder.decode(chunk);
    delivered += mono.length;
    if (mono.length > 0) yield mono;
  }
  if (delivered === 0) throw audioFailure.noSamples(options.name);
  const missingBytes = header.dataBytes === null ? 0 : header.dataBytes - (reader.position - start);
  if (missingBytes > 0) options.onWarning?.(truncated(options.name, header, delivered, missingBytes));
}

function truncated(name: string, header: WavHeader, delivered: number, missingBytes: number): AudioWarning {
  const haveS = delivered / header.rateHz;
  const missingS = missingBytes / (header.rateHz * header.channels * header.sampleBytes);
  return {
    code: 'audio.truncated',
    message: `${quoted(name)} is cut off: only the first ${seconds(haveS)} of ${seconds(haveS + missingS)} are there. They were used.`,
    hint: 'Copy or record it again if its end matters.',
  };
}

function seconds(s: number): string {
  return `${s.toFixed(s < 10 ? 2 : 0)} s`;
}

function shorter(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b);
}
