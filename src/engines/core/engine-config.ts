import type { ReasoningEffort, SpeechDetector } from '../../contract/settings.js';
import type { speechFormats } from '../../contract/sound-options.js';

/** Section of the configuration. */
const enginesSection = 'providers.local.engines';

/** An HTTP server compatible with OpenAI's. */
interface Engine {
  /** Up to `/v1`: `http://127.0.0.1:8080/v1`. */
  readonly url: string;
  readonly model?: string | undefined;
  /** Name of the environment variable that holds its key; most local servers do not need one. */
  readonly keyVariable?: string | undefined;
  /** How long it may take to begin to answer, in milliseconds. */
  readonly timeoutMs?: number | undefined;
}

/** `/v1/audio/transcriptions`. */
export interface HearEngine extends Engine {
  readonly prompt?: string | undefined;
}

/** `/v1/chat/completions`, streamed. */
export interface ThinkEngine extends Engine {
  readonly temperature?: number | undefined;
  /** How long it may reason before it speaks; `none` suits a conversation, where the model supports it. */
  readonly reasoningEffort?: ReasoningEffort | undefined;
}

/** `/v1/audio/speech`. */
export interface SpeakEngine extends Engine {
  readonly voice?: string | undefined;
  readonly format?: (typeof speechFormats)[number] | undefined;
  /** Rate of raw PCM in Hz; OpenAI's and most others' is 24000. */
  readonly rateHz?: number | undefined;
}

/** Finds turns: by energy (built in), or by the Silero network through the optional package sherpa-onnx-node. */
interface TurnsEngine {
  readonly type: SpeechDetector;
  /** Path of the network's file, such as `silero_vad.onnx`. */
  readonly model?: string | undefined;
}

/** What replaces the built-in provider's own stages, each independently. */
export interface Engines {
  readonly hear?: HearEngine | undefined;
  readonly think?: ThinkEngine | undefined;
  readonly speak?: SpeakEngine | undefined;
  readonly turns?: TurnsEngine | undefined;
}

/** What an engine does, as the configuration calls it. */
export type EngineRole = Exclude<keyof Engines, 'turns'>;

/** A key of the configuration: `providers.local.engines.hear.url`. */
export function settingOf({ role }: { readonly role: EngineRole }, key: string): string {
  return `${enginesSection}.${role}.${key}`;
}
