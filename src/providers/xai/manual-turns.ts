import type { JsonObject } from '../../base/json.js';
import type { Command } from '../../contract/commands.js';

/**
 * Turns that we end ourselves. Although its turn detection is off, xAI answers a committed turn by itself as soon as it
 * detects speech in it; an additional `response.create` would be lost, or answered before the speech is part of the
 * conversation. It does not answer a turn without speech, so there the `response.create` counts. Audio that is sent
 * faster than real time is analysed only after the commit. Observed in live sessions, not documented.
 */
export class ManualTurns {
  private manual = false;
  private heardSpeech = false;
  private answersItself = false;
  /** A commit that the server has not confirmed yet. */
  private unconfirmed = false;

  /** The commands to send instead of this one. */
  revise(command: Command): readonly Command[] {
    switch (command.type) {
      case 'session.update': {
        const { turnDetection } = command.settings;
        if (turnDetection !== undefined) {
          this.manual = turnDetection.type === 'none' || turnDetection.type === 'client';
        }
        break;
      }
      case 'audio.commit':
        this.answersItself = this.manual && this.heardSpeech;
        this.heardSpeech = false;
        this.unconfirmed = true;
        break;
      case 'audio.clear':
        this.heardSpeech = false;
        break;
      case 'item.create':
        // Something new to answer.
        this.answersItself = false;
        break;
      case 'response.create':
        if (!this.answersItself) break;
        this.answersItself = false;
        return [];
      default:
    }
    return [command];
  }

  /** Takes every frame of the server. */
  observe({ type }: JsonObject): void {
    if (type === 'input_audio_buffer.speech_started') {
      this.heardSpeech = true;
      this.answersItself ||= this.manual && this.unconfirmed;
    } else if (type === 'input_audio_buffer.committed') {
      // Speech detected after the commit belongs to that turn, not to the next.
      if (this.unconfirmed) this.heardSpeech = false;
      this.unconfirmed = false;
    }
  }
}
