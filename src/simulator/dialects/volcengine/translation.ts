import { z } from 'zod';
import { isObject, type JsonObject } from '../../../base/json.js';
import type { ServerEvent } from '../../core/server-event.js';
import type { Connection } from '../../wire/dialect.js';
import type { FlatRules } from '../beta/flat-session.js';
import { BetaTranslation } from '../beta/translation.js';
import type { JsonTranslation } from '../shared/json-frames.js';
import { sessionOf, withResponse } from '../shared/session-events.js';
import { unknownEvent, unsupported } from '../shared/unsupported.js';

const formats: FlatRules['inputFormats'] = [['pcm16', { type: 'audio/pcm', rate: 16_000 }]];

const rules: FlatRules = {
  inputFormats: formats,
  outputFormats: formats,
  maxTokensKey: 'max_response_output_tokens',
  soundAlone: true,
  extras: { temperature: z.number().min(0).max(2) },
  extraDefaults: { temperature: 0.8 },
};

const clientEvents = [
  'session.update',
  'input_audio_buffer.append',
  'input_audio_buffer.commit',
  'conversation.item.create',
  'response.create',
  'response.cancel',
];

/** The events that the gateway sends; it drops all others. */
const serverEvents: ReadonlySet<string> = new Set([
  'error',
  'session.created',
  'session.updated',
  'input_audio_buffer.committed',
  'conversation.item.created',
  'conversation.item.input_audio_transcription.completed',
  'response.created',
  'response.output_item.added',
  'response.function_call_arguments.done',
  'response.audio_transcript.delta',
  'response.audio_transcript.done',
  'response.audio.delta',
  'response.audio.done',
  'response.output_item.done',
  'response.done',
]);

/** The beta, reduced to turns that the client ends and to results of tools. */
export class VolcengineTranslation implements JsonTranslation {
  sessionId: string | undefined;
  private readonly beta = new BetaTranslation(rules);
  private heardAnything = false;
  /** The client requested the answer without a transcript. */
  private soundAlone = false;

  constructor(
    private readonly connection: Connection,
    /** A Coze bot answers, with instructions and tools of its own. */
    private readonly coze: boolean,
  ) {}

  read(request: JsonObject): readonly unknown[] {
    const { type } = request;
    switch (type) {
      case 'session.update':
        if (!isObject(request.session)) return [request];
        return this.beta.read({ ...request, session: this.session(request.session) });
      case 'input_audio_buffer.append':
        this.heardAnything = true;
        return [request];
      case 'conversation.item.create':
        if (isObject(request.item) && request.item.type !== 'function_call_output') {
          throw unsupported("Only items of type 'function_call_output' are supported.", 'item.type');
        }
        return [request];
      case 'response.create': {
        const asked = isObject(request.response) ? request.response : {};
        const modalities = asked.modalities ?? this.beta.session.spelling('modalities');
        this.soundAlone = Array.isArray(modalities) && !modalities.includes('text');
        return this.beta.read({ ...request, response: this.own(asked) });
      }
      case 'response.cancel':
        if (this.coze) throw unsupported('response.cancel is not supported with a Coze bot.');
        return [request];
      default:
        if (typeof type === 'string' && !clientEvents.includes(type)) throw unknownEvent(type, clientEvents);
        return [request];
    }
  }

  write(event: ServerEvent): readonly ServerEvent[] {
    this.sessionId ??= sessionOf(event)?.id;
    this.closeAfterOwnError(event);
    if (event.type === 'conversation.item.added' && !isOutput(event.item)) return [];
    return this.beta
      .write(event)
      .filter(({ type }) => serverEvents.has(type))
      .filter(({ type }) => !(this.soundAlone && type.startsWith('response.audio_transcript.')))
      .map((written) => withoutExtras(written));
  }

  private session(session: JsonObject): JsonObject {
    if (this.heardAnything) {
      throw unsupported('session.update is supported before the first audio only.', 'session');
    }
    if (session.turn_detection !== undefined && session.turn_detection !== null) {
      throw unsupported(
        "Invalid value for 'session.turn_detection': only null is supported.",
        'session.turn_detection',
      );
    }
    return this.own(session);
  }

  /** Without the settings that a Coze bot brings itself. */
  private own(settings: JsonObject): JsonObject {
    if (!this.coze) return settings;
    const { instructions, tools, tool_choice, ...rest } = settings;
    return rest;
  }

  /** The gateway closes a connection after an error of its own. */
  private closeAfterOwnError({ type, error }: ServerEvent): void {
    if (type !== 'error' || !isObject(error) || error.type !== 'server_error') return;
    this.connection.clock.after(0, () => this.connection.close(1011, ''));
  }
}

function isOutput(item: unknown): boolean {
  return isObject(item) && item.type === 'function_call_output';
}

/** Its documents show fewer fields than related servers have. */
function withoutExtras(event: ServerEvent): ServerEvent {
  if (isObject(event.session)) {
    const { speed, tracing, input_audio_noise_reduction, ...session } = event.session;
    return { ...event, session };
  }
  return withResponse(event, ({ id, object, status, status_details, usage }) => ({
    id,
    object,
    status,
    status_details,
    output: [],
    usage,
  }));
}
