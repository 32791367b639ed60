import { VoxtermError } from '../../../contract/failure.js';
import { Resampler } from '../../samples/resample.js';
import { audioFailure, capital, quoted } from '../audio-failure.js';
import type { ByteReader } from '../byte-reader.js';
import { MonoDecoder } from '../mono-decoder.js';
import { type AudioWarning, seconds } from '../partial-sound.js';
import { readWavHeader, type WavHeader } from './wav-header.js';
import { nextSound, soundBytes } from './wav-sound.js';

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
 * Reads WAV from a stream in constant memory: PCM 8 to 32 bits, float 32 and 64, µ-law, A-law, extensible, RIFX, RF64,
 * BW64, any rate and channel count, and several in a row. A truncated file yields the sound that is there, and a
 * warning. @throws VoxtermError exit
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
  first: WavHeader,
  options: WavOptions,
): AsyncGenerator<Float32Array, void> {
  let delivered = 0;
  let header: WavHeader | undefined = first;
  while (header !== undefined) {
    const before = reader.position;
    for await (const mono of toRate(part(reader, header), header.rateHz, first.rateHz)) {
      delivered += mono.length;
      if (mono.length > 0) yield mono;
    }
    const missingBytes = header.dataBytes === null ? 0 : header.dataBytes - (reader.position - before);
    const following: WavHeader | undefined = await nextSound(reader, header, options.name).catch(
      (error: unknown) => {
        if (delivered === 0 || !isBrokenHeader(error)) throw error;
        return undefined; // the sound before it has been handed on
      },
    );
    if (following === undefined && missingBytes > 0 && delivered > 0) {
      options.onWarning?.(truncated(options.name, header, delivered / first.rateHz, missingBytes));
    }
    header = following;
  }
  if (delivered === 0) throw audioFailure.noSamples(options.name);
}

function isBrokenHeader(error: unknown): boolean {
  return (
    error instanceof VoxtermError && ['audio.bad-header', 'audio.unsupported-codec'].includes(error.code)
  );
}

async function* part(reader: ByteReader, header: WavHeader): AsyncGenerator<Float32Array, void> {
  const decoder = new MonoDecoder(header);
  for await (const chunk of soundBytes(reader, header.dataBytes ?? Number.POSITIVE_INFINITY)) {
    yield decoder.decode(chunk);
  }
}

/** A WAV in the same stream may have another rate than the first one. */
async function* toRate(
  samples: AsyncGenerator<Float32Array, void>,
  fromHz: number,
  toHz: number,
): AsyncGenerator<Float32Array, void> {
  if (fromHz === toHz) {
    yield* samples;
    return;
  }
  const resampler = new Resampler(fromHz, toHz);
  for await (const chunk of samples) yield resampler.process(chunk);
  yield resampler.flush();
}

function truncated(name: string, header: WavHeader, haveS: number, missingBytes: number): AudioWarning {
  const missingS = missingBytes / (header.rateHz * header.channels * header.sampleBytes);
  return {
    code: 'audio.truncated',
    message: `${capital(quoted(name))} is cut off: only the first ${seconds(haveS)} of ${seconds(haveS + missingS)} are there. They were used.`,
    hint: 'Copy or record it again if its end matters.',
  };
}

function shorter(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b);
}
