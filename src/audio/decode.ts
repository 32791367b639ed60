import type { Readable } from 'node:stream';
import { audioFailure } from './files/audio-failure.js';
import { ByteReader } from './files/byte-reader.js';
import { type ByteSource, openByteSource } from './files/byte-source.js';
import { ffmpegDecode } from './files/ffmpeg-decoder.js';
import { packagedDecoder, packagedStreams } from './files/packaged-decoder.js';
import { type MonoChunk, pcmFrames } from './files/pcm-frames.js';
import { type AudioFormat, formatTitles, sniff, sniffBytes } from './files/sniff.js';
import { type AudioWarning, readWav } from './files/wav-reader.js';

export interface AudioInputOptions {
  /** Rate of the frames, in Hz: the provider's input rate. */
  readonly rateHz: number;
  /** Source of `-`; default `process.stdin`. */
  readonly stdin?: Readable | undefined;
  /** Where to look for ffmpeg; default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** The recording is usable, but incomplete. */
  readonly onWarning?: ((warning: AudioWarning) => void) | undefined;
  /** Closes the input, also while it is being opened. */
  readonly signal?: AbortSignal | undefined;
}

/** A recording, ready to be read once. */
export interface AudioInput {
  /** The path as given, or `standard input`. */
  readonly name: string;
  /** For people: `WAV`, `MP3`, … */
  readonly format: string;
  readonly decodedBy: 'voxterm' | 'audio-decode' | 'ffmpeg';
  /** From the header; undefined for pipes and compressed formats. */
  readonly durationMs: number | undefined;
  /**
   * PCM16 little-endian mono at `rateHz`, 20 ms each, the last one padded with silence. Read in constant memory, as
   * fast as they are consumed. Leaving the loop closes the input.
   * @throws VoxtermError exit 2 when the recording turns out to be unreadable or without sound.
   */
  readonly frames: AsyncGenerator<Uint8Array, void>;
  /** Closes the file, pipe or child process. May be called twice. */
  close(): Promise<void>;
}

interface Decoding {
  readonly decodedBy: AudioInput['decodedBy'];
  readonly durationMs?: number | undefined;
  readonly chunks: AsyncGenerator<MonoChunk, void>;
  readonly kill?: (() => void) | undefined;
}

/**
 * Opens a recording: a path, or `-` for standard input. The first bytes decide the format. WAV is decoded here; other
 * formats by the optional package `audio-decode` or by `ffmpeg`, whichever does it in constant memory. @throws
 * VoxtermError exit 2 when it is missing, unreadable, empty, not audio, without sound, or without a decoder.
 */
export async function openAudio(source: string, options: AudioInputOptions): Promise<AudioInput> {
  options.signal?.throwIfAborted();
  const opened = await openByteSource(source, options.stdin);
  const reader = new ByteReader(opened.bytes);
  let decoding: Decoding | undefined;
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= (async () => {
      options.signal?.removeEventListener('abort', onAbort);
      decoding?.kill?.();
      await opened.close();
    })();
    return closing;
  };
  const onAbort = () => void close();
  options.signal?.addEventListener('abort', onAbort);
  try {
    options.signal?.throwIfAborted();
    const format = await recognise(reader, opened.name);
    decoding = await decode(format, reader, opened, options);
    const { decodedBy, durationMs, chunks } = decoding;
    const frames = closingAfter(pcmFrames(chunks, options.rateHz), close, () => {
      options.signal?.throwIfAborted();
      return closing !== undefined;
    });
    return { name: opened.name, format: formatTitles[format], decodedBy, durationMs, frames, close };
  } catch (error) {
    await close();
    options.signal?.throwIfAborted();
    throw error;
  }
}

async function recognise(reader: ByteReader, name: string): Promise<AudioFormat> {
  const head = await reader.peek(sniffBytes);
  if (head.length === 0) throw audioFailure.empty(name);
  const found = sniff(head);
  if ('looksLike' in found) throw audioFailure.notAudio(name, found.looksLike);
  return found.format;
}

async function decode(
  format: AudioFormat,
  reader: ByteReader,
  source: ByteSource,
  options: AudioInputOptions,
): Promise<Decoding> {
  if (format === 'wav') return decodeWav(reader, source, options);
  const byPackage = async (): Promise<Decoding | undefined> => {
    const decoder = await packagedDecoder(format);
    return decoder && { decodedBy: 'audio-decode', chunks: decoder(reader.chunks(), source.name) };
  };
  const byFfmpeg = async (): Promise<Decoding | undefined> => {
    const input = {
      name: source.name,
      format: formatTitles[format],
      path: source.path,
      bytes: reader.chunks(),
    };
    const output = await ffmpegDecode(input, options.rateHz, options.env ?? process.env);
    return output && { decodedBy: 'ffmpeg', ...output };
  };
  // ffmpeg streams what the package would hold in memory as a whole; but it cannot seek in a pipe.
  const packageFirst = packagedStreams(format) || source.path === undefined;
  const [first, second] = packageFirst ? [byPackage, byFfmpeg] : [byFfmpeg, byPackage];
  const decoding = (await first()) ?? (await second());
  if (decoding === undefined) throw audioFailure.decoderMissing(source.name, formatTitles[format]);
  return decoding;
}

async function decodeWav(
  reader: ByteReader,
  { name, totalBytes }: ByteSource,
  { onWarning }: AudioInputOptions,
): Promise<Decoding> {
  const { header, durationMs, samples } = await readWav(reader, { name, totalBytes, onWarning });
  return { decodedBy: 'voxterm', durationMs, chunks: atRate(samples, header.rateHz) };
}

async function* atRate(
  samples: AsyncIterable<Float32Array>,
  rateHz: number,
): AsyncGenerator<MonoChunk, void> {
  for await (const chunk of samples) yield { samples: chunk, rateHz };
}

/** Closing the input while it is being read ends the loop without an error about the closed file. */
async function* closingAfter<T>(
  items: AsyncGenerator<T, void>,
  close: () => Promise<void>,
  wasClosed: () => boolean,
): AsyncGenerator<T, void> {
  try {
    yield* items;
  } catch (error) {
    if (!wasClosed()) throw error;
  } finally {
    await close();
  }
}
