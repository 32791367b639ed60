/**
 * The seams of the built-in assistant. A session hears, thinks and speaks through these; what is behind them may be
 * built in, a script, or an engine somewhere else.
 */
export interface Stages {
  readonly ear: Ear;
  readonly mind: Mind;
  readonly voice: Voice;
  /** Called once per session and per change of the turn settings. */
  readonly detector: (settings: DetectorSettings) => TurnDetector;
}

// Turns ---------------------------------------------------------------------------------------------------------

interface DetectorSettings {
  readonly rateHz: number;
  /** 0 to 1; higher needs louder speech. */
  readonly threshold: number;
  readonly silenceMs: number;
  readonly prefixPaddingMs: number;
}

/** Positions are counted from the first sample pushed. */
export interface SpeechEdge {
  readonly type: 'start' | 'stop';
  /** Where the turn's sound begins, padding included, or ends, with the silence that ended it. */
  readonly sample: number;
  /** Where the speech itself was first or last heard. */
  readonly speechSample: number;
}

export interface TurnDetector {
  /** Sound of any length. */
  push(samples: Int16Array): readonly SpeechEdge[];
  /** Forgets an open turn. */
  reset(): void;
}

// Hear ----------------------------------------------------------------------------------------------------------

interface Utterance {
  readonly itemId: string;
  readonly samples: Int16Array;
  readonly rateHz: number;
  readonly language: string | undefined;
  /** What the conversation is about, for ears that accept a prompt. */
  readonly prompt?: string | undefined;
  /** Called with words as they are understood, by ears that stream; together they are the text. */
  readonly onWords?: ((delta: string) => void) | undefined;
}

export type Hearing =
  /** `lateMs`: how much later than understood the words are announced. */
  | { readonly kind: 'words'; readonly text: string; readonly lateMs?: number | undefined }
  | { readonly kind: 'unavailable'; readonly message: string };

export interface Ear {
  /** A failure is `unavailable`, with a message for the user; rejecting means the same. */
  hear(utterance: Utterance, signal: AbortSignal): Promise<Hearing>;
}

/** A tool as the client declared it. */
export interface FunctionTool {
  readonly type: 'function';
  readonly name: string;
  readonly description?: string | undefined;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
}

/** A known name, or the id of a custom voice. */
export type VoiceName = string | { readonly id: string };

// Think ---------------------------------------------------------------------------------------------------------

/** The conversation as the mind sees it, oldest first. */
export type ContextItem =
  | {
      readonly kind: 'message';
      readonly itemId: string;
      readonly role: 'user' | 'assistant' | 'system';
      /** Typed or spoken words; empty when they were not understood. */
      readonly text: string;
      /** How long was spoken, in milliseconds, without the silence around it; absent for text. */
      readonly spokenMs?: number | undefined;
    }
  | { readonly kind: 'call'; readonly callId: string; readonly name: string; readonly arguments: string }
  | { readonly kind: 'output'; readonly callId: string; readonly output: string };

export interface ThinkRequest {
  readonly responseId: string;
  readonly items: readonly ContextItem[];
  readonly instructions: string;
  readonly tools: readonly FunctionTool[];
  /** A tool must be called: any, or the named one. */
  readonly mustCall?: 'any' | { readonly name: string } | undefined;
  /** ISO 639-1, if the client named one. */
  readonly language: string | undefined;
  /** The user has been silent for the configured time; there is no new message. */
  readonly idle: boolean;
}

/** How words become sound. The voice decides about what is absent. */
export interface Delivery {
  /** Multiple of real time at which sound is delivered. */
  readonly pace?: number | undefined;
  /** Play a plain tone instead of speaking. */
  readonly toneHz?: number | undefined;
  readonly language?: string | undefined;
}

export type Thought =
  /** More words of the current message. */
  | ({ readonly type: 'say'; readonly text: string } & Delivery)
  /** `arguments` is JSON text. A call ends the message before it; the two overlap on the wire as the real ones do. */
  | { readonly type: 'call'; readonly callId?: string; readonly name: string; readonly arguments: string }
  /** Tokens as a model counted them; without it they are estimated from lengths. */
  | { readonly type: 'usage'; readonly inputTokens: number; readonly outputTokens: number }
  /** The words so far were thoughts, not the answer: what was not delivered yet stays away. */
  | { readonly type: 'unsay' }
  /** The model was stopped before its answer was complete. Comes last. */
  | { readonly type: 'cut'; readonly reason: 'max_output_tokens' | 'content_filter' }
  /** There is no answer, and none is missing: what was heard had no words. */
  | { readonly type: 'nothing heard' }
  /** Something about the answer that the user should know although it goes on. */
  | { readonly type: 'note'; readonly code: string; readonly message: string };

export interface Mind {
  /** May throw: the response then fails with `server_error`. */
  think(request: ThinkRequest, signal: AbortSignal): AsyncIterable<Thought>;
  /** Faults to inject during the answer; called before `response.created`, when the transcript may still be missing. */
  faults?(request: ThinkRequest): Faults | undefined;
}

// Speak ---------------------------------------------------------------------------------------------------------

export interface SpeakOptions {
  readonly voice: VoiceName;
  /** 0.25 to 1.5. */
  readonly speed: number;
  readonly language: string | undefined;
  readonly toneHz: number | undefined;
  readonly signal: AbortSignal;
}

export interface Voice {
  /** PCM at 24 kHz, mono, in pieces of any length, as soon as there is some. Ends early when the signal is aborted. */
  speak(sentence: string, options: SpeakOptions): AsyncIterable<Int16Array>;
}

// Faults --------------------------------------------------------------------------------------------------------

/** Injected faults, for testing clients. `afterDeltas` counts the audio or text deltas of the answer. */
export interface Faults {
  readonly dropResponseCreated?: boolean | undefined;
  readonly duplicateDelta?: number | undefined;
  readonly strayDeltas?: number | undefined;
  readonly stall?: { readonly afterDeltas: number; readonly ms: number } | undefined;
  readonly garbage?: { readonly afterDeltas: number; readonly frame: string } | undefined;
  readonly error?:
    | { readonly afterDeltas: number; readonly code: string; readonly message: string }
    | undefined;
  readonly close?:
    | {
        readonly code: number;
        readonly reason: string;
        readonly afterMs?: number | undefined;
        readonly afterDeltas?: number | undefined;
      }
    | undefined;
}
