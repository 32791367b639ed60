import { ByteReader } from '../../audio/files/byte-reader.js';
import { readWav } from '../../audio/files/wav-reader.js';
import { int16Of } from '../../audio/samples/pcm16.js';
import { VoxtermError } from '../../contract/failure.js';
import { pcm24k } from '../core/audio-format.js';
import { type SpeakEngine, settingOf } from '../core/engine-config.js';
import { atRate, toPcm16 } from '../core/sample-rate.js';
import type { SpeakOptions, Voice } from '../core/stages.js';
import type { EngineAnswer, EngineClient } from '../http/engine-client.js';
import { engineFailure, unexpectedAnswer, withHint } from '../http/engine-failure.js';

/** The rate of OpenAI's raw PCM, which most servers imitate. */
const usualRateHz = 24_000;

export interface SpeechVoiceOptions {
  /** Whether this is the voice of a client that did not choose one; the engine's own is used then. */
  readonly defaultVoice: (name: string) => boolean;
}

/** Speaks through `/v1/audio/speech`, a sentence at a time, and hands over sound as it arrives. */
export class SpeechVoice implements Voice {
  constructor(
    private readonly client: EngineClient,
    private readonly engine: SpeakEngine,
    private readonly options: SpeechVoiceOptions,
  ) {}

  async *speak(sentence: string, options: SpeakOptions): AsyncGenerator<Int16Array, void> {
    try {
      const { rateHz, samples } = await this.pronounce(sentence, options, options.signal);
      yield* atRate(samples, rateHz, pcm24k.rate);
    } catch (error) {
      if (options.signal.aborted) return;
      throw error instanceof VoxtermError ? new Error(withHint(error), { cause: error }) : error;
    }
  }

  /** @throws VoxtermError naming the engine; some of them only while the samples are read. */
  async pronounce(
    sentence: string,
    { voice, speed }: Pick<SpeakOptions, 'voice' | 'speed'>,
    signal: AbortSignal,
  ): Promise<{ rateHz: number; samples: AsyncGenerator<Int16Array, void> }> {
    const { model, format = 'pcm' } = this.engine;
    const name = this.nameOf(voice);
    const body = {
      ...(model === undefined ? {} : { model }),
      ...(name === undefined ? {} : { voice: name }),
      input: sentence,
      response_format: format,
      ...(speed === 1 ? {} : { speed }),
    };
    const answer = await this.client.ask({ path: '/audio/speech', body }, signal);
    try {
      return await this.decode(answer);
    } catch (error) {
      answer.discard();
      throw error;
    }
  }

  private nameOf(voice: SpeakOptions['voice']): string | undefined {
    const name = typeof voice === 'string' ? voice : voice.id;
    return this.options.defaultVoice(name) ? this.engine.voice : name;
  }

  /** Detects the format from the bytes: servers send WAV for PCM and vice versa. */
  private async decode(
    answer: EngineAnswer,
  ): Promise<{ rateHz: number; samples: AsyncGenerator<Int16Array, void> }> {
    const { address } = this.client;
    if (/^(application\/json|text\/)/.test(answer.contentType)) {
      throw unexpectedAnswer(address, answer.contentType, 'sound');
    }
    const reader = new ByteReader(answer.bytes());
    const head = Buffer.from(await reader.peek(12)).toString('latin1');
    if (head === '') {
      throw engineFailure(
        address,
        'silent',
        'answered without sound',
        `Check ${settingOf(address, 'voice')}, and that the voice speaks this language.`,
      );
    }
    const packed = packedFormat(head, answer.contentType);
    if (packed !== undefined) {
      const other = this.engine.format === 'wav' ? 'pcm' : 'wav';
      const hint = `Set ${settingOf(address, 'format')} to "${other}".`;
      throw engineFailure(address, 'packed', `answered with ${packed} instead of plain sound`, hint);
    }
    if (!/^(RIFF|RF64|BW64)/.test(head)) {
      return { rateHz: this.engine.rateHz ?? usualRateHz, samples: wholeSamples(reader.chunks()) };
    }
    const wav = await readWav(reader, { name: `the sound of ${address.shown}` });
    return { rateHz: wav.header.rateHz, samples: pcm16(wav.samples) };
  }
}

function packedFormat(head: string, contentType: string): string | undefined {
  if (head.startsWith('OggS')) return 'Ogg';
  if (head.startsWith('fLaC')) return 'FLAC';
  // The beginning of an MP3 frame could be two samples as well.
  const mp3 = /mpeg|mp3/.test(contentType) && /^\u00ff[\u00e0-\u00ff]/.test(head);
  if (mp3 || head.startsWith('ID3')) return 'MP3';
  if (head.startsWith('\u001aE\u00df\u00a3')) return 'WebM';
  if (head.slice(4, 8) === 'ftyp') return 'MP4';
  return undefined;
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
