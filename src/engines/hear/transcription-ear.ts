import { wavHeader } from '../../audio/files/wav/wav-layout.js';
import { pcmOf } from '../../audio/samples/pcm16.js';
import { Resampler } from '../../audio/samples/resample.js';
import type { HearEngine } from '../core/engine-config.js';
import type { Ear, Hearing } from '../core/stages.js';
import type { EngineAnswer, EngineClient, EngineRequest } from '../http/engine-client.js';
import { engineFailure, unexpectedAnswer, withHint } from '../http/engine-failure.js';
import { refusalIn } from '../http/error-response.js';
import { errorText, quoted } from '../http/error-text.js';
import { serverEvents } from '../http/server-events.js';
import { withoutSoundNotes } from './sound-notes.js';
import { TranscriptionError, TranscriptReader } from './transcript-reader.js';

/** The rate that every recogniser accepts. */
const earRateHz = 16_000;

/** Sound to transcribe, and a callback for words that come early. */
export interface EarRequest {
  readonly samples: Int16Array;
  readonly rateHz: number;
  readonly language: string | undefined;
  /** Replaces the configured prompt. */
  readonly prompt?: string | undefined;
  readonly onWords?: ((delta: string) => void) | undefined;
}

/** Hears through `/v1/audio/transcriptions`, or the `/inference` of whisper.cpp's own server. */
export class TranscriptionEar implements Ear {
  /** Set once the engine has refused to stream. */
  private plain = false;
  /** Set once whisper.cpp's own path was what answered. */
  private ownPath: URL | undefined;

  constructor(
    private readonly client: EngineClient,
    private readonly engine: HearEngine,
  ) {}

  async hear(utterance: EarRequest, signal: AbortSignal): Promise<Hearing> {
    try {
      return { kind: 'words', text: await this.transcribe(utterance, signal) };
    } catch (error) {
      return { kind: 'unavailable', message: withHint(error) };
    }
  }

  /** @throws VoxtermError naming the engine. Empty: sound, but no words. */
  async transcribe(request: EarRequest, signal: AbortSignal): Promise<string> {
    const answer = await this.ask(request, signal);
    try {
      return withoutSoundNotes(await this.read(answer, request.onWords));
    } finally {
      answer.discard();
    }
  }

  private async ask(request: EarRequest, signal: AbortSignal): Promise<EngineAnswer> {
    try {
      return await this.client.ask(this.request(request), signal);
    } catch (error) {
      const { status, said = '' } = refusalIn(error) ?? {};
      if (status === 404 && this.ownPath === undefined && !/model/i.test(said)) {
        return this.askOwnPath(request, signal, error);
      }
      if (this.plain || status === undefined || ![400, 422, 501].includes(status)) throw error;
      this.plain = true;
      return this.client.ask(this.request(request), signal);
    }
  }

  private async askOwnPath(
    request: EarRequest,
    signal: AbortSignal,
    refusal: unknown,
  ): Promise<EngineAnswer> {
    const url = new URL('/inference', this.client.address.base);
    try {
      const answer = await this.client.ask({ ...this.request(request), url }, signal);
      this.ownPath = url;
      return answer;
    } catch (error) {
      throw refusalIn(error)?.status === 404 ? refusal : error;
    }
  }

  private request({ samples, rateHz, language, ...request }: EarRequest): EngineRequest {
    const { model } = this.engine;
    const prompt = request.prompt ?? this.engine.prompt;
    const form = new FormData();
    form.set('file', new Blob([wavOf(samples, rateHz)], { type: 'audio/wav' }), 'speech.wav');
    if (model !== undefined) form.set('model', model);
    if (language !== undefined) form.set('language', language);
    if (prompt !== undefined) form.set('prompt', prompt);
    form.set('response_format', 'json');
    if (!this.plain && this.ownPath === undefined) form.set('stream', 'true');
    return { path: '/audio/transcriptions', body: form, url: this.ownPath };
  }

  private async read(answer: EngineAnswer, onWords: EarRequest['onWords']): Promise<string> {
    const { address } = this.client;
    const reader = new TranscriptReader(onWords);
    let isPage = false;
    try {
      for await (const event of serverEvents(answer.bytes())) {
        isPage ||= event.bare && /^\s*<(?:!doctype|html|\?xml)/i.test(event.data);
        reader.take(event);
      }
    } catch (error) {
      if (error instanceof RangeError) throw unexpectedAnswer(address, error.message, 'a transcript');
      if (!(error instanceof TranscriptionError)) throw error;
      const said = quoted(error.message, address.key);
      throw engineFailure(address, 'failed', `failed: ${said}`, lookThere, error);
    }
    if (isPage) throw unexpectedAnswer(address, 'a web page', 'a transcript');
    const { transcript, strange } = reader;
    if (transcript !== undefined) return transcript;
    if (strange === undefined) {
      // Nothing but text may be empty.
      if (answer.contentType === 'application/json')
        throw unexpectedAnswer(address, 'nothing', 'a transcript');
      return '';
    }
    const what = `answered without a transcript: ${quoted(errorText(strange) ?? strange, address.key)}`;
    throw engineFailure(address, 'nonsense', what, lookThere);
  }
}

const lookThere = 'Look into its own output for the reason.';

/** PCM16 at 16 kHz, with a header. */
function wavOf(samples: Int16Array, rateHz: number): Uint8Array<ArrayBuffer> {
  const resampler = new Resampler(rateHz, earRateHz);
  const first = resampler.process(Float32Array.from(samples, (sample) => sample / 32_768));
  const sound = [pcmOf(first), pcmOf(resampler.flush())];
  const dataBytes = sound.reduce((sum, part) => sum + part.length, 0);
  const header = wavHeader({ rateHz: earRateHz, channels: 1 }, dataBytes);
  const wav = new Uint8Array(header.length + dataBytes);
  let at = 0;
  for (const part of [header, ...sound]) {
    wav.set(part, at);
    at += part.length;
  }
  return wav;
}
