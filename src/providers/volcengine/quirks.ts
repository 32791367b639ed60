import { toBase64 } from '../../base/base64.js';
import { isObject, type JsonObject } from '../../base/json.js';
import type { Command } from '../../contract/commands.js';
import type { ModelEvent } from '../../contract/events.js';
import { CommitConfirmations } from '../compatible/commit-confirmations.js';
import type { Quirks } from '../compatible/switches.js';
import type { ConnectionSettings } from '../provider.js';

/** 20 ms at 16 kHz. Shorter silence may not count as a message, and longer silence would delay the next turn. */
const silence = toBase64(new Uint8Array(640));

/** Sent with every request, as the vendor's clients do: without `text` there is no transcript of the answer. */
const modalities = ['text', 'audio'];

export function volcengineQuirks({ options }: ConnectionSettings): Quirks {
  const withBot = options?.bot !== undefined;
  const confirmations = new CommitConfirmations({ byAnswer: true });
  /** Settings count only before the first sound of a connection. */
  let soundSent = false;

  function command(command: Command): readonly Command[] {
    switch (command.type) {
      case 'session.update':
        return soundSent ? [] : [command];
      case 'audio.append':
        soundSent = true;
        return [command];
      case 'audio.commit':
        confirmations.sent(command.eventId);
        return [command];
      case 'item.create':
        // Only function results are accepted, neither messages nor earlier conversations.
        return command.item.kind === 'tool.output' ? [command] : [];
      case 'response.cancel':
        // A bot's answer cannot be interrupted.
        return withBot ? [] : [command];
      case 'audio.clear':
      case 'item.truncate':
      case 'item.delete':
      case 'output.clear':
        return [];
      case 'turn.begin':
      case 'response.create':
        return [command];
    }
  }

  return {
    command,
    session: (session) => ({
      ...session,
      modalities,
      turn_detection: null,
      // The gateway knows only this field, not the language or keywords.
      input_audio_transcription: session.input_audio_transcription && { model: 'any' },
    }),
    outgoing: (frame, { type }) => {
      if (type === 'response.create') return { ...frame, response: { modalities } };
      return type === 'response.cancel' ? { ...frame, response_id: undefined } : frame;
    },
    events: (events, frame) => [...confirmations.revise(events), ...(withBot ? handles(frame) : [])],
    keepAlive: () => {
      soundSent = true;
      return [{ type: 'input_audio_buffer.append', audio: silence }];
    },
  };
}

/** A later connection continues a session with a bot by its id. */
function handles({ type, session }: JsonObject): ModelEvent[] {
  const handle = type === 'session.created' && isObject(session) ? session.id : undefined;
  return typeof handle === 'string' && handle !== '' ? [{ type: 'resume.handle', handle }] : [];
}
