import { z } from 'zod';
import { isObject, type JsonObject } from '../../../base/json.js';
import type { AudioFormat } from '../../../engines/core/audio-format.js';
import { Refusal } from '../../core/refusal.js';
import { checkedBy } from '../../requests/request-reader.js';
import type { SessionConfig, TurnDetectionConfig } from '../../requests/session-config.js';

/** How a vendor that kept the beta's flat session spells it. */
export interface FlatRules {
  /** Names of sound formats; the first is the default. */
  readonly inputFormats: Formats;
  readonly outputFormats: Formats;
  /** Name of the limit for the length of an answer. */
  readonly maxTokensKey: 'max_response_output_tokens' | 'max_tokens';
  /** Clients may request spoken answers without a transcript. */
  readonly soundAlone: boolean;
  /** Fields that are checked and shown but have no effect. */
  readonly extras: Readonly<Record<string, z.ZodType>>;
  /** Their values before the client sets them. */
  readonly extraDefaults: JsonObject;
}

export type Formats = readonly (readonly [name: string, format: AudioFormat])[];

const sessionKeys = [
  'modalities',
  'instructions',
  'voice',
  'speed',
  'input_audio_format',
  'output_audio_format',
  'input_audio_transcription',
  'input_audio_noise_reduction',
  'turn_detection',
  'tools',
  'tool_choice',
  'tracing',
  'model',
];
const responseKeys = [
  'modalities',
  'instructions',
  'voice',
  'output_audio_format',
  'tools',
  'tool_choice',
  'conversation',
  'metadata',
  'input',
  'max_output_tokens',
];

/** The beta's flat session, translated to a GA session and back. */
export class FlatSession {
  private shown: JsonObject;
  /** What a client requested and the session has not confirmed yet. */
  private asked: JsonObject = {};

  constructor(private readonly rules: FlatRules) {
    this.shown = {
      modalities: ['text', 'audio'],
      input_audio_format: rules.inputFormats[0]?.[0],
      output_audio_format: rules.outputFormats[0]?.[0],
      ...rules.extraDefaults,
    };
  }

  /** The client's own spelling of a setting that GA spells differently, as it is in effect. */
  spelling(key: string): unknown {
    return this.shown[key];
  }

  /** @throws Refusal */
  toGaSession(flat: JsonObject): JsonObject {
    const { rules } = this;
    this.check(flat, 'session', [...sessionKeys, rules.maxTokensKey]);
    const modalities = this.modality(flat.modalities, 'session.modalities');
    const asked: Record<string, unknown> = {};
    for (const key of [
      'modalities',
      'input_audio_format',
      'output_audio_format',
      ...Object.keys(rules.extras),
    ]) {
      if (flat[key] !== undefined) asked[key] = flat[key];
    }
    this.asked = asked;
    return {
      type: 'realtime',
      ...copied(flat, ['model', 'instructions', 'tools', 'tool_choice', 'tracing']),
      ...renamed(modalities, 'output_modalities'),
      ...renamed(flat[rules.maxTokensKey], 'max_output_tokens'),
      audio: {
        input: {
          ...renamed(formatOf(rules.inputFormats, flat, 'session.input_audio_format'), 'format'),
          ...renamed(flat.input_audio_transcription, 'transcription'),
          ...renamed(flat.input_audio_noise_reduction, 'noise_reduction'),
          ...renamed(flat.turn_detection, 'turn_detection'),
        },
        output: {
          ...renamed(formatOf(rules.outputFormats, flat, 'session.output_audio_format'), 'format'),
          ...copied(flat, ['voice', 'speed']),
        },
      },
    };
  }

  /** @throws Refusal */
  toGaResponse(flat: JsonObject): JsonObject {
    const { rules } = this;
    this.check(flat, 'response', [...responseKeys, rules.maxTokensKey]);
    const output = {
      ...renamed(formatOf(rules.outputFormats, flat, 'response.output_audio_format'), 'format'),
      ...copied(flat, ['voice']),
    };
    return {
      ...copied(flat, [
        'instructions',
        'tools',
        'tool_choice',
        'conversation',
        'metadata',
        'max_output_tokens',
        'input',
      ]),
      ...renamed(this.modality(flat.modalities, 'response.modalities'), 'output_modalities'),
      ...renamed(flat[rules.maxTokensKey], 'max_output_tokens'),
      ...(Object.keys(output).length === 0 ? {} : { audio: { output } }),
    };
  }

  /** The session has accepted the last request. */
  confirm(): void {
    this.shown = { ...this.shown, ...this.asked };
    this.asked = {};
  }

  show(config: SessionConfig): JsonObject {
    const { id, object, model, expires_at, instructions, tools, tool_choice, tracing, audio } = config;
    const { input, output } = audio;
    const turns = input.turn_detection;
    const detection = turns?.type === 'server_vad' ? withoutIdle(turns) : turns;
    return {
      id,
      object,
      model,
      expires_at,
      ...this.shown,
      instructions,
      voice: output.voice,
      speed: output.speed,
      input_audio_transcription: input.transcription,
      input_audio_noise_reduction: input.noise_reduction,
      turn_detection: detection,
      tools,
      tool_choice,
      tracing,
      [this.rules.maxTokensKey]: config.max_output_tokens,
    };
  }

  private check(flat: JsonObject, root: string, known: readonly string[]): void {
    const { extras } = this.rules;
    const unknown = Object.keys(flat).find((key) => !known.includes(key) && !Object.hasOwn(extras, key));
    if (unknown !== undefined) {
      const param = `${root}.${unknown}`;
      throw new Refusal(`Unknown parameter: '${param}'.`, { code: 'unknown_parameter', param });
    }
    const shape = Object.fromEntries(Object.entries(extras).map(([key, type]) => [key, type.optional()]));
    checkedBy(z.looseObject({ [root]: z.looseObject(shape) }), { [root]: flat });
  }

  /** GA answers with sound and its transcript, or with text; the beta calls the first `audio` and `text`. */
  private modality(modalities: unknown, param: string): readonly string[] | undefined {
    if (modalities === undefined) return undefined;
    const names = Array.isArray(modalities) ? [...modalities].sort().join() : undefined;
    if (names === 'text') return ['text'];
    if (names === 'audio,text' || (names === 'audio' && this.rules.soundAlone)) return ['audio'];
    const also = this.rules.soundAlone ? "['audio']" : "['text']";
    throw new Refusal(
      `Invalid modalities: ${JSON.stringify(modalities)}. Supported combinations are: ${also} and ['audio', 'text'].`,
      { code: 'invalid_value', param },
    );
  }
}

/** The beta's server_vad had no idle_timeout_ms; it is shown only where it is set. */
function withoutIdle({
  idle_timeout_ms,
  ...turns
}: Extract<TurnDetectionConfig, { type: 'server_vad' }>): JsonObject {
  return idle_timeout_ms === null ? turns : { ...turns, idle_timeout_ms };
}

function formatOf(formats: Formats, flat: JsonObject, param: string): AudioFormat | undefined {
  const name = flat[param.replace(/^\w+\./, '')];
  if (name === undefined) return undefined;
  const format = formats.find(([known]) => known === name)?.[1];
  if (format !== undefined) return format;
  const known = formats.map(([word]) => `'${word}'`).join(', ');
  throw new Refusal(`Invalid value: '${String(name)}'. Supported values are: ${known}.`, {
    code: 'invalid_value',
    param,
  });
}

function copied(from: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.flatMap((key) => (from[key] === undefined ? [] : [[key, from[key]]])));
}

function renamed(value: unknown, key: string): JsonObject {
  return value === undefined ? {} : { [key]: value };
}

/** The name a vendor has for a format of a GA response. */
export function formatName(formats: Formats, format: unknown): string | undefined {
  if (!isObject(format)) return undefined;
  return formats.find(([, known]) => known.type === format.type)?.[0];
}
