import type { Command } from '../../conversation/commands.js';
import type { ModelEvent } from '../../conversation/events.js';
import type { SessionSettings, ToolSpec } from '../../conversation/settings.js';
import type { Verdict } from './server-error.js';
import type { WireObject } from './wire.js';

/**
 * How a vendor's dialect differs from OpenAI's generally available one. One field per difference that a vendor
 * really has; a new vendor adds fields here and reads them in one place. Decoding accepts the names of both generations
 * everywhere, so most of these are about what we send.
 */
export interface Switches {
  /** PCM16 mono rates we declare, in Hz. */
  readonly inputRateHz: number;
  readonly outputRateHz: number;
  /** The model that writes down what the user says, where the settings name none; null = the field is not sent. */
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
  /** How a format is written: an object with type and rate, or the beta's word. */
  readonly format:
    | { readonly kind: 'object' }
    | { readonly kind: 'word'; readonly input: string; readonly output: string };
  /** What "spoken answers" are called: one modality, or `text` and `audio` together. */
  readonly modalities: {
    readonly key: 'output_modalities' | 'modalities';
    readonly audio: readonly string[];
  };
  /** What takes the place of a turn detection that is switched off. */
  readonly noTurnDetection: null | WireObject;
  /** What semantic turn detection is called. */
  readonly semanticTurns: string;
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
  readonly errors: ReadonlyMap<string, Verdict>;
  /** What is left over of the vendor's peculiarities; made anew for every connection. */
  readonly quirks?: (() => Quirks) | undefined;
}

/** Hooks around the shared codec, for one connection. All pure, all optional. */
export interface Quirks {
  /** Every command before it is encoded; what is left out is not sent. */
  readonly command?: (command: Command) => readonly Command[];
  /** The session object before it is sent. */
  readonly session?: (session: WireObject, settings: SessionSettings) => WireObject;
  /** One declared tool. */
  readonly tool?: (tool: ToolSpec, written: WireObject) => WireObject;
  /** Any frame of ours, except sound, before it is written. Null drops it. */
  readonly outgoing?: (frame: WireObject, command: Command) => WireObject | null;
  /** Any frame of the server before it is decoded. Null drops it. */
  readonly incoming?: (frame: WireObject) => WireObject | null;
  /** What a frame was decoded to. */
  readonly events?: (events: ModelEvent[], frame: WireObject) => ModelEvent[];
  /** Frames that keep an idle connection open. */
  readonly keepAlive?: () => readonly WireObject[];
}

/** OpenAI's generally available dialect. */
export const gaDialect: Switches = {
  inputRateHz: 24_000,
  outputRateHz: 24_000,
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
  transcriptionModel: 'whisper-1',
  shape: 'flat',
  sessionType: false,
  content: 'beta',
  format: { kind: 'word', input: 'pcm16', output: 'pcm16' },
  modalities: { key: 'modalities', audio: ['text', 'audio'] },
  maxTokensKey: 'max_response_output_tokens',
  responseMetadata: false,
};
