import type { JsonObject } from '../../base/json.js';
import type { Command } from '../../contract/commands.js';
import type { ModelEvent } from '../../contract/events.js';
import type { SettingName } from '../../contract/profile.js';
import type { ServerTool, SessionSettings, ToolSpec } from '../../contract/settings.js';
import type { ErrorMeanings } from './error-meaning.js';
import type { SampleFormats } from './sample-format.js';

/**
 * How a vendor's dialect differs from OpenAI's generally available one. One field per difference that a vendor
 * really has; a new vendor adds fields here and reads them in one place. Decoding accepts the names of both generations
 * everywhere, so most of these are about what we send.
 */
export interface Switches {
  /** PCM16 mono rates we declare, in Hz. */
  readonly inputRateHz: number;
  readonly outputRateHz: number;
  /** How sound is written; the rates above are those of its samples. */
  readonly sampleFormats: SampleFormats;
  /**
   * The settings that are sent; a server that does not know a field may refuse all of them. As a rule the same list as
   * `settings` of the profile.
   */
  readonly settings: readonly SettingName[];
  /** Which tools of its own the vendor runs in this spelling; others are not sent. */
  readonly serverTools: readonly ServerTool['type'][];
  /** A call of a tool of its own ends the response, and the client has to ask for the next one; elsewhere it just goes on. */
  readonly createAfterServerTool: boolean;
  /**
   * The model that writes down what the user says, where the settings name none; null = without one in the settings,
   * transcription is not asked for at all.
   */
  readonly transcriptionModel: string | null;
  /** A transcription model that the vendor fixes: what the settings name is not sent. */
  readonly transcriptionModelFixed: boolean;
  /** Shape of the session object: `nested` has `audio.input` and `audio.output`, `flat` is the beta's. */
  readonly shape: 'nested' | 'flat';
  /** Whether the session object names its type (`realtime`). */
  readonly sessionType: boolean;
  /** Content types of items: `output_text`, or the beta's `text`. */
  readonly content: 'ga' | 'beta';
  /** Of a nested session: fields that this vendor wants at its top level instead. */
  readonly atTopLevel: readonly ('voice' | 'turn_detection')[];
  /** How a format is written: an object with type and rate, the beta's word, or not at all where it cannot be chosen. */
  readonly format:
    | { readonly kind: 'object' }
    | { readonly kind: 'unsaid' }
    | { readonly kind: 'word'; readonly input: string; readonly output: string };
  /** What "spoken answers" are called: one modality, or `text` and `audio` together. */
  readonly modalities: {
    readonly key: 'output_modalities' | 'modalities';
    readonly audio: readonly string[];
  };
  /** What takes the place of a turn detection that is switched off. */
  readonly noTurnDetection: null | JsonObject;
  /** What semantic turn detection is called. */
  readonly semanticTurns: string;
  /** Voices of one's own are objects with an id. */
  readonly customVoices: boolean;
  /** Whether turn detection says `create_response` and `interrupt_response` aloud. */
  readonly turnsSayWhatFollows: boolean;
  /** Function declarations flat, or nested in a `function` object as in chat completions. */
  readonly toolNesting: 'flat' | 'nested';
  /** How the longest answer is called. */
  readonly maxTokensKey: 'max_output_tokens' | 'max_response_output_tokens' | 'max_tokens';
  /** `response.metadata` is echoed, or at least accepted. */
  readonly responseMetadata: boolean;
  /** The text of the answer is what is spoken, although it comes as written text. */
  readonly textIsSpoken: boolean;
  /** `…transcription.completed` may come several times, each with all words so far. */
  readonly repeatsTranscripts: boolean;
  /** Codes of this vendor's errors beyond OpenAI's. */
  readonly errors: ErrorMeanings;
  /** What is left over of the vendor's peculiarities; made anew for every connection. */
  readonly quirks?: (() => Quirks) | undefined;
}

/**
 * Hooks around the shared codec, for one connection. All pure, all optional. `incoming` and `events` may use the guards of
 * `base/json.ts`: what they cannot read becomes an error event like any other unreadable frame.
 */
export interface Quirks {
  /** Every command before it is encoded; what is left out is not sent. */
  readonly command?: (command: Command) => readonly Command[];
  /** The session object before it is sent, and before what the user lays over it. */
  readonly session?: (session: JsonObject, settings: SessionSettings) => JsonObject;
  /** One declared tool. */
  readonly tool?: (tool: ToolSpec, written: JsonObject) => JsonObject;
  /** One tool that the vendor runs itself. */
  readonly serverTool?: (tool: ServerTool, written: JsonObject) => JsonObject;
  /** Any frame of ours, except sound, before it is written. Null drops it. */
  readonly outgoing?: (frame: JsonObject, command: Command) => JsonObject | null;
  /** Any frame of the server before it is decoded. Null drops it. */
  readonly incoming?: (frame: JsonObject) => JsonObject | null;
  /** What a frame was decoded to. */
  readonly events?: (events: ModelEvent[], frame: JsonObject) => ModelEvent[];
  /** Frames that keep an idle connection open. */
  readonly keepAlive?: () => readonly JsonObject[];
}

const everySetting: readonly SettingName[] = [
  'instructions',
  'voice',
  'modality',
  'tools',
  'serverTools',
  'parallelToolCalls',
  'toolChoice',
  'turnDetection',
  'transcription',
  'noiseReduction',
  'speed',
  'maxOutputTokens',
  'reasoningEffort',
  'temperature',
  'prompt',
  'tracing',
  'contextTruncation',
];

function allSettingsBut(...names: readonly SettingName[]): readonly SettingName[] {
  return everySetting.filter((name) => !names.includes(name));
}

/** OpenAI's generally available dialect. */
export const gaDialect: Switches = {
  inputRateHz: 24_000,
  outputRateHz: 24_000,
  sampleFormats: { input: 'pcm16', output: 'pcm16' },
  // The generally available dialect lost the temperature.
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

/** The dialect of the beta, which OpenAI has switched off and many vendors kept. */
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
