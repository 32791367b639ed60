import type { ModelEvent } from '../../contract/events.js';

/** Below that an answer says little about how fast it is spoken. */
const fewestCharacters = 80;
/**
 * Voices speak 11 to 19 characters a second. Sound of 44.1 kHz played at 24 kHz takes 1.84 times as long, and the other way
 * round; these bounds lie outside of what a voice does and inside of what a wrong rate does.
 */
const slowest = 8.5;
const fastest = 25;

/**
 * A second witness of the rate that is really delivered, because the first one, the server's echo, has been seen to say
 * nothing: an answer nobody could have spoken so slowly, or so fast, was played at the wrong rate.
 */
export class SpeakingRate {
  private responseId = '';
  private text = '';
  private seconds = 0;
  private judged = false;

  sound(responseId: string, seconds: number): void {
    this.begin(responseId);
    this.seconds += seconds;
  }

  words(responseId: string, delta: string): void {
    this.begin(responseId);
    this.text += delta;
  }

  private begin(responseId: string): void {
    if (responseId === this.responseId) return;
    this.responseId = responseId;
    this.text = '';
    this.seconds = 0;
  }

  /** An answer is complete. What is to be told about it, once per connection. */
  judge(responseId: string, deliveredHz: number): ModelEvent[] {
    const { text, seconds } = this;
    // Numbers are written short and spoken long.
    const telling = text.length >= fewestCharacters && seconds > 0 && !/\d/.test(text);
    if (this.judged || responseId !== this.responseId || !telling) return [];
    this.judged = true;
    const pace = text.length / seconds;
    if (pace < slowest && deliveredHz < 44_100) return [doubt('slowly', 44_100)];
    return pace > fastest && deliveredHz > 24_000 ? [doubt('fast', 24_000)] : [];
  }
}

function doubt(how: 'slowly' | 'fast', rateHz: number): ModelEvent {
  const message =
    `The assistant speaks too ${how} for a voice: the server seems to deliver another rate than it says. ` +
    `Set "outputRateHz": ${rateHz} under providers.yandex in the configuration.`;
  return { type: 'error', code: 'audio.rate-doubtful', message, fatal: false, source: 'provider' };
}
