import type { JsonObject } from '../../base/json.js';
import type { Command } from '../../contract/commands.js';
import type { ModelEvent } from '../../contract/events.js';
import { CommitConfirmations } from '../compatible/commit-confirmations.js';
import type { Quirks } from '../compatible/switches.js';
import type { ConnectionSettings } from '../provider.js';
import { CarriedOverWords } from './carried-over-words.js';
import { DuplicateText } from './duplicate-text.js';
import { modelRefused } from './explain.js';
import { RateCorrection } from './rate-correction.js';
import { ServerSearches } from './server-searches.js';
import { firstSession, reduced } from './session.js';
import { SingleResponse } from './single-response.js';
import { SpeakingRate } from './speaking-rate.js';

type AudioDelta = Extract<ModelEvent, { type: 'audio.delta' }>;

const heard = 'conversation.item.input_audio_transcription.completed';

/** `outputRateHz`: the rate that is asked for and that audio is converted to. */
export function yandexQuirks(connection: ConnectionSettings, outputRateHz: number): Quirks {
  const { options = {}, language } = connection;
  const confirmations = new CommitConfirmations({ byAnswer: false });
  const sound = new RateCorrection(outputRateHz, options.outputRateHz !== undefined);
  const rate = new SpeakingRate();
  const words = new CarriedOverWords();
  const text = new DuplicateText();
  const answer = new SingleResponse();
  const searches = new ServerSearches();
  let first = true;

  function command(command: Command): readonly Command[] {
    if (command.type === 'audio.commit') confirmations.sent(command.eventId);
    // The server refuses messages of the assistant as items.
    const refused =
      command.type === 'item.create' && command.item.kind === 'message' && command.item.role === 'assistant';
    return refused ? [] : [command];
  }

  function incoming(frame: JsonObject): JsonObject | null {
    if (frame.type === 'session.updated') sound.learn(frame.session);
    if (frame.type === 'response.created') text.forget();
    if (frame.type === heard) return words.revise(frame);
    return text.counts(frame) ? frame : null;
  }

  function revised(event: ModelEvent): ModelEvent[] {
    switch (event.type) {
      case 'response.created':
        sound.forget();
        return answer.created(event);
      case 'audio.delta':
        return unlessEmpty(converted(event));
      case 'audio.done':
        return [...unlessEmpty({ ...event, type: 'audio.delta', audio: sound.finish(event) }), event];
      case 'text.delta':
        if (event.spoken) rate.words(event.responseId, event.delta);
        return [event];
      case 'response.done':
        return [...judged(event), ...answer.done(event)];
      case 'error':
        return [modelRefused(event)];
      default:
        return searches.owns(event) ? [] : [event];
    }
  }

  function judged({ status, responseId }: Extract<ModelEvent, { type: 'response.done' }>): ModelEvent[] {
    return status === 'completed' ? rate.judge(responseId, sound.deliveredHz) : [];
  }

  function converted(event: AudioDelta): AudioDelta {
    const audio = sound.convert(event, event.audio);
    rate.sound(event.responseId, audio.length / 2 / outputRateHz);
    return { ...event, audio };
  }

  return {
    command,
    session: (session, settings) => {
      const known = reduced(session);
      if (!first) return known;
      first = false;
      return firstSession(known, settings, language);
    },
    serverTool: (tool, written) => searches.declare(tool, written),
    outgoing: (frame, { type }) => (type === 'response.create' && options.legacy ? forLegacy(frame) : frame),
    incoming,
    events: (events) => confirmations.revise(events).flatMap(revised),
  };
}

function unlessEmpty(event: AudioDelta): ModelEvent[] {
  return event.audio.length === 0 ? [] : [event];
}

/** The former dialect requires these fields. */
function forLegacy(frame: JsonObject): JsonObject {
  return { ...frame, response: { modalities: ['audio', 'text'], conversation: 'default' } };
}
