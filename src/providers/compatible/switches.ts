import type { JsonObject } from '../../base/json.js';
import type { Command } from '../../contract/commands.js';
import type { ModelEvent } from '../../contract/events.js';
import {
  type ServerTool,
  type ServerToolType,
  type SessionSettings,
  type SettingName,
  settingNames,
  type ToolSpec,
} from '../../contract/settings.js';
import type { ErrorMeanings } from './error-meaning.js';
import type { SampleFormats } from './sample-format.js';
import type {
  maxTokensKeys,
  sessionShapes,
  toolNestings,
  topLevelFields,
  WireGeneration,
} from './wire-choices.js';

/**
 * How a vendor's dialect differs from OpenAI's generally available one. One field per difference that some vendor
 * really has, each read in one place; a new vendor may add fields. Decoding always accepts the event names of both
 * generations, so most fields are about what we send.
 */
export interface Switches {
  /** Sample rates we declare, in Hz. */
  readonly inputRateHz: number;
  readonly outputRateHz: number;
  /** Sample formats on the wire, at the rates above. */
  readonly sampleFormats: SampleFormats;
  /**
   * The settings that are sent; a server may refuse an update as a whole because of one unknown field. Usually the same
   * list as `settings` of the profile.
   */
  readonly settings: readonly SettingName[];
  /** Server tools that the vendor runs and that are declared like OpenAI's; others are not sent. */
  readonly serverTools: readonly ServerToolType[];
  /**
   * A call of a server tool ends the response, and the client has to ask for the next one. Otherwise the response
   * continues.
   */
  readonly createAfterServerTool: boolean;
  /** Transcription model to use if the settings name none; null = transcription is then not asked for at all. */
  readonly transcriptionModel: string | null;
  /** The vendor fixes the transcription model: a model in the settings is not sent. */
  readonly transcriptionModelFixed: boolean;
  /** Shape of the session object: `nested` has `audio.input` and `audio.output`; `flat` is the beta's. */
  readonly shape: (typeof sessionShapes)[number];
  /** Whether the session object contains its type (`realtime`). */
  readonly sessionType: boolean;
  /** Content type of the assistant's text: `output_text`, or the beta's `text`. */
  readonly content: WireGeneration;
  /** Fields of a nested session that this vendor expects at the top level. */
  readonly atTopLevel: readonly (typeof topLevelFields)[number][];
  /** How an audio format is declared: an object with type and rate, the beta's word, or not at all if it is fixed. */
  readonly format:
    | { readonly kind: 'object' }
    | { readonly kind: 'unsaid' }
    | { readonly kind: 'word'; readonly input: string; readonly output: string };
  /** What spoken answers are called: one modality, or `text` and `audio` together. */
  readonly modalities: {
    readonly key: 'output_modalities' | 'modalities';
    readonly audio: readonly string[];
  };
  /** The value that switches turn detection off. */
  readonly noTurnDetection: null | JsonObject;
  /** Type name of semantic turn detection. */
  readonly semanticTurns: string;
  /** Custom voices are objects with an id. */
  readonly customVoices: boolean;
  /** Whether `create_response` and `interrupt_response` of turn detection are sent. */
  readonly turnsSayWhatFollows: boolean;
  /** Function declarations flat, or nested in a `function` object as in chat completions. */
  readonly toolNesting: (typeof toolNestings)[number];
  /** Key for the longest answer. */
  readonly maxTokensKey: (typeof maxTokensKeys)[number];
  /** `response.metadata` is echoed, or at least accepted. */
  readonly responseMetadata: boolean;
  /** Text output is the transcript of the audio. */
  readonly textIsSpoken: boolean;
  /** `…transcription.completed` may come several times, each time with the whole transcript so far. */
  readonly repeatsTranscripts: boolean;
  /** Error codes of this vendor, in addition to OpenAI's. */
  readonly errors: ErrorMeanings;
  /** The vendor's remaining peculiarities; created for every connection. */
  readonly quirks?: (() => Quirks) | undefined;
}

/**
 * Hooks around the shared codec, for one connection. All are pure and optional. `incoming` and `events` may use the
 * guards of `base/json.ts`: what they cannot read becomes an error event, like any other unreadable frame.
 */
export interface Quirks {
  /** Replaces every command before it is encoded; an empty list sends nothing. */
  readonly command?: (command: Command) => readonly Command[];
  /** Revises the session object before the user's `extra` is merged into it and it is sent. */
  readonly session?: (session: JsonObject, settings: SessionSettings) => JsonObject;
  /** Revises one declared tool. */
  readonly tool?: (tool: ToolSpec, written: JsonObject) => JsonObject;
  /** Revises one server tool. */
  readonly serverTool?: (tool: ServerTool, written: JsonObject) => JsonObject;
  /** Revises any frame we send, except audio. Null drops it. */
  readonly outgoing?: (frame: JsonObject, command: Command) => JsonObject | null;
  /** Revises any frame of the server before it is decoded. Null drops it. */
  readonly incoming?: (frame: JsonObject) => JsonObject | null;
  /** Revises the events that a frame was decoded to. */
  readonly events?: (events: ModelEvent[], frame: JsonObject) => ModelEvent[];
  /** Frames that keep an idle connection open. */
  readonly keepAlive?: () => readonly JsonObject[];
}

function allSettingsBut(...names: readonly SettingName[]): readonly SettingName[] {
  return settingNames.filter((name) => !names.includes(name));
}

/** OpenAI's generally available dialect. */
export const gaDialect: Switches = {
  inputRateHz: 24_000,
  outputRateHz: 24_000,
  sampleFormats: { input: 'pcm16', output: 'pcm16' },
  // The generally available dialect has no temperature.
  settings: allSettingsBut('temperature'),
  serverTools: ['mcp'],
  createAfterServerTool: true,
  transcriptionModel: 'gpt-4o-mini-transcribe',
  transcriptionModelFixed: false,
  shape: 'nested',
  sessionType: true,
  content: 'ga',
  atTopLevel: [],
  format: { kind: 'object' },
  modalities: { key: 'output_modalities', audio: ['audio'] },
  noTurnDetection: null,
  semanticTurns: 'semantic_vad',
  customVoices: true,
  turnsSayWhatFollows: true,
  toolNesting: 'flat',
  maxTokensKey: 'max_output_tokens',
  responseMetadata: true,
  textIsSpoken: false,
  repeatsTranscripts: false,
  errors: new Map(),
};

/** The beta dialect, which OpenAI has switched off and many vendors still use. */
export const betaDialect: Switches = {
  ...gaDialect,
  settings: allSettingsBut('reasoningEffort', 'contextTruncation', 'serverTools', 'parallelToolCalls'),
  serverTools: [],
  createAfterServerTool: false,
  transcriptionModel: 'whisper-1',
  customVoices: false,
  shape: 'flat',
  sessionType: false,
  content: 'beta',
  format: { kind: 'word', input: 'pcm16', output: 'pcm16' },
  modalities: { key: 'modalities', audio: ['text', 'audio'] },
  maxTokensKey: 'max_response_output_tokens',
  responseMetadata: false,
};
