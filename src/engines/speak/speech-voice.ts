import { VoxtermError } from '../../contract/failure.js';
import { pcm24k } from '../core/audio-format.js';
import type { SpeakEngine } from '../core/engine-config.js';
import { atRate } from '../core/sample-rate.js';
import type { SpeakOptions, Voice } from '../core/stages.js';
import type { EngineClient } from '../http/engine-client.js';
import { withHint } from '../http/engine-failure.js';
import { type SpokenSound, spokenSound } from './spoken-sound.js';

export interface SpeechVoiceOptions {
  /** Whether this is the voice of a client that did not choose one; the engine's own is used then. */
  readonly defaultVoice: (name: string) => boolean;
  /** Where to look for ffmpeg; default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
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
  ): Promise<SpokenSound> {
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
      const { address } = this.client;
      return await spokenSound(answer, { address, engine: this.engine, signal, env: this.options.env });
    } catch (error) {
      answer.discard();
      throw error;
    }
  }

  private nameOf(voice: SpeakOptions['voice']): string | undefined {
    const name = typeof voice === 'string' ? voice : voice.id;
    return this.options.defaultVoice(name) ? this.engine.voice : name;
  }
}
