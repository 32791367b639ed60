import type { Command } from '../../conversation/commands.js';
import type { Frame } from '../provider.js';
import { base64, encodeItem } from './items.js';
import { sessionObject } from './session-frame.js';
import type { Switches } from './switches.js';

/** Key in `response.metadata` that carries our event id to `response.created`, where the server echoes it. */
export const createEventKey = 'voxterm_event';

/** OpenAI takes at most 15 MiB of base64 per append. A whole number of samples, well below that. */
const maxAppendBytes = 6 * 2 ** 20;

/** Commands to frames, for one connection: the first `session.update` also declares the audio formats. */
export function createEncoder(switches: Switches): (command: Command) => Frame[] {
  let formatsDeclared = false;

  function frameObject(command: Exclude<Command, { type: 'audio.append' | 'turn.begin' }>): object {
    const event_id = command.eventId;
    switch (command.type) {
      case 'session.update': {
        const session = sessionObject(command.settings, switches, !formatsDeclared);
        formatsDeclared = true;
        return { type: 'session.update', event_id, session };
      }
      case 'audio.commit':
        return { type: 'input_audio_buffer.commit', event_id };
      case 'audio.clear':
        return { type: 'input_audio_buffer.clear', event_id };
      case 'item.create': {
        const previous_item_id = command.previousItemId;
        return {
          type: 'conversation.item.create',
          event_id,
          previous_item_id,
          item: encodeItem(command.item),
        };
      }
      case 'item.truncate': {
        const { itemId: item_id, contentIndex: content_index, audioEndMs: audio_end_ms } = command;
        return { type: 'conversation.item.truncate', event_id, item_id, content_index, audio_end_ms };
      }
      case 'item.delete':
        return { type: 'conversation.item.delete', event_id, item_id: command.itemId };
      case 'response.create': {
        const response = event_id === undefined ? undefined : { metadata: { [createEventKey]: event_id } };
        return { type: 'response.create', event_id, response };
      }
      case 'response.cancel':
        return { type: 'response.cancel', event_id, response_id: command.responseId };
    }
  }

  return (command) => {
    // This dialect has no word for the beginning of a turn: its first sound is enough.
    if (command.type === 'turn.begin') return [];
    return command.type === 'audio.append'
      ? appendFrames(command.audio)
      : [JSON.stringify(frameObject(command))];
  };
}

function appendFrames(audio: Uint8Array): Frame[] {
  const frames: Frame[] = [];
  for (let start = 0; start < audio.length; start += maxAppendBytes) {
    const chunk = audio.subarray(start, start + maxAppendBytes);
    // Fifty times a second, all session long: base64 needs no escaping, and JSON.stringify would look for it in
    // every character (six times the cost).
    frames.push(`{"type":"input_audio_buffer.append","audio":"${base64(chunk)}"}`);
  }
  return frames;
}
