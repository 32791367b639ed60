import { isObject, type JsonObject } from '../../../base/json.js';
import type { ServerEvent } from '../../core/server-event.js';
import { type Item, snapshot } from '../../store/items.js';
import type { JsonTranslation } from '../shared/json-frames.js';
import { sessionOf } from '../shared/session-events.js';
import { unknownEvent, unsupported } from '../shared/unsupported.js';
import { XaiSession } from './session.js';

const clientEvents = [
  'session.update',
  'input_audio_buffer.append',
  'input_audio_buffer.commit',
  'input_audio_buffer.clear',
  'conversation.item.create',
  'conversation.item.retrieve',
  'conversation.item.delete',
  'response.create',
  'response.cancel',
];

const transcription = 'conversation.item.input_audio_transcription.';

/** Nearly OpenAI's, with growing transcripts, usage in another place, and no truncation. */
export class XaiTranslation implements JsonTranslation {
  private readonly session = new XaiSession();
  private readonly growing = new Map<unknown, string>();

  constructor(private readonly conversationId: string) {}

  get resumable(): boolean {
    return this.session.resumable;
  }

  read(request: JsonObject): readonly unknown[] {
    const { type } = request;
    switch (type) {
      case 'session.update':
        if (!isObject(request.session)) return [request];
        return [{ ...request, session: this.session.toGa(request.session) }];
      case 'conversation.item.create':
        if (hasImage(request.item))
          throw unsupported("Content of type 'input_image' is not supported.", 'item.content');
        return [request];
      case 'response.create': {
        if (!isObject(request.response)) return [request];
        // Every answer is spoken.
        const { modalities, output_modalities, ...response } = request.response;
        return [{ ...request, response }];
      }
      default:
        if (typeof type === 'string' && !clientEvents.includes(type)) throw unknownEvent(type, clientEvents);
        return [request];
    }
  }

  write(event: ServerEvent): readonly ServerEvent[] {
    const config = sessionOf(event);
    if (config !== undefined) return this.sessionEvent(event.type, this.session.show(config));
    switch (event.type) {
      case `${transcription}delta`:
        return [this.updated(event)];
      case `${transcription}completed`: {
        this.growing.delete(event.item_id);
        const { usage, ...rest } = event;
        return [rest];
      }
      case 'response.created':
      case 'response.done':
        return [this.responseEvent(event)];
      case 'rate_limits.updated':
        return [];
      default:
        return [isObject(event.item) ? { ...event, item: withRole(event.item) } : event];
    }
  }

  /** The items of an earlier connection, announced to this one. */
  replay(items: readonly Item[]): readonly ServerEvent[] {
    return items.map((item, index) => ({
      type: 'conversation.item.added',
      previous_item_id: items[index - 1]?.id ?? null,
      item: withRole({ ...snapshot(item) }),
    }));
  }

  private sessionEvent(type: string, session: JsonObject): readonly ServerEvent[] {
    const shown = { type, session };
    if (type !== 'session.created') return [shown];
    const conversation = { id: this.conversationId, object: 'realtime.conversation' };
    return [shown, { type: 'conversation.created', conversation }];
  }

  private updated({ item_id, content_index, delta }: ServerEvent): ServerEvent {
    const text = `${this.growing.get(item_id) ?? ''}${typeof delta === 'string' ? delta : ''}`;
    this.growing.set(item_id, text);
    return { type: `${transcription}updated`, item_id, content_index, transcript: text.trimEnd() };
  }

  private responseEvent({ type, response }: ServerEvent): ServerEvent {
    if (!isObject(response)) return { type, response };
    const { usage, output, ...rest } = response;
    const items = Array.isArray(output)
      ? output.map((item: unknown) => (isObject(item) ? withRole(item) : item))
      : [];
    const shown = { ...rest, output: items, status_details: 'unimplemented', usage: {} };
    return type === 'response.done' ? { type, response: shown, usage } : { type, response: shown };
  }
}

function withRole(item: JsonObject): JsonObject {
  return item.type === 'function_call' ? { ...item, role: 'tool' } : item;
}

function hasImage(item: unknown): boolean {
  if (!isObject(item) || !Array.isArray(item.content)) return false;
  return item.content.some((part: unknown) => isObject(part) && part.type === 'input_image');
}
