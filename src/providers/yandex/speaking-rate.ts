import type { ModelEvent } from '../../contract/events.js';
import { yandexEntry } from '../catalog.js';

/** Shorter answers say little about the speaking rate. */
const fewestCharacters = 80;
/**
 * Characters per second. Voices speak 11 to 19. Audio of 44.1 kHz that is played at 24 kHz takes 1.84 times as long,
 * and vice versa; these bounds lie beyond what a voice does, but within what a wrong rate causes.
 */
const slowest = 8.5;
const fastest = 25;

/**
 * A second check of the delivered sample rate, because the rate that the server returns is not reliable: an answer that
 * is implausibly slow or fast was played at the wrong rate.
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

  /** Judges a complete answer. Warns at most once per connection. */
  judge(responseId: string, deliveredHz: number): ModelEvent[] {
    const { text, seconds } = this;
    // Digits are short in text and long in speech.
    const telling = text.length >= fewestCharacters && seconds > 0 && !/\d/.test(text);
    if (this.judged || responseId !== this.responseId || !telling) return [];
    this.judged = true;
    const pace = text.length / seconds;
    if (pace < slowest && deliveredHz < 44_100) return [doubt('slow', 44_100)];
    return pace > fastest && deliveredHz > 24_000 ? [doubt('fast', 24_000)] : [];
  }
}

function doubt(how: 'slow' | 'fast', rateHz: number): ModelEvent {
  const message = `The assistant's voice is implausibly ${how}: the server seems to deliver another sample rate than it declares.`;
  const hint = `Set "outputRateHz" to ${rateHz}.`;
  const facts = { provider: yandexEntry.id, options: ['providerOptions.outputRateHz'] };
  return {
    type: 'error',
    code: 'audio.rate-doubtful',
    message,
    hint,
    facts,
    fatal: false,
    source: 'provider',
  };
}
