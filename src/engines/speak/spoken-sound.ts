import { ByteReader } from '../../audio/files/byte-reader.js';
import { beginsWithFrames } from '../../audio/files/lead-in.js';
import { MonoDecoder, type SampleLayout } from '../../audio/files/mono-decoder.js';
import { chainBytes, findFrames, frameHeader } from '../../audio/files/mpeg-frames.js';
import { type MonoChunk, resampled } from '../../audio/files/pcm-frames.js';
import { container, formatTitles, otherKind } from '../../audio/files/sniff.js';
import { readWav } from '../../audio/files/wav/wav-reader.js';
import { int16Of } from '../../audio/samples/pcm16.js';
import { isObject } from '../../base/json.js';
import { VoxtermError } from '../../contract/failure.js';
import { type SpeakEngine, settingOf } from '../core/engine-config.js';
import { toPcm16 } from '../core/sample-rate.js';
import type { EngineAddress } from '../http/engine-address.js';
import type { EngineAnswer } from '../http/engine-client.js';
import { engineFailure } from '../http/engine-failure.js';
import { errorIn, errorText, quoted } from '../http/error-text.js';

/** The rate of OpenAI's raw PCM, which most servers imitate. */
const usualRateHz = 24_000;
/** G.711 without a header. */
const telephoneRateHz = 8000;
/** So much of an answer in words is read. */
const mostWordBytes = 8192;
const headBytes = 12;

/** What a speaking engine said, as sound. */
export interface SpokenSound {
  readonly rateHz: number;
  readonly samples: AsyncGenerator<Int16Array, void>;
  /** What it came as, where that was neither PCM nor WAV: `MP3, decoded by audio-decode`. */
  readonly packed?: string | undefined;
}

export interface SoundContext {
  readonly address: EngineAddress;
  readonly engine: SpeakEngine;
  readonly signal: AbortSignal;
  /** Where to look for ffmpeg; default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * Finds out from the bytes what an engine answered with: labels are not reliable, and what is taken for PCM although it
 * is not would be noise at full volume. WAV and PCM are handed on as they arrive, packed formats are decoded where a
 * decoder is installed. @throws VoxtermError that names the engine; some only while the samples are read.
 */
export async function spokenSound(answer: EngineAnswer, context: SoundContext): Promise<SpokenSound> {
  const { address, engine } = context;
  const reader = new ByteReader(answer.bytes());
  const head = await reader.held(headBytes);
  if (head.length === 0) throw silent(address);
  const words = wordsFor(answer.contentType) ?? wordKind(head);
  if (words !== undefined) throw await inWords(address, words, reader);
  if (container(head) === 'wav') return plainWav(reader, context);
  const packed = await packedFormat(reader, answer.contentType);
  if (packed === 'packed') return unpacked(reader, context);
  if (packed !== undefined) throw refused(address, engine, packed);
  const g711 = g711Layout(answer.contentType);
  if (g711 !== undefined) {
    return { rateHz: engine.rateHz ?? telephoneRateHz, samples: decoded(reader.chunks(), g711) };
  }
  return { rateHz: engine.rateHz ?? usualRateHz, samples: wholeSamples(reader.chunks()) };
}

function silent(address: EngineAddress): VoxtermError {
  return engineFailure(
    address,
    'silent',
    'answered without sound',
    `Check ${settingOf(address, 'voice')}, and that the voice speaks this language.`,
  );
}

/** What a label says that cannot be sound. */
function wordsFor(contentType: string): string | undefined {
  if (/[/+]json$/.test(contentType)) return 'JSON';
  if (contentType === 'text/event-stream') return 'a stream of events';
  if (/^text\/html|xhtml/.test(contentType)) return 'a web page';
  if (contentType.startsWith('text/') || /[/+]xml$/.test(contentType)) return 'text';
  return undefined;
}

/** Text of any kind; samples would have to be loud and all positive to look like it. */
function wordKind(head: Uint8Array): string | undefined {
  const kind = otherKind(head.subarray(0, 512));
  if (kind === undefined || !/text|page|Git/.test(kind)) return undefined;
  const text = new TextDecoder().decode(head.subarray(0, 512)).trimStart();
  if (/^[[{]/.test(text)) return 'JSON';
  if (/^(data|event|id|retry):/.test(text)) return 'a stream of events';
  if (/^<(!doctype|html)/i.test(text)) return 'a web page';
  return 'text';
}

async function inWords(address: EngineAddress, kind: string, reader: ByteReader): Promise<VoxtermError> {
  const text = new TextDecoder().decode(await reader.peek(mostWordBytes));
  await reader.close();
  const said = kind === 'a web page' ? undefined : saidIn(kind, text);
  const quote = said === undefined ? '' : `: ${quoted(said, address.key)}`;
  return engineFailure(
    address,
    'nonsense',
    `answered with ${kind} instead of sound${quote}`,
    `Check ${settingOf(address, 'voice')}, ${settingOf(address, 'model')}, and ${settingOf(address, 'url')}, which goes up to /v1.`,
  );
}

/** The words of an error; undefined for data that is none. */
function saidIn(kind: string, text: string): string | undefined {
  if (kind === 'text') return text;
  const json = kind === 'JSON' ? text : /^data: ?(.*)$/m.exec(text)?.[1];
  try {
    const value: unknown = JSON.parse(json ?? '');
    // Events have a type that says nothing about an error.
    return kind === 'JSON' || !isObject(value) ? errorText(value) : errorIn(value);
  } catch {
    return undefined;
  }
}

/** `packed` for a format that a decoder may know, words for what it cannot be, undefined for samples. */
async function packedFormat(reader: ByteReader, contentType: string): Promise<string | undefined> {
  const head = await reader.held(headBytes);
  if (container(head) !== undefined) return 'packed';
  const text = Buffer.from(head.subarray(0, 8)).toString('latin1');
  if (text.startsWith('ID3') || text === 'APETAGEX') return 'packed';
  const other = otherKind(head);
  if (other !== undefined) return other.replace(/^it is /, '');
  const labelled = /mpeg|mp3|aac|mp4|m4a|ogg|opus|flac|webm/.test(contentType);
  // A frame begins with bits that two samples may have as well.
  if (frameHeader(head) === undefined && !labelled) return undefined;
  if (await beginsWithFrames(reader)) return 'packed';
  if (!labelled) return undefined;
  const isFrame = frameHeader(head) !== undefined || findFrames(await reader.peek(chainBytes)) !== undefined;
  return isFrame ? 'packed' : undefined;
}

async function plainWav(reader: ByteReader, context: SoundContext): Promise<SpokenSound> {
  reader.remember();
  try {
    const wav = await readWav(reader, { name: `the sound of ${context.address.shown}` });
    reader.forget();
    return { rateHz: wav.header.rateHz, samples: pcm16(wav.samples) };
  } catch (error) {
    const other = error instanceof VoxtermError && error.code === 'audio.unsupported-codec';
    if (!other || !reader.rewind()) throw error;
    return unpacked(reader, context);
  }
}

async function unpacked(reader: ByteReader, context: SoundContext): Promise<SpokenSound> {
  const { address, engine, signal, env } = context;
  // Loaded when it is needed: engines usually send what was asked for.
  const { decodeSound } = await import('../../audio/decode.js');
  const over = new AbortController();
  const onKill = (kill: () => void): void => signal.addEventListener('abort', kill, { signal: over.signal });
  const title = await titleOf(reader);
  const failed = (error: unknown): unknown => {
    if (!(error instanceof VoxtermError) || !error.code.startsWith('audio.')) return error;
    const missing = error.code === 'audio.decoder-missing' || error.code === 'audio.unsupported-codec';
    return refused(address, engine, title, missing ? 'no decoder' : 'not decoded', error);
  };
  try {
    const source = { name: `the sound of ${address.shown}` };
    const sound = await decodeSound(reader, source, { rateHz: usualRateHz, env }, onKill);
    return {
      rateHz: usualRateHz,
      samples: pcm16(resampled(explained(sound.chunks, failed, over), usualRateHz)),
      packed: `${sound.format}, decoded by ${sound.decodedBy}`,
    };
  } catch (error) {
    throw failed(error);
  }
}

async function titleOf(reader: ByteReader): Promise<string> {
  const head = await reader.held(headBytes);
  const format = container(head) ?? frameHeader(head) ?? 'mp3';
  return format === 'wav' ? 'WAV in another codec than PCM' : formatTitles[format];
}

/** The engine answered with something that cannot be played here. */
function refused(
  address: EngineAddress,
  engine: SpeakEngine,
  what: string,
  why: 'no decoder' | 'not decoded' | 'no sound' = 'no sound',
  cause?: unknown,
): VoxtermError {
  const other = engine.format === 'wav' ? 'pcm' : 'wav';
  const set = `Set ${settingOf(address, 'format')} to "${other}"`;
  const failed = why === 'not decoded' ? ', and it cannot be decoded' : '';
  const hint =
    why === 'no decoder'
      ? `${set}, or install a decoder: "npm install audio-decode", or ffmpeg so that it is on the PATH.`
      : `${set}.`;
  return engineFailure(
    address,
    'packed',
    `answered with ${what} instead of plain sound${failed}`,
    hint,
    cause,
  );
}

async function* explained(
  chunks: AsyncGenerator<MonoChunk, void>,
  failed: (error: unknown) => unknown,
  over: AbortController,
): AsyncGenerator<MonoChunk, void> {
  try {
    yield* chunks;
  } catch (error) {
    throw failed(error);
  } finally {
    over.abort();
  }
}

/** Telephone sound by its label alone: its bytes could be anything. */
function g711Layout(contentType: string): SampleLayout | undefined {
  if (/^audio\/(basic|pcmu|(x-)?mu-?law|(x-)?ulaw)$/.test(contentType)) {
    return { encoding: 'mu-law', sampleBytes: 1, channels: 1 };
  }
  if (/^audio\/(pcma|(x-)?a-?law(-basic)?)$/.test(contentType)) {
    return { encoding: 'a-law', sampleBytes: 1, channels: 1 };
  }
  return undefined;
}

async function* decoded(
  chunks: AsyncIterable<Uint8Array>,
  layout: SampleLayout,
): AsyncGenerator<Int16Array, void> {
  const decoder = new MonoDecoder(layout);
  for await (const chunk of chunks) yield toPcm16(decoder.decode(chunk));
}

/** The network may split a sample. */
async function* wholeSamples(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Int16Array, void> {
  let half: Uint8Array | undefined;
  for await (const chunk of chunks) {
    const bytes = half === undefined ? chunk : Buffer.concat([half, chunk]);
    half = bytes.length % 2 === 1 ? bytes.slice(-1) : undefined;
    if (bytes.length > 1) yield int16Of(bytes);
  }
}

async function* pcm16(samples: AsyncIterable<Float32Array>): AsyncGenerator<Int16Array, void> {
  for await (const chunk of samples) yield toPcm16(chunk);
}
