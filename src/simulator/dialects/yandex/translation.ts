import { isObject, type JsonObject } from '../../../base/json.js';
import type { Mind } from '../../../engines/core/stages.js';
import { Refusal } from '../../core/refusal.js';
import type { ServerEvent } from '../../core/server-event.js';
import type { JsonTranslation } from '../shared/json-frames.js';
import { cancelReason, sessionOf, withResponse } from '../shared/session-events.js';
import { oneModality, YandexSession } from './session.js';
import { GrowingTranscripts } from './transcripts.js';

const transcription = 'conversation.item.input_audio_transcription.';

/** Names of GA events that differ; null where the vendor says nothing. */
const names: ReadonlyMap<string, string | null> = new Map([
  ['conversation.item.added', 'conversation.item.created'],
  ['conversation.item.done', null],
  // What is spoken comes as written text.
  ['response.output_audio_transcript.delta', 'response.output_text.delta'],
  ['response.output_audio_transcript.done', 'response.output_text.done'],
  ['response.content_part.done', null],
  ['response.function_call_arguments.delta', null],
  ['rate_limits.updated', null],
]);

/** Yandex's mixture: GA names for sound, the beta's for items, and words of its own for the user's. */
export class YandexTranslation implements JsonTranslation {
  private readonly session: YandexSession;
  private readonly transcripts = new GrowingTranscripts();
  /** Turns that the client ended and that are not transcribed yet. */
  private readonly unheard = new Set<unknown>();
  private committing = false;
  private answerNothing = false;
  private readonly empty = new Set<string>();

  constructor(outputRateHz: number | undefined) {
    this.session = new YandexSession(outputRateHz);
  }

  read(request: JsonObject): readonly unknown[] {
    switch (request.type) {
      case 'session.update':
        if (!isObject(request.session)) return [request];
        return [{ ...request, session: this.session.toGa(request.session) }];
      case 'conversation.item.create':
        if (isObject(request.item) && request.item.role === 'assistant') {
          throw new Refusal('MessageContentItemOutputText is not supported yet', {
            code: 'invalid_value',
            param: 'item',
          });
        }
        return [request];
      case 'input_audio_buffer.commit':
        this.committing = true;
        return [request];
      case 'response.create':
        // Observed: a client that does not wait for the transcript gets an empty answer.
        this.answerNothing = this.unheard.size > 0;
        return [
          isObject(request.response) ? { ...request, response: toGaResponse(request.response) } : request,
        ];
      default:
        return [request];
    }
  }

  write(event: ServerEvent): readonly ServerEvent[] {
    const config = sessionOf(event);
    if (config !== undefined) {
      const shown = { type: event.type, session: this.session.show(config) };
      return event.type === 'session.updated' ? [shown, shown] : [shown];
    }
    if (event.type === 'error') this.committing = false;
    if (event.type === 'input_audio_buffer.committed') return this.committed(event);
    if (event.type === `${transcription}completed` || event.type === `${transcription}failed`) {
      this.unheard.delete(event.item_id);
    }
    // The end of an answer that the user interrupted is not announced.
    if (cancelReason(event) === 'turn_detected') return [];
    const growing = this.transcripts.write(event);
    if (growing !== undefined) return growing;
    const type = names.get(event.type);
    return type === null ? [] : [reshaped({ ...event, type: type ?? event.type })];
  }

  /** A mind that does not wait for transcripts that are still missing. */
  withoutWaiting(mind: Mind): Mind {
    return {
      faults: (request) => {
        if (!this.answerNothing) return mind.faults?.(request);
        this.answerNothing = false;
        this.empty.add(request.responseId);
        return undefined;
      },
      think: (request, signal) =>
        this.empty.delete(request.responseId) ? nothing() : mind.think(request, signal),
    };
  }

  /** Sent only after a commit by the client. */
  private committed(event: ServerEvent): readonly ServerEvent[] {
    if (!this.committing) return [];
    this.committing = false;
    this.unheard.add(event.item_id);
    return [event];
  }
}

async function* nothing(): AsyncGenerator<never, void> {}

/** `modalities` and `conversation: default` are of the former format, and do no harm. */
function toGaResponse({ modalities, conversation, output_modalities, ...response }: JsonObject): JsonObject {
  const asked = output_modalities ?? modalities;
  return {
    ...response,
    ...(asked === undefined ? {} : { output_modalities: oneModality(asked) }),
    ...(conversation === undefined || conversation === 'default' ? {} : { conversation }),
  };
}

function reshaped(event: ServerEvent): ServerEvent {
  const { type, transcript, part, item } = event;
  if (type === 'response.output_text.done' && typeof transcript === 'string') {
    const { transcript: text, ...rest } = event;
    return { ...rest, text };
  }
  if (isObject(part)) return { ...event, part: { type: 'text', text: part.transcript ?? part.text ?? '' } };
  if (isObject(item)) return { ...event, item: withText(item) };
  return withResponse(event, ({ output, usage, ...response }) => ({
    ...response,
    output: Array.isArray(output) ? output.map((one: unknown) => (isObject(one) ? withText(one) : one)) : [],
    usage: isObject(usage) ? ownUsage(usage) : null,
  }));
}

/** Spoken parts are shown as the text that was spoken. */
function withText(item: JsonObject): JsonObject {
  if (!Array.isArray(item.content)) return item;
  const content = item.content.map((part: unknown) =>
    isObject(part) && part.type === 'output_audio'
      ? { type: 'output_text', text: part.transcript ?? '' }
      : part,
  );
  return { ...item, content };
}

function ownUsage({
  input_tokens,
  output_tokens,
  input_token_details,
  output_token_details,
}: JsonObject): JsonObject {
  const input = isObject(input_token_details) ? input_token_details : {};
  return {
    input_tokens,
    output_tokens,
    input_token_details: { text_tokens: input.text_tokens, cached_tokens: input.cached_tokens },
    output_token_details,
  };
}
