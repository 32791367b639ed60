import { isDeepStrictEqual } from 'node:util';
import { type AudioFormat, pcm24k } from '../../engines/core/audio-format.js';
import type { VoiceName } from '../../engines/core/stages.js';
import { Refusal } from '../core/refusal.js';
import type { Tools } from './remote-tools.js';
import type { SessionPatch } from './session-schema.js';

interface Answering {
  readonly create_response: boolean;
  readonly interrupt_response: boolean;
}

export type TurnDetectionConfig =
  | (Answering & {
      readonly type: 'server_vad';
      readonly threshold: number;
      readonly prefix_padding_ms: number;
      readonly silence_duration_ms: number;
      readonly idle_timeout_ms: number | null;
    })
  | (Answering & { readonly type: 'semantic_vad'; readonly eagerness: 'low' | 'medium' | 'high' | 'auto' });

type AudioPatch = NonNullable<SessionPatch['audio']>;
type InputPatch = NonNullable<AudioPatch['input']>;
type OutputPatch = NonNullable<AudioPatch['output']>;

/** The effective settings, as `session.created` and `session.updated` show them. */
export interface SessionConfig {
  readonly type: 'realtime';
  readonly object: 'realtime.session';
  readonly id: string;
  readonly model: string;
  readonly output_modalities: readonly ('text' | 'audio')[];
  readonly instructions: string;
  readonly tools: Tools;
  readonly tool_choice: NonNullable<SessionPatch['tool_choice']>;
  readonly max_output_tokens: number | 'inf';
  readonly parallel_tool_calls?: boolean | undefined;
  readonly reasoning?: SessionPatch['reasoning'];
  readonly tracing: NonNullable<SessionPatch['tracing']> | null;
  readonly truncation: NonNullable<SessionPatch['truncation']>;
  readonly prompt: NonNullable<SessionPatch['prompt']> | null;
  /** Unix time in seconds. */
  readonly expires_at: number;
  readonly include: NonNullable<SessionPatch['include']> | null;
  readonly audio: {
    readonly input: {
      readonly format: AudioFormat;
      readonly transcription: NonNullable<InputPatch['transcription']> | null;
      readonly noise_reduction: NonNullable<InputPatch['noise_reduction']> | null;
      readonly turn_detection: TurnDetectionConfig | null;
    };
    readonly output: { readonly format: AudioFormat; readonly voice: VoiceName; readonly speed: number };
  };
}

/** Defaults as recorded from the real server: the older model ends turns sooner and has another voice. */
export function defaultConfig(id: string, model: string, expiresAtS: number): SessionConfig {
  const older = model === 'gpt-realtime';
  return {
    type: 'realtime',
    object: 'realtime.session',
    id,
    model,
    output_modalities: ['audio'],
    instructions: '',
    tools: [],
    tool_choice: 'auto',
    max_output_tokens: 'inf',
    tracing: null,
    truncation: 'auto',
    prompt: null,
    expires_at: expiresAtS,
    include: null,
    audio: {
      input: {
        format: pcm24k,
        transcription: null,
        noise_reduction: null,
        turn_detection: { ...serverVad, silence_duration_ms: older ? 200 : 500 },
      },
      output: { format: pcm24k, voice: older ? 'alloy' : 'marin', speed: 1 },
    },
  };
}

const serverVad = {
  type: 'server_vad',
  threshold: 0.5,
  prefix_padding_ms: 300,
  silence_duration_ms: 500,
  idle_timeout_ms: null,
  create_response: true,
  interrupt_response: true,
} as const;

const semanticVad = {
  type: 'semantic_vad',
  eagerness: 'auto',
  create_response: true,
  interrupt_response: true,
} as const;

/**
 * A patch: absent means unchanged, null clears.
 * @throws Refusal when the patch is well-formed but not allowed here.
 */
export function patchConfig(config: SessionConfig, patch: SessionPatch, hasSpoken: boolean): SessionConfig {
  const { input, output } = patch.audio ?? {};
  if (patch.model !== undefined && patch.model !== config.model) {
    throw new Refusal("Invalid value for 'session.model': the model cannot change during a session.", {
      code: 'invalid_value',
      param: 'session.model',
    });
  }
  if (patch.output_modalities !== undefined)
    checkModalities(patch.output_modalities, 'session.output_modalities');
  if (hasSpoken && output?.voice !== undefined && show(output.voice) !== show(config.audio.output.voice)) {
    throw new Refusal("Cannot update a conversation's voice if assistant audio is present.", {
      code: 'cannot_update_voice',
    });
  }
  const { tracing } = config;
  if (tracing !== null && patch.tracing !== undefined && !isDeepStrictEqual(patch.tracing, tracing)) {
    throw new Refusal("Invalid value for 'session.tracing': tracing cannot change once it is on.", {
      code: 'invalid_value',
      param: 'session.tracing',
    });
  }
  const { audio, model, ...plain } = patch;
  return {
    ...config,
    ...defined(plain),
    audio: {
      input: { ...config.audio.input, ...defined(patchInput(config.audio.input, input ?? {})) },
      output: { ...config.audio.output, ...defined(patchOutput(output ?? {})) },
    },
  };
}

function patchInput(current: SessionConfig['audio']['input'], patch: InputPatch) {
  return {
    format: patch.format,
    noise_reduction: patch.noise_reduction,
    transcription: patch.transcription,
    turn_detection: patchTurns(current.turn_detection, patch.turn_detection),
  };
}

function patchOutput(patch: OutputPatch) {
  return {
    format: patch.format,
    voice: patch.voice,
    speed: patch.speed,
  };
}

function patchTurns(
  current: TurnDetectionConfig | null,
  patch: InputPatch['turn_detection'],
): TurnDetectionConfig | null | undefined {
  if (patch === undefined || patch === null) return patch;
  if (patch.type === 'server_vad') {
    return { ...serverVad, ...(current?.type === 'server_vad' ? current : {}), ...defined(patch) };
  }
  return { ...semanticVad, ...(current?.type === 'semantic_vad' ? current : {}), ...defined(patch) };
}

/** Sound always brings its transcript, so both at once is refused. */
export function checkModalities(modalities: readonly string[], param: string): void {
  if (modalities.length === 1) return;
  const given = modalities.map((modality) => `'${modality}'`).join(', ');
  throw new Refusal(`Invalid modalities: [${given}]. Supported combinations are: ['text'] and ['audio'].`, {
    code: 'invalid_value',
    param,
  });
}

function show(voice: VoiceName): string {
  return typeof voice === 'string' ? voice : voice.id;
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** Without the keys whose value is undefined, so that spreading does not erase. */
function defined<T extends object>(patch: T): Defined<T> {
  const kept: Defined<T> = {};
  for (const key in patch) {
    const value = patch[key];
    if (isDefined(value)) kept[key] = value;
  }
  return kept;
}

function isDefined<T>(value: T): value is Exclude<T, undefined> {
  return value !== undefined;
}
