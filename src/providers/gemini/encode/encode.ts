import { toBase64 } from '../../../base/base64.js';
import type { JsonObject } from '../../../base/json.js';
import type { Command } from '../../../contract/commands.js';
import type { Frame } from '../../../contract/frame.js';
import type { SessionSettings } from '../../../contract/settings.js';
import type { ConnectionSettings } from '../../provider.js';
import type { ConnectionState } from '../connection-state.js';
import { functionName, offeredTools, runsBeside } from './declarations.js';
import { isManual, setupObject } from './setup.js';
import { toolResponse } from './tool-response.js';
import { TypedMessages } from './typed-messages.js';

export const inputRateHz = 16_000;
/** About four seconds, a whole number of samples: the server refuses messages of many megabytes. */
const mostAppendBytes = 128 * 1024;

/** Commands to frames, for one connection. */
export function createEncoder(
  state: ConnectionState,
  connection: ConnectionSettings,
): (command: Command) => Frame[] {
  const { model, resume } = connection;
  const { facts } = state;
  const typed = new TypedMessages(state);
  let configured = false;
  /** A turn that we started is open. */
  let active = false;
  /** The open turn was discarded. Ending it would ask for an answer, so it stays open for the next turn. */
  let discarded = false;

  function setup(settings: SessionSettings): JsonObject[] {
    // Settings cannot be changed on an open connection.
    if (configured) return [];
    configured = true;
    const object = setupObject(settings, { model, facts, resume });
    state.manual = isManual(settings.turnDetection);
    state.transcribes = settings.transcription !== undefined;
    for (const tool of offeredTools(settings)) {
      state.toolNames.set(functionName(tool.name), tool.name);
      if (runsBeside(tool, facts)) state.asyncTools.add(tool.name);
    }
    return [{ setup: object }];
  }

  function begin(): JsonObject[] {
    discarded = false;
    if (!state.manual || active) return [];
    active = true;
    return [{ realtimeInput: { activityStart: {} } }];
  }

  function commit(): JsonObject[] {
    const known = typed.flush(active);
    typed.settle();
    return [...known, ...endTurn()];
  }

  function endTurn(): JsonObject[] {
    if (state.manual && !active) return [];
    state.turnCommitted = true;
    state.answerDue = true;
    state.lastPart = undefined;
    // If the server detects turns, it can only be told that the audio pauses.
    if (!state.manual) return [{ realtimeInput: { audioStreamEnd: true } }];
    active = false;
    return [{ realtimeInput: { activityEnd: {} } }];
  }

  /** Text is not answered while a turn is open. */
  function answer(): JsonObject[] {
    const messages = typed.answer(active);
    if (messages.length === 0 || !discarded) return messages;
    active = false;
    discarded = false;
    return [...messages, { realtimeInput: { activityEnd: {} } }];
  }

  function append(audio: Uint8Array): Frame[] {
    state.soundSent = true;
    return [...written([...typed.flush(active), ...begin()]), ...soundFrames(audio)];
  }

  function objects(command: Exclude<Command, { type: 'audio.append' }>): readonly JsonObject[] {
    switch (command.type) {
      case 'session.update':
        return setup(command.settings);
      case 'turn.begin':
        return [...typed.flush(active), ...begin()];
      case 'audio.commit':
        return commit();
      case 'item.create':
        if (command.item.kind === 'image') return [...typed.flush(active), imageMessage(command.item)];
        if (command.item.kind === 'tool.output' && state.calls.has(command.item.callId)) {
          return [...typed.flush(active), ...toolResponse(state, command.item)];
        }
        return typed.add(command.item, active);
      case 'response.create':
        return answer();
      case 'response.cancel':
        state.replyCancelled ||=
          state.openReply !== undefined && (command.responseId ?? state.openReply) === state.openReply;
        return [];
      case 'audio.clear':
        discarded = active;
        return [];
      // This dialect has no messages for these.
      case 'item.truncate':
      case 'item.delete':
      case 'output.clear':
        return [];
    }
  }

  return (command) => (command.type === 'audio.append' ? append(command.audio) : written(objects(command)));
}

function written(messages: readonly JsonObject[]): Frame[] {
  return messages.map((message) => JSON.stringify(message));
}

function soundFrames(audio: Uint8Array): Frame[] {
  const frames: Frame[] = [];
  for (let start = 0; start < audio.length; start += mostAppendBytes) {
    const data = toBase64(audio.subarray(start, start + mostAppendBytes));
    // Runs 50 times a second. Base64 needs no escaping, and JSON.stringify would check every character for it.
    frames.push(`{"realtimeInput":{"audio":{"mimeType":"audio/pcm;rate=${inputRateHz}","data":"${data}"}}}`);
  }
  return frames;
}

function imageMessage({ mime, data }: { readonly mime: string; readonly data: Uint8Array }): JsonObject {
  return { realtimeInput: { video: { mimeType: mime, data: toBase64(data) } } };
}
