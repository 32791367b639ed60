import { type AudioFormat, decodeAudio, rateOf, toMs } from '../../engines/core/audio-format.js';
import type { SpeechEdge, Stages, TurnDetector } from '../../engines/core/stages.js';
import { Refusal } from '../core/refusal.js';
import type { SessionConfig, TurnDetectionConfig } from '../requests/session-config.js';
import { SampleBuffer } from './sample-buffer.js';

/** OpenAI's limit for one `input_audio_buffer.append`. */
const maxAppendBytes = 15 * 1024 * 1024;
/** The real server does not commit less. */
const minCommitMs = 100;
/** How much is kept without a commit, and how much of a silence. */
const maxBufferedS = 600;
const maxSilenceS = 30;

export type TurnEdge =
  | { readonly type: 'started'; readonly audioStartMs: number }
  | {
      readonly type: 'stopped';
      readonly audioEndMs: number;
      readonly samples: Int16Array;
      /** How long was spoken, without the silence around it. */
      readonly speechMs: number;
    };

/** The input audio buffer: appended sound, where turns begin and end in it, and what is committed. */
export class InputAudio {
  private format: AudioFormat;
  private turns: TurnDetectionConfig | null;
  private detector: TurnDetector | undefined;
  /** How the open turn began; undefined during silence. */
  private opened: SpeechEdge | undefined;
  private buffer: SampleBuffer;
  /** Where the detector's counting began, and what was heard in an earlier format. */
  private detectorStart = 0;
  private earlierMs = 0;

  constructor(
    { format, turn_detection }: SessionConfig['audio']['input'],
    private readonly newDetector: Stages['detector'],
  ) {
    this.format = format;
    this.turns = turn_detection;
    this.buffer = this.newBuffer();
    this.detector = this.makeDetector();
  }

  get rateHz(): number {
    return rateOf(this.format);
  }

  /** Milliseconds of sound received in this session. */
  get receivedMs(): number {
    return this.msAt(this.buffer.end);
  }

  /** New settings. An open turn continues only if neither turn detection nor the format changed. */
  configure({ format, turn_detection }: SessionConfig['audio']['input']): void {
    const sameFormat = JSON.stringify(format) === JSON.stringify(this.format);
    if (sameFormat && JSON.stringify(turn_detection) === JSON.stringify(this.turns)) return;
    if (!sameFormat) {
      this.earlierMs = this.receivedMs;
      this.format = format;
      this.buffer = this.newBuffer();
    }
    this.turns = turn_detection;
    this.opened = undefined;
    this.detector = this.makeDetector();
  }

  /**
   * @returns where turns began and ended in this sound.
   * @throws Refusal when it is too long or not base64.
   */
  append(base64: string): TurnEdge[] {
    const samples = this.decode(base64);
    this.buffer.append(samples);
    const edges = (this.detector?.push(samples) ?? []).map((edge) =>
      edge.type === 'start' ? this.started(edge) : this.stopped(edge),
    );
    if (this.detector !== undefined && this.opened === undefined) {
      this.buffer.dropBefore(this.buffer.end - maxSilenceS * this.rateHz);
    }
    return edges;
  }

  /** @throws Refusal when it is too long or not base64. */
  decode(base64: string): Int16Array {
    return decodeAudio(decodeBase64(base64), this.format);
  }

  private started(edge: SpeechEdge): TurnEdge {
    this.opened = edge;
    return { type: 'started', audioStartMs: this.msAt(this.detectorStart + edge.sample) };
  }

  private stopped(edge: SpeechEdge): TurnEdge {
    const begin = this.opened ?? edge;
    this.opened = undefined;
    return {
      type: 'stopped',
      audioEndMs: this.msAt(this.detectorStart + edge.sample),
      samples: this.buffer.take(this.detectorStart + begin.sample),
      speechMs: toMs(edge.speechSample - begin.speechSample, this.rateHz),
    };
  }

  /**
   * Takes all buffered sound.
   * @throws Refusal when there is less than 100 ms.
   */
  commit(): Int16Array {
    const bufferedMs = (this.buffer.length * 1000) / this.rateHz;
    if (bufferedMs < minCommitMs) {
      throw new Refusal(
        `Error committing input audio buffer: buffer too small. Expected at least ${minCommitMs}ms of audio, but buffer only has ${bufferedMs.toFixed(2)}ms of audio.`,
        { code: 'input_audio_buffer_commit_empty' },
      );
    }
    const samples = this.buffer.take();
    this.forgetTurn();
    return samples;
  }

  clear(): void {
    this.buffer.take();
    this.forgetTurn();
  }

  private forgetTurn(): void {
    this.opened = undefined;
    this.detector?.reset();
  }

  private makeDetector(): TurnDetector | undefined {
    this.detectorStart = this.buffer.end;
    const { turns, rateHz } = this;
    if (turns === null) return undefined;
    if (turns.type === 'semantic_vad') {
      return this.newDetector({
        rateHz,
        threshold: 0.5,
        silenceMs: semanticSilenceMs[turns.eagerness],
        prefixPaddingMs: 300,
      });
    }
    return this.newDetector({
      rateHz,
      threshold: turns.threshold,
      silenceMs: turns.silence_duration_ms,
      prefixPaddingMs: turns.prefix_padding_ms,
    });
  }

  private newBuffer(): SampleBuffer {
    return new SampleBuffer(maxBufferedS * this.rateHz);
  }

  private msAt(sample: number): number {
    return this.earlierMs + toMs(sample, this.rateHz);
  }
}

/** Semantic detection is simulated by silence: nothing here can tell whether a sentence is finished. */
const semanticSilenceMs = { low: 1500, medium: 800, auto: 800, high: 400 } as const;

function decodeBase64(text: string): Buffer {
  if (text.length > Math.ceil((maxAppendBytes * 4) / 3) + 4) {
    throw new Refusal(
      `Invalid 'audio': string too long. Expected at most ${maxAppendBytes} bytes of audio.`,
      {
        code: 'string_above_max_length',
        param: 'audio',
      },
    );
  }
  if (text.length % 4 === 1 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw new Refusal("Invalid 'audio'. Expected base64-encoded audio bytes, but got an invalid value.", {
      code: 'invalid_value',
      param: 'audio',
    });
  }
  return Buffer.from(text, 'base64');
}
