import { toBase64 } from '../../../base/base64.js';
import { deepMerge } from '../../../base/deep-merge.js';
import type { JsonObject } from '../../../base/json.js';
import type { Command } from '../../../contract/commands.js';
import type { Frame } from '../../../contract/frame.js';
import type { SessionSettings } from '../../../contract/settings.js';
import type { ConnectionMemory } from '../connection-memory.js';
import { encodeItem } from '../items.js';
import type { Quirks, Switches } from '../switches.js';
import { sessionObject } from './session-object.js';
import { ToolDeclarations } from './tool-declarations.js';

/** Key in `response.metadata` for our event id; servers that echo metadata return it with `response.created`. */
export const createEventKey = 'voxterm_event';

/** OpenAI takes at most 15 MiB of base64 per append. A whole number of samples, well below that. */
const maxAppendBytes = 6 * 2 ** 20;

/** Commands to frames, for one connection: a `session.update` also declares the audio formats until they are taken. */
export function createEncoder(memory: ConnectionMemory, quirks: Quirks): (command: Command) => Frame[] {
  const { switches } = memory;
  const declarations = new ToolDeclarations(switches, quirks);

  function session(asked: SessionSettings, eventId: string | undefined): JsonObject {
    const settings = onlySupported(asked, switches);
    if (settings.modality !== undefined) memory.writtenOnly = settings.modality === 'text';
    const ours = {
      ...sessionObject(settings, switches, memory.sound.declares(eventId)),
      ...declarations.fields(settings),
    };
    const written = quirks.session?.(ours, settings) ?? ours;
    const whole = settings.extra === undefined ? written : deepMerge(written, settings.extra);
    return memory.fields.sending(eventId, whole);
  }

  function frameObject(command: Exclude<Command, { type: 'audio.append' | 'turn.begin' }>): JsonObject {
    const event_id = command.eventId;
    switch (command.type) {
      case 'session.update':
        return { type: 'session.update', event_id, session: session(command.settings, event_id) };
      case 'audio.commit':
        return { type: 'input_audio_buffer.commit', event_id };
      case 'audio.clear':
        return { type: 'input_audio_buffer.clear', event_id };
      case 'item.create': {
        const previous_item_id = command.previousItemId;
        const item = encodeItem(command.item, switches.content);
        return { type: 'conversation.item.create', event_id, previous_item_id, item };
      }
      case 'item.truncate': {
        const { itemId: item_id, contentIndex: content_index, audioEndMs: audio_end_ms } = command;
        return { type: 'conversation.item.truncate', event_id, item_id, content_index, audio_end_ms };
      }
      case 'item.delete':
        return { type: 'conversation.item.delete', event_id, item_id: command.itemId };
      case 'response.create': {
        const echoed = switches.responseMetadata && event_id !== undefined;
        const response = echoed ? { metadata: { [createEventKey]: event_id } } : undefined;
        return { type: 'response.create', event_id, response };
      }
      case 'output.clear':
        return { type: 'output_audio_buffer.clear', event_id };
      case 'response.cancel':
        return { type: 'response.cancel', event_id, response_id: command.responseId };
    }
  }

  function encode(command: Command): Frame[] {
    // This dialect has no event for the start of a turn: the first audio starts it.
    if (command.type === 'turn.begin') return [];
    if (command.type === 'audio.append') return appendFrames(memory.sound.encode(command.audio));
    const written = frameObject(command);
    const frame = quirks.outgoing === undefined ? written : quirks.outgoing(written, command);
    return frame === null ? [] : [JSON.stringify(frame)];
  }

  const revise = quirks.command;
  return revise === undefined ? encode : (command) => revise(command).flatMap(encode);
}

/** Drops settings the server does not know: it may refuse an update as a whole because of one unknown field. */
function onlySupported(asked: SessionSettings, { settings }: Switches): SessionSettings {
  const known: readonly string[] = [...settings, 'extra'];
  return Object.fromEntries(Object.entries(asked).filter(([name]) => known.includes(name)));
}

function appendFrames(audio: Uint8Array): Frame[] {
  const frames: Frame[] = [];
  for (let start = 0; start < audio.length; start += maxAppendBytes) {
    const chunk = audio.subarray(start, start + maxAppendBytes);
    // Runs 50 times a second for the whole session. Base64 needs no escaping, and JSON.stringify would check every
    // character for it, at six times the cost.
    frames.push(`{"type":"input_audio_buffer.append","audio":"${toBase64(chunk)}"}`);
  }
  return frames;
}
