import { isObject, type JsonObject } from '../../base/json.js';
import type { ModelEvent } from '../../contract/events.js';
import type { Quirks } from '../compatible/switches.js';
import { ManualTurns } from './manual-turns.js';
import { xaiSession } from './session.js';

const transcription = 'conversation.item.input_audio_transcription';

/**
 * The peculiarities of one connection. `resumed`: the id of the conversation to resume. `replayed`: if the server has
 * forgotten it, the session replays it, so no warning is needed.
 */
export function xaiQuirks(resumed: string | undefined, replayed = false): Quirks {
  const turns = new ManualTurns();
  let configured = false;
  let accepted = false;
  let forgotten = false;

  return {
    command: (command) => (command.type === 'item.truncate' ? [] : turns.revise(command)),

    session: (session, settings) => {
      const first = !configured;
      configured = true;
      return xaiSession(session, settings, first);
    },

    incoming: (frame) => {
      turns.observe(frame);
      switch (frame.type) {
        case 'ping':
          return null;
        case `${transcription}.updated`:
        case `${transcription}.completed`:
          return words(frame);
        default:
          return frame;
      }
    },

    events: (events, frame) => {
      switch (frame.type) {
        case 'conversation.created': {
          const id = conversationId(frame);
          if (id === undefined) return events;
          forgotten = !replayed && resumed !== undefined && resumed !== id;
          return [{ type: 'resume.handle', handle: id }];
        }
        case 'session.updated':
          if (accepted) return events;
          accepted = true;
          return forgotten ? [...events, conversationForgotten] : events;
        case 'conversation.item.added':
        case 'conversation.item.created':
        case 'conversation.item.done':
          // Before the settings are accepted we have sent nothing: this is the earlier conversation, with new ids.
          if (accepted || resumed === undefined) return events;
          return [{ type: 'other', name: frame.type, raw: frame }];
        default:
          return events;
      }
    },
  };
}

const conversationForgotten: ModelEvent = {
  type: 'error',
  code: 'resume.expired',
  message: 'xAI has forgotten the earlier conversation; it keeps one for about 30 minutes.',
  hint: 'Say again what it has to know.',
  fatal: false,
  source: 'provider',
};

function conversationId({ conversation }: JsonObject): string | undefined {
  const id = isObject(conversation) ? conversation.id : undefined;
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** The whole transcript so far. During silence, an empty one comes every second and is dropped. */
function words(frame: JsonObject): JsonObject | null {
  const transcript = frame.transcript ?? frame.content;
  if (transcript === '') return null;
  return transcript === frame.transcript ? frame : { ...frame, transcript };
}
