/** A function the model may call. `parameters` is a JSON Schema of type object. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export type TurnDetection =
  | { readonly type: 'none' }
  | {
      readonly type: 'server';
      /** 0 to 1; higher needs louder speech. */
      readonly threshold?: number | undefined;
      readonly prefixPaddingMs?: number | undefined;
      readonly silenceMs?: number | undefined;
      /** The server asks "are you still there?" after this much silence. */
      readonly idleTimeoutMs?: number | undefined;
    }
  | { readonly type: 'semantic'; readonly eagerness?: 'low' | 'medium' | 'high' | 'auto' | undefined };

/** What the model is told about the session. A patch: an absent key means "as the server has it". */
export interface SessionSettings {
  readonly instructions?: string | undefined;
  readonly voice?: string | undefined;
  /** Spoken answers, or text only. */
  readonly modality?: 'audio' | 'text' | undefined;
  readonly tools?: readonly ToolSpec[] | undefined;
  readonly toolChoice?: 'auto' | 'none' | 'required' | { readonly name: string } | undefined;
  readonly turnDetection?: TurnDetection | undefined;
  readonly transcription?:
    | {
        readonly model?: string | undefined;
        /** ISO 639-1, for example `de`. */
        readonly language?: string | undefined;
        readonly prompt?: string | undefined;
      }
    | undefined;
  readonly noiseReduction?: 'near' | 'far' | 'off' | undefined;
  /** 0.25 to 1.5. */
  readonly speed?: number | undefined;
  readonly maxOutputTokens?: number | undefined;
  readonly reasoningEffort?: 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | undefined;
}
