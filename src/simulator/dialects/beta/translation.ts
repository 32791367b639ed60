import { isObject, type JsonObject } from '../../../base/json.js';
import type { ServerEvent } from '../../core/server-event.js';
import type { JsonTranslation } from '../shared/json-frames.js';
import { sessionOf } from '../shared/session-events.js';
import { type FlatRules, FlatSession, formatName } from './flat-session.js';
import { betaError, betaItem, betaName, gaItem } from './names.js';

/** The part of the beta dialect that all vendors who kept it have in common. */
export class BetaTranslation implements JsonTranslation {
  readonly session: FlatSession;

  constructor(private readonly rules: FlatRules) {
    this.session = new FlatSession(rules);
  }

  read(request: JsonObject): readonly unknown[] {
    switch (request.type) {
      case 'session.update':
        if (!isObject(request.session)) return [request];
        return [{ ...request, session: this.session.toGaSession(request.session) }];
      case 'conversation.item.create':
        return [{ ...request, item: gaItem(request.item) }];
      case 'response.create': {
        if (!isObject(request.response)) return [request];
        const response = this.session.toGaResponse(request.response);
        const { input } = response;
        return [
          {
            ...request,
            response: Array.isArray(input) ? { ...response, input: input.map(gaItem) } : response,
          },
        ];
      }
      default:
        return [request];
    }
  }

  write(event: ServerEvent): readonly ServerEvent[] {
    const type = betaName(event.type);
    switch (event.type) {
      case 'session.created':
      case 'session.updated':
        if (event.type === 'session.updated') this.session.confirm();
        return this.sessionEvent(event);
      case 'conversation.item.done':
        return [];
      case 'error':
        return [betaError(event, this.rules.maxTokensKey)];
      case 'response.function_call_arguments.done': {
        const { name, ...rest } = event;
        return [{ ...rest, type }];
      }
      case 'response.created':
      case 'response.done':
        return [{ type, response: this.response(event.response) }];
      default:
        return [isObject(event.item) ? { ...event, type, item: betaItem(event.item) } : { ...event, type }];
    }
  }

  private sessionEvent(event: ServerEvent): readonly ServerEvent[] {
    const config = sessionOf(event);
    return config === undefined ? [event] : [{ type: event.type, session: this.session.show(config) }];
  }

  private response(response: unknown): unknown {
    if (!isObject(response)) return response;
    const { output, output_modalities, audio, usage, ...rest } = response;
    const sound = isObject(audio) && isObject(audio.output) ? audio.output : {};
    const written = Array.isArray(output_modalities) && output_modalities.includes('text');
    return {
      ...rest,
      output: Array.isArray(output) ? output.map(betaItem) : [],
      modalities: written ? ['text'] : this.session.spelling('modalities'),
      voice: sound.voice,
      output_audio_format: formatName(this.rules.outputFormats, sound.format),
      temperature: this.session.spelling('temperature'),
      usage: isObject(usage) ? betaUsage(usage) : null,
    };
  }
}

/** The beta counted no images and did not break down cached tokens. */
function betaUsage(usage: JsonObject): JsonObject {
  if (!isObject(usage.input_token_details)) return usage;
  const { cached_tokens_details, image_tokens, ...input } = usage.input_token_details;
  return { ...usage, input_token_details: image_tokens === 0 ? input : { ...input, image_tokens } };
}
