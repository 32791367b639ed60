import type { Readable } from 'node:stream';
import { VoxtermError } from '../contract/failure.js';
import { allowedFormats } from './files/allowed-formats.js';
import { AmrFrames } from './files/amr-frames.js';
import { audioFailure } from './files/audio-failure.js';
import { ByteReader } from './files/byte-reader.js';
import { type ByteSource, openByteSource } from './files/byte-source.js';
import { claimBytes, claimedMs } from './files/claimed-length.js';
import { ffmpegDecode } from './files/ffmpeg-decoder.js';
import { recogniseFormat } from './files/lead-in.js';
import { isPackaged, packagedDecode, packagedStreams } from './files/packaged-decoder.js';
import { type AudioWarning, warnedIfPartial } from './files/partial-sound.js';
import { type MonoChunk, pcmFrames } from './files/pcm-frames.js';
import { plainMs, plainSound, readPlainHeader } from './files/plain-sound.js';
import { type AudioFormat, formatTitles } from './files/sniff.js';
import { readWav } from './files/wav/wav-reader.js';

export interface DecodeOptions {
  /** Rate of the sound, in Hz, for decoders that convert it; the others keep the recording's. */
  readonly rateHz: number;
  /** Where to look for ffmpeg; default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** The recording is usable, but incomplete. */
  readonly onWarning?: ((warning: AudioWarning) => void) | undefined;
}

/** `rateHz` is that of the frames: the provider's input rate. */
export interface AudioInputOptions extends DecodeOptions {
  /** Source of `-`; default `process.stdin`. */
  readonly stdin?: Readable | undefined;
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
}

/** A recording whose format was found out, and how to read it. */
interface Recording {
  readonly reader: ByteReader;
  /** Undefined where only ffmpeg may know it. */
  readonly format: AudioFormat | undefined;
  readonly looksLike: string;
  readonly source: Pick<ByteSource, 'name' | 'path' | 'totalBytes'>;
  readonly options: DecodeOptions;
  /** Takes what ends a decoder that is still at work. */
  readonly onKill: (kill: () => void) => void;
}

/**
 * Opens a recording: a path, or `-` for standard input. The first bytes decide the format. WAV, and AIFF and AU without
 * compression, are decoded here; other formats by the optional package `audio-decode` or by `ffmpeg`, whichever does it
 * in constant memory; and ffmpeg is asked for all that is not recognised. @throws VoxtermError exit 2 when it is
 * missing, unreadable, empty, not audio, without sound, or without a decoder.
 */
export async function openAudio(source: string, options: AudioInputOptions): Promise<AudioInput> {
  options.signal?.throwIfAborted();
  const opened = await openByteSource(source, options.stdin);
  const kills: (() => void)[] = [];
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= (async () => {
      options.signal?.removeEventListener('abort', onAbort);
      for (const kill of kills) kill();
      await opened.close();
    })();
    return closing;
  };
  const onAbort = () => void close();
  options.signal?.addEventListener('abort', onAbort);
  try {
    options.signal?.throwIfAborted();
    const onKill = (kill: () => void) => void kills.push(kill);
    const sound = await decodeSound(new ByteReader(opened.bytes), opened, options, onKill);
    const frames = closingAfter(pcmFrames(sound.chunks, options.rateHz), close, () => {
      options.signal?.throwIfAborted();
      return closing !== undefined;
    });
    return { ...sound, name: opened.name, frames, close };
  } catch (error) {
    await close();
    options.signal?.throwIfAborted();
    throw error;
  }
}

/** A recording as it comes out of its decoder. */
export interface DecodedSound {
  readonly format: string;
  readonly decodedBy: AudioInput['decodedBy'];
  readonly durationMs: number | undefined;
  readonly chunks: AsyncGenerator<MonoChunk, void>;
}

/**
 * Decodes what a reader is at the beginning of. `onKill` gets what ends a decoder before its end. @throws VoxtermError
 * as `openAudio` does, if not at once then while the chunks are read.
 */
export async function decodeSound(
  reader: ByteReader,
  source: Pick<ByteSource, 'name' | 'path' | 'totalBytes'>,
  options: DecodeOptions,
  onKill: (kill: () => void) => void,
): Promise<DecodedSound> {
  if ((await reader.peek(1)).length === 0) throw audioFailure.empty(source.name);
  const found = await recogniseFormat(reader);
  if ('looksLike' in found && found.certain) {
    throw audioFailure.notAudio(source.name, found.looksLike, await allowedFormats(options.env));
  }
  const format = 'format' in found ? found.format : undefined;
  const looksLike = 'looksLike' in found ? found.looksLike : '';
  const decoding = await decode({ reader, format, looksLike, source, options, onKill });
  const title = format === undefined ? 'a format that ffmpeg knows' : formatTitles[format];
  return { ...decoding, durationMs: decoding.durationMs, format: title };
}

async function decode(recording: Recording): Promise<Decoding> {
  const { format, source } = recording;
  if (format === undefined) return decodeUnknown(recording);
  if (format === 'wav') return decodeWav(recording);
  if (format === 'aiff' || format === 'au') {
    const plain = await decodePlain(recording, format);
    if (plain !== undefined) return plain;
  }
  const decoding = packageFirst(format, source.path === undefined)
    ? ((await byPackage(recording, format)) ?? (await byFfmpeg(recording, format)))
    : ((await byFfmpeg(recording, format)) ?? (await byPackage(recording, format)));
  if (decoding === undefined) {
    throw audioFailure.decoderMissing(source.name, formatTitles[format], isPackaged(format));
  }
  // A pipe may be silent for long.
  return source.path === undefined ? decoding : begun(decoding);
}

/**
 * ffmpeg streams what the package would hold in memory as a whole. But it cannot seek in a pipe, where the package
 * reads M4A and others whose tables come last; and it leaves out the pauses of AMR.
 */
function packageFirst(format: AudioFormat, isPipe: boolean): boolean {
  const needsSeeking = format === 'm4a' || format === 'caf' || format === 'aiff';
  return packagedStreams(format) || format === 'amr' || (isPipe && needsSeeking);
}

/** Waits for the first sound, so that a file which cannot be decoded is refused before anything else begins. */
async function begun(decoding: Decoding): Promise<Decoding> {
  const first = await decoding.chunks.next();
  return { ...decoding, chunks: after(first.done === true ? [] : [first.value], decoding.chunks) };
}

async function* after<T>(first: readonly T[], others: AsyncGenerator<T, void>): AsyncGenerator<T, void> {
  try {
    yield* first;
    yield* others;
  } finally {
    await others.return();
  }
}

async function byPackage(recording: Recording, format: AudioFormat): Promise<Decoding | undefined> {
  const { reader, source, options, onKill } = recording;
  // What has arrived is enough: a pipe may be silent after its header.
  const claimed = claimedMs(format, (await reader.held(1)).subarray(0, claimBytes));
  reader.remember();
  const decoder = await packagedDecode({ name: source.name, format, bytes: reader.chunks() });
  if (decoder === undefined) return undefined;
  let isKilled = false;
  let isReplaced = false;
  onKill(() => {
    isKilled = true;
    decoder.kill();
  });
  const chunks = orElse(decoder.chunks, reader, async () => {
    if (isKilled || !reader.rewind()) return undefined;
    isReplaced = true;
    return byFfmpeg(recording, format);
  });
  const part = {
    name: source.name,
    claimedMs: () => (isReplaced ? undefined : claimed),
    damage: () => (isReplaced ? undefined : decoder.damage()),
    onWarning: options.onWarning,
  };
  return { decodedBy: 'audio-decode', chunks: warnedIfPartial(chunks, part) };
}

/** ffmpeg knows more of each format: it gets what the package could not decode from the beginning on. */
async function* orElse(
  chunks: AsyncGenerator<MonoChunk, void>,
  reader: ByteReader,
  another: () => Promise<Decoding | undefined>,
): AsyncGenerator<MonoChunk, void> {
  let delivered = false;
  try {
    for await (const chunk of chunks) {
      if (!delivered) reader.forget();
      delivered = true;
      yield chunk;
    }
  } catch (error) {
    const failed = error instanceof VoxtermError && error.code === 'audio.decode-failed';
    const decoding = !delivered && failed ? await another() : undefined;
    if (decoding === undefined) throw error;
    yield* decoding.chunks;
  }
}

async function byFfmpeg(
  { reader, source, options, onKill }: Recording,
  format: AudioFormat | undefined,
  otherwise?: (words: string) => VoxtermError,
): Promise<Decoding | undefined> {
  const { name, path, totalBytes } = source;
  const frames = format === 'amr' ? new AmrFrames() : undefined;
  const input = {
    name,
    format: format && formatTitles[format],
    path: frames === undefined ? path : undefined,
    // Places inside the file count from where it begins, which is behind what another program put before it.
    part:
      reader.position > 0 && totalBytes !== undefined ? { from: reader.position, to: totalBytes } : undefined,
    bytes: counted(reader.chunks(), frames),
    fillGaps: frames !== undefined,
    otherwise,
  };
  const decoder = await ffmpegDecode(input, options.rateHz, options.env ?? process.env);
  if (decoder === undefined) return undefined;
  onKill(() => decoder.kill());
  const claimed = () => frames?.durationMs ?? decoder.claimedMs();
  const chunks = frames === undefined ? decoder.chunks : filledUp(decoder.chunks, frames, options.rateHz);
  const part = {
    name,
    claimedMs: claimed,
    damage: (complete: boolean) => decoder.damage(complete),
    onWarning: options.onWarning,
  };
  return { decodedBy: 'ffmpeg', chunks: warnedIfPartial(chunks, part) };
}

async function* counted(
  bytes: AsyncIterable<Uint8Array>,
  frames: AmrFrames | undefined,
): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of bytes) {
    frames?.push(chunk);
    yield chunk;
  }
}

/** The pause at the end of AMR, which ffmpeg leaves out as well. */
async function* filledUp(
  chunks: AsyncGenerator<MonoChunk, void>,
  frames: AmrFrames,
  rateHz: number,
): AsyncGenerator<MonoChunk, void> {
  let samples = 0;
  for await (const chunk of chunks) {
    samples += chunk.samples.length;
    yield chunk;
  }
  for (let left = Math.round((frames.durationMs * rateHz) / 1000) - samples; left > 0; left -= rateHz) {
    yield { samples: new Float32Array(Math.min(left, rateHz)), rateHz };
  }
}

/** What no magic number of ours matches: ffmpeg knows hundreds of formats. */
async function decodeUnknown(recording: Recording): Promise<Decoding> {
  const { source, looksLike, options } = recording;
  const allowed = await allowedFormats(options.env);
  const decoding = await byFfmpeg(recording, undefined, (words) =>
    audioFailure.notAudio(source.name, `${looksLike}, and ffmpeg cannot read it (${words})`, allowed),
  );
  if (decoding === undefined) throw audioFailure.notAudio(source.name, looksLike, allowed);
  return source.path === undefined ? decoding : begun(decoding);
}

async function decodePlain(recording: Recording, format: 'aiff' | 'au'): Promise<Decoding | undefined> {
  const { reader, source, options } = recording;
  reader.remember();
  const header = await readPlainHeader(format, reader);
  if (header === undefined) {
    if (reader.rewind()) return undefined;
    throw audioFailure.decoderMissing(source.name, formatTitles[format], false);
  }
  reader.forget();
  const durationMs = plainMs(header);
  const { onWarning } = options;
  const part = { name: source.name, claimedMs: () => durationMs, onWarning };
  return {
    decodedBy: 'voxterm',
    durationMs,
    chunks: warnedIfPartial(plainSound(reader, header, source.name), part),
  };
}

/** WAV is decoded here, except for codecs that only ffmpeg knows. */
async function decodeWav(recording: Recording): Promise<Decoding> {
  const { reader, source, options } = recording;
  const { name, totalBytes } = source;
  reader.remember();
  try {
    const { header, durationMs, samples } = await readWav(reader, {
      name,
      totalBytes,
      onWarning: options.onWarning,
    });
    reader.forget();
    return { decodedBy: 'voxterm', durationMs, chunks: atRate(samples, header.rateHz) };
  } catch (error) {
    const unreadable =
      error instanceof VoxtermError && ['audio.unsupported-codec', 'audio.bad-header'].includes(error.code);
    if (!unreadable || !reader.rewind()) throw error;
    const decoding = await byFfmpeg(recording, 'wav', () => error);
    if (decoding === undefined) throw error;
    return source.path === undefined ? decoding : begun(decoding);
  }
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
