import { z } from 'zod';
import { isObject, type JsonObject } from '../../../base/json.js';
import type { ServerEvent } from '../../core/server-event.js';
import type { SessionConfig } from '../../requests/session-config.js';
import type { Connection } from '../../wire/dialect.js';
import type { FlatRules } from '../beta/flat-session.js';
import { BetaTranslation } from '../beta/translation.js';
import type { JsonTranslation } from '../shared/json-frames.js';
import { cancelReason, sessionOf, withResponse } from '../shared/session-events.js';
import { unknownEvent, unsupported } from '../shared/unsupported.js';
import { ImageBuffer } from './image-buffer.js';
import type { Family } from './model-families.js';
import { flatTools, nestedTools } from './tools.js';

const heard = { type: 'audio/pcm', rate: 16_000 } as const;
const spoken = { type: 'audio/pcm', rate: 24_000 } as const;

const clientEvents = [
  'session.update',
  'input_audio_buffer.append',
  'input_audio_buffer.commit',
  'input_audio_buffer.clear',
  'input_image_buffer.append',
  'conversation.item.create',
  'response.create',
  'response.cancel',
];

function flatRules({ defaults }: Family): FlatRules {
  const format = (sampleRate: number) =>
    z.object({ format: z.object({ type: z.enum(['pcm', 'wav']), sample_rate: z.literal(sampleRate) }) });
  return {
    inputFormats: [
      ['pcm16', heard],
      ['pcm', heard],
    ],
    // `pcm24` names the rate, 24 kHz; all of them have 16 bits.
    outputFormats: [
      ['pcm16', spoken],
      ['pcm24', spoken],
      ['pcm', spoken],
    ],
    maxTokensKey: 'max_tokens',
    soundAlone: false,
    extras: {
      temperature: z.number().min(0).lt(2),
      top_p: z.number().gt(0).max(1),
      top_k: z.int().min(0),
      repetition_penalty: z.number().gt(0),
      presence_penalty: z.number().min(-2).max(2),
      seed: z
        .int()
        .min(-1)
        .max(2 ** 31 - 1),
      smooth_output: z.boolean().nullable(),
      enable_search: z.boolean(),
      search_options: z.looseObject({}),
      audio: z.object({ input: format(16_000).optional(), output: format(24_000).optional() }),
    },
    extraDefaults: { ...defaults, repetition_penalty: 1.05, presence_penalty: 0, seed: -1 },
  };
}

/** DashScope's beta: nested tools, no truncation, and no further events after a cancel. */
export class DashScopeTranslation implements JsonTranslation {
  private readonly beta: BetaTranslation;
  private readonly images: ImageBuffer;
  private readonly known: readonly string[];
  private config: SessionConfig | undefined;
  private turnsName = 'server_vad';
  private speechOpen = false;
  private cancelling = false;
  /** Voice of one answer, where it is not the session's. */
  private answerVoice: unknown;

  constructor(
    private readonly family: Family,
    { clock, newId }: Connection,
  ) {
    this.beta = new BetaTranslation(flatRules(family));
    this.images = new ImageBuffer(clock, newId);
    this.known = family.deletesItems ? [...clientEvents, 'conversation.item.delete'] : clientEvents;
  }

  /** The voice of the next answer, where the model does not have that voice. */
  get missingVoice(): string | undefined {
    const voice = this.answerVoice ?? this.config?.audio.output.voice;
    return typeof voice === 'string' && !this.family.knowsVoice(voice) ? voice : undefined;
  }

  read(request: JsonObject): readonly unknown[] {
    switch (request.type) {
      case 'session.update':
        if (!isObject(request.session)) return [request];
        return this.beta.read({ ...request, session: this.session(request.session) });
      case 'input_audio_buffer.append':
        this.images.soundArrived();
        // Images shown during speech belong to that turn.
        return this.speechOpen ? [...this.images.take(), request] : [request];
      case 'input_audio_buffer.commit':
        return [...this.images.take(), request];
      case 'input_audio_buffer.clear':
        this.images.clear();
        return [request];
      case 'input_image_buffer.append':
        if (this.family.images === 'seen') this.images.append(request.image);
        return [];
      case 'conversation.item.create':
        this.checkItem(request.item);
        return this.beta.read(request);
      case 'response.create':
        this.answerVoice = isObject(request.response) ? request.response.voice : undefined;
        return this.beta.read(request);
      case 'response.cancel':
        this.cancelling = true;
        return [request];
      default:
        if (typeof request.type === 'string' && !this.known.includes(request.type)) {
          throw unknownEvent(request.type, this.known);
        }
        return this.beta.read(request);
    }
  }

  write(event: ServerEvent): readonly ServerEvent[] {
    this.config = sessionOf(event) ?? this.config;
    if (this.silent(event)) return [];
    return this.beta.write(event).map((written) => this.finish(written));
  }

  private session(session: JsonObject): JsonObject {
    const { family } = this;
    const { tools, tool_choice, input_audio_transcription, turn_detection, ...rest } = session;
    const searches = session.enable_search === true;
    if (searches && Array.isArray(tools) && tools.length > 0) {
      throw unsupported('enable_search and tools cannot be used together.', 'session.enable_search');
    }
    // A model without tools ignores them silently.
    const takesTools = tools !== undefined && tools !== null && family.tools;
    const transcription = isObject(input_audio_transcription)
      ? { ...pickLanguage(input_audio_transcription), model: family.transcriptionModel }
      : input_audio_transcription;
    return {
      ...rest,
      ...(takesTools ? { tools: flatTools(session) } : {}),
      ...(family.tools && tool_choice !== undefined ? { tool_choice } : {}),
      ...(transcription === undefined ? {} : { input_audio_transcription: transcription }),
      ...(turn_detection === undefined ? {} : { turn_detection: this.turns(turn_detection) }),
    };
  }

  private turns(turns: unknown): unknown {
    if (!isObject(turns)) return turns;
    const { type } = turns;
    if (typeof type !== 'string' || !this.family.turns.includes(type)) {
      const names = this.family.turns.map((name) => `'${name}'`).join(', ');
      throw unsupported(
        `Invalid value: '${String(type)}'. Supported values are: ${names}.`,
        'session.turn_detection.type',
      );
    }
    this.turnsName = type;
    return type === 'server_vad' ? turns : { type: 'semantic_vad' };
  }

  private checkItem(item: unknown): void {
    const { messages } = this.family;
    if (!isObject(item) || item.type === 'function_call_output') return;
    const allowed =
      item.type === 'message' && (messages === 'both' || (messages === 'user' && item.role === 'user'));
    if (!allowed) {
      throw unsupported(
        `Items of type '${String(item.type)}' with role '${String(item.role)}' are not supported.`,
        'item',
      );
    }
    const parts: unknown[] = Array.isArray(item.content) ? item.content : [];
    if (parts.some((part) => isObject(part) && part.type === 'input_image')) {
      throw unsupported("Content of type 'input_image' is not supported.", 'item.content');
    }
  }

  private silent(event: ServerEvent): boolean {
    const { type, item } = event;
    if (type === 'input_audio_buffer.speech_started') this.speechOpen = true;
    if (type === 'input_audio_buffer.speech_stopped') this.speechOpen = false;
    if (type === 'rate_limits.updated') return true;
    if (isObject(item) && this.images.holds(item.id)) return true;
    if (type === 'error') this.cancelling = false;
    if (cancelReason(event) === 'client_cancelled') {
      // Measured: none of six cancelled answers was followed by its `response.done`.
      this.cancelling = false;
      return true;
    }
    if (this.cancelling) return type !== 'response.output_item.done';
    if (type.startsWith('conversation.item.input_audio_transcription.')) {
      const manual = this.config?.audio.input.turn_detection === null;
      return type.endsWith('.delta') || (manual && !this.family.manualTranscripts);
    }
    return false;
  }

  private finish(event: ServerEvent): ServerEvent {
    if (isObject(event.session)) return { ...event, session: this.shown(event.session) };
    return event.type === 'response.done' ? withResponse(event, pluralUsage) : event;
  }

  private shown(session: JsonObject): JsonObject {
    const { tools, turn_detection, speed, tracing, input_audio_noise_reduction, ...rest } = session;
    const turns = isObject(turn_detection) ? { ...turn_detection, type: this.turnsName } : turn_detection;
    const declared = Array.isArray(tools) ? nestedTools(tools) : [];
    return { ...rest, turn_detection: turns, tools: this.family.tools ? declared : null };
  }
}

function pickLanguage({ language }: JsonObject): JsonObject {
  return language === undefined ? {} : { language };
}

function pluralUsage(response: JsonObject): JsonObject {
  const { usage } = response;
  if (!isObject(usage)) return response;
  const { input_token_details: input, output_token_details: output, ...totals } = usage;
  return {
    ...response,
    usage: { ...totals, input_tokens_details: inputDetails(input), output_tokens_details: output },
  };
}

/** Images are counted as video frames. */
function inputDetails(input: unknown): unknown {
  if (!isObject(input)) return input;
  const { text_tokens, audio_tokens, image_tokens } = input;
  return { text_tokens, audio_tokens, ...(image_tokens === undefined ? {} : { video_tokens: image_tokens }) };
}
