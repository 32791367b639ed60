import type { JsonObject } from '../../base/json.js';
import type { Command } from '../../contract/commands.js';
import { inputRateHz } from './profile.js';

type ItemCreate = Extract<Command, { type: 'item.create' }>;

/** One second of PCM16. The server accepts one image per second, counted in the audio sent with them. */
const secondBytes = inputRateHz * 2;
/** How often an image is sent again while the user speaks. */
const mostRepeats = 10;

/**
 * Images are not items here; they are in the buffer with the audio and are committed with it. So an image waits until
 * there is audio in the buffer ("Error append image before append audio."). If the server detects turns, an image that
 * was sent before the user spoke is often not attached to their turn, so it is sent again once a second while the user
 * speaks.
 */
export class ImageFeed {
  private readonly waiting: ItemCreate[] = [];
  /** Sent, and not yet part of a turn. */
  private shown: ItemCreate | undefined;
  private repeats = 0;
  private heardBytes = 0;
  private sinceImageBytes = Number.POSITIVE_INFINITY;
  private userSpeaks = false;
  private overlooked = false;
  /** The server detects turns. */
  private detected = true;

  /** The commands to send instead of this one. */
  revise(command: Command): readonly Command[] {
    switch (command.type) {
      case 'session.update': {
        const type = command.settings.turnDetection?.type;
        if (type !== undefined) this.detected = type === 'server' || type === 'semantic';
        return [command];
      }
      case 'audio.append':
        this.heardBytes += command.audio.length;
        this.sinceImageBytes += command.audio.length;
        return [command, ...this.due()];
      case 'audio.commit': {
        // Waiting images belong to this turn, so they are sent now.
        const rest = this.heardBytes > 0 ? this.waiting.splice(0) : [];
        this.emptied();
        return [...rest, command];
      }
      case 'audio.clear':
        this.emptied();
        return [command];
      case 'item.create':
        if (command.item.kind === 'message') this.overlooked ||= this.waiting.length > 0;
        if (command.item.kind !== 'image') return [command];
        this.waiting.push(command);
        return this.due();
      default:
        return [command];
    }
  }

  /** Takes every frame of the server. */
  observe({ type }: JsonObject): void {
    if (type === 'input_audio_buffer.speech_started') {
      this.userSpeaks = true;
      this.repeats = 0;
    } else if (type === 'input_audio_buffer.speech_stopped' || type === 'input_audio_buffer.committed') {
      if (this.userSpeaks) this.shown = undefined;
      this.userSpeaks = false;
    }
  }

  /**
   * True once after a text message that came while an image was waiting for audio: the model has not seen the image.
   */
  takeOverlooked(): boolean {
    const { overlooked } = this;
    this.overlooked = false;
    return overlooked;
  }

  private due(): readonly Command[] {
    if (this.heardBytes === 0 || this.sinceImageBytes < secondBytes) return [];
    const next = this.waiting.shift();
    if (next !== undefined) {
      this.shown = { ...next, eventId: undefined };
      return this.show(next);
    }
    if (!this.detected || !this.userSpeaks || this.shown === undefined || this.repeats >= mostRepeats)
      return [];
    this.repeats += 1;
    return this.show(this.shown);
  }

  private show(image: ItemCreate): readonly Command[] {
    this.sinceImageBytes = 0;
    return [image];
  }

  private emptied(): void {
    this.heardBytes = 0;
    this.sinceImageBytes = Number.POSITIVE_INFINITY;
    this.shown = undefined;
  }
}
