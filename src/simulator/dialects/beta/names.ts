import { isObject, type JsonObject } from '../../../base/json.js';
import type { ServerEvent } from '../../core/server-event.js';

/** What the generally available dialect calls differently from the beta. */
const eventNames: ReadonlyMap<string, string> = new Map([
  ['conversation.item.added', 'conversation.item.created'],
  ['response.output_text.delta', 'response.text.delta'],
  ['response.output_text.done', 'response.text.done'],
  ['response.output_audio.delta', 'response.audio.delta'],
  ['response.output_audio.done', 'response.audio.done'],
  ['response.output_audio_transcript.delta', 'response.audio_transcript.delta'],
  ['response.output_audio_transcript.done', 'response.audio_transcript.done'],
]);

export function betaName(type: string): string {
  return eventNames.get(type) ?? type;
}

const partNames: Readonly<Record<string, string>> = { output_text: 'text', output_audio: 'audio' };
const gaPartNames: Readonly<Record<string, string>> = { text: 'output_text', audio: 'output_audio' };

/** An item with the names of its content in the beta's words, or back. Anything else stays as it is. */
export function betaItem(item: unknown): unknown {
  return withPartNames(item, partNames);
}

export function gaItem(item: unknown): unknown {
  return withPartNames(item, gaPartNames);
}

function withPartNames(item: unknown, names: Readonly<Record<string, string>>): unknown {
  if (!isObject(item) || !Array.isArray(item.content)) return item;
  const content = item.content.map((part: unknown) => {
    if (!isObject(part) || typeof part.type !== 'string') return part;
    return { ...part, type: names[part.type] ?? part.type };
  });
  return { ...item, content };
}

/** Paths of parameters in errors, the longer ones first. */
const parameters = [
  ['session.audio.input.format', 'session.input_audio_format'],
  ['session.audio.input.transcription', 'session.input_audio_transcription'],
  ['session.audio.input.noise_reduction', 'session.input_audio_noise_reduction'],
  ['session.audio.input.turn_detection', 'session.turn_detection'],
  ['session.audio.output.format', 'session.output_audio_format'],
  ['session.audio.output.', 'session.'],
  ['session.output_modalities', 'session.modalities'],
  ['response.audio.output.format', 'response.output_audio_format'],
  ['response.audio.output.', 'response.'],
  ['response.output_modalities', 'response.modalities'],
] as const;

/** An error names the parameter that the client sent, not what it was translated to. */
export function betaError(event: ServerEvent, maxTokensKey: string): ServerEvent {
  const { error } = event;
  if (!isObject(error)) return event;
  const inBeta = (value: unknown): unknown =>
    typeof value === 'string'
      ? parameters
          .reduce((text, [ga, beta]) => text.replaceAll(ga, beta), value)
          .replaceAll('session.max_output_tokens', `session.${maxTokensKey}`)
      : value;
  const changed: JsonObject = { message: inBeta(error.message), param: inBeta(error.param) };
  return { ...event, error: { ...error, ...changed } };
}
