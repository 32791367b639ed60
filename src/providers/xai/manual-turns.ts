import type { JsonObject } from '../../base/json.js';
import type { Command } from '../../contract/commands.js';

/**
 * Turns that we end ourselves. xAI answers a committed turn by itself as soon as it has heard speech in it, although its turn
 * detection is off; a `response.create` on top would be lost, or answered before the speech is part of the conversation. A
 * turn without speech it leaves alone, and there the create counts. Sound that comes faster than it is spoken it has looked
 * through only after the commit. Observed with live sessions, not documented.
 */
export class ManualTurns {
  private manual = false;
  private heardSpeech = false;
  private answersItself = false;
  /** A commit that the server has not confirmed yet. */
  private unconfirmed = false;

  /** What is sent in the place of a command. */
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

  /** A frame of the server. */
  observe({ type }: JsonObject): void {
    if (type === 'input_audio_buffer.speech_started') {
      this.heardSpeech = true;
      this.answersItself ||= this.manual && this.unconfirmed;
    } else if (type === 'input_audio_buffer.committed') {
      // What it noticed after the commit belongs to that turn, not to the next.
      if (this.unconfirmed) this.heardSpeech = false;
      this.unconfirmed = false;
    }
  }
}
