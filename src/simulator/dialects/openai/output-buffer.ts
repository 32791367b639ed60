import { isObject } from '../../../base/json.js';
import type { Clock } from '../../core/clock.js';
import type { ServerEvent } from '../../core/server-event.js';

interface Playing {
  readonly responseId: string;
  readonly startedAtMs: number;
  /** How much sound each item has, in order. */
  readonly items: Map<string, number>;
}

export interface OutputBufferHost {
  send(event: ServerEvent): void;
  /** Truncates the item to what was heard. */
  truncate(itemId: string, heardMs: number): void;
  /** Playback is over, and the answer has no more sound. */
  drained(): void;
}

/** PCM16 at 24 kHz, in base64. */
const charactersPerMs = (24 * 2 * 4) / 3;

/** The sound of a call between the model and the line: it plays at real time, however fast it was made. */
export class OutputBuffer {
  private playing: Playing | undefined;
  private cancelTimer: () => void = () => {};

  constructor(
    private readonly clock: Clock,
    private readonly host: OutputBufferHost,
  ) {}

  /** Sound of an answer. The first piece begins the playback. */
  receive({ response_id, item_id, delta }: ServerEvent): void {
    if (typeof response_id !== 'string' || typeof item_id !== 'string' || typeof delta !== 'string') return;
    if (this.playing?.responseId !== response_id) {
      this.playing = { responseId: response_id, startedAtMs: this.clock.nowMs(), items: new Map() };
      this.host.send({ type: 'output_audio_buffer.started', response_id });
    }
    const { items } = this.playing;
    items.set(item_id, (items.get(item_id) ?? 0) + delta.length / charactersPerMs);
  }

  /** The answer is complete: its sound plays to the end. */
  complete({ response }: ServerEvent): void {
    const { playing } = this;
    if (playing === undefined || !isObject(response) || response.id !== playing.responseId) {
      this.host.drained();
      return;
    }
    const allMs = [...playing.items.values()].reduce((sum, ms) => sum + ms, 0);
    const restMs = Math.max(0, playing.startedAtMs + allMs - this.clock.nowMs());
    this.cancelTimer();
    this.cancelTimer = this.clock.after(restMs, () => {
      this.playing = undefined;
      this.host.send({ type: 'output_audio_buffer.stopped', response_id: playing.responseId });
      this.host.drained();
    });
  }

  /** The answer whose sound plays. */
  get responseId(): string | undefined {
    return this.playing?.responseId;
  }

  /** Silences the line at once. `only`: does so only while this answer plays. */
  clear(only = this.responseId): void {
    const { playing } = this;
    if (playing === undefined || playing.responseId !== only) return;
    this.end();
    this.host.send({ type: 'output_audio_buffer.cleared', response_id: playing.responseId });
    let heardMs = this.clock.nowMs() - playing.startedAtMs;
    for (const [itemId, ms] of playing.items) {
      if (heardMs < ms) {
        this.host.truncate(itemId, Math.max(0, Math.floor(heardMs)));
        break;
      }
      heardMs -= ms;
    }
    this.host.drained();
  }

  end(): void {
    this.cancelTimer();
    this.playing = undefined;
  }
}
