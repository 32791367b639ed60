import type { RealtimeInput } from './client-message.js';
import { ClosingError, invalidArgument } from './closing-error.js';
import { InputSound, lengthMs, silence } from './input-sound.js';
import type { Blob } from './protobuf-json.js';
import { append, clear, commit, createResponse, imageOf, userText } from './requests.js';
import type { Settings } from './settings.js';

/** How the user's input affects the model's turn. */
export interface TurnControl {
  /** The user interrupts: ends the model's turn. */
  interrupt(): void;
  /** The client ended a turn. Returns whether it can be answered now; if not, it is answered later. */
  answer(): boolean;
}

/** Shorter activity does not count as a turn. */
const leastTurnMs = 100;

/** `realtimeInput`: sound, images, text, and explicit activity signals. */
export class LiveInput {
  private readonly sound = new InputSound();
  /** Sound received since `activityStart`; undefined outside of an activity. */
  private activityMs: number | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly control: TurnControl,
  ) {}

  /**
   * The requests for this input.
   * @throws ClosingError where it is not allowed, or is not exactly one kind of input.
   */
  read(input: RealtimeInput): readonly unknown[] {
    const { audio, video, text, audioStreamEnd, activityStart, activityEnd, mediaChunks } = input;
    const { detection } = this.settings;
    if (Object.values(input).filter((field) => field !== undefined).length !== 1) throw invalidArgument();
    if (audio !== undefined) return this.hearSound(audio);
    if (video !== undefined) {
      imageOf(video);
      return [];
    }
    if (text !== undefined) {
      this.control.interrupt();
      return [userText(text), createResponse];
    }
    if (activityStart !== undefined || activityEnd !== undefined) {
      if (detection !== null) {
        throw new ClosingError(
          1007,
          'Explicit activity control is not supported when automatic activity detection is enabled.',
        );
      }
      return activityStart === undefined ? this.endActivity() : this.startActivity();
    }
    if (audioStreamEnd === true && detection !== null) {
      return [append(silence(detection.silenceMs + leastTurnMs))];
    }
    return mediaChunks === undefined ? [] : this.hearChunks(mediaChunks);
  }

  private hearChunks(chunks: readonly Blob[]): readonly unknown[] {
    if (!this.settings.model.takesMediaChunks) {
      throw new ClosingError(
        1007,
        'realtime_input.media_chunks is deprecated. Use audio, video, or text instead.',
      );
    }
    const sounds = chunks.filter(({ mimeType = '' }) => mimeType.startsWith('audio/'));
    return sounds.flatMap((sound) => this.hearSound(sound));
  }

  private hearSound(blob: Blob): readonly unknown[] {
    const audio = this.sound.convert(blob);
    if (this.settings.detection === null) {
      if (this.activityMs === undefined) return [];
      this.activityMs += lengthMs(audio);
    }
    return [append(audio)];
  }

  private startActivity(): readonly unknown[] {
    if (this.settings.interrupts) this.control.interrupt();
    this.activityMs = 0;
    return [clear];
  }

  private endActivity(): readonly unknown[] {
    const heardMs = this.activityMs ?? 0;
    this.activityMs = undefined;
    if (heardMs < leastTurnMs) return [];
    return this.control.answer() ? [commit, createResponse] : [commit];
  }
}
