/** A function the model may call. `parameters` is a JSON Schema of type object. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** False: the model may go on talking while it runs, where the provider knows that. Default true. */
  readonly blocking?: boolean | undefined;
  /** A call may need permission first; `tool.began` says when it runs. Not for the provider. */
  readonly mayAsk?: boolean | undefined;
  /** A call is given up as soon as the user interrupts. Not for the provider. */
  readonly cancelOnInterrupt?: boolean | undefined;
}

/** What a server does by itself when it hears the user. Not every server can be told; the profile says which. */
interface TurnChoices {
  /** False: a turn is not answered until the program asks for it. Default true. */
  readonly createResponse?: boolean | undefined;
  /** False: speech does not stop a running answer. Default true. */
  readonly interruptResponse?: boolean | undefined;
}

export type TurnDetection =
  /** By hand: tap to talk, or a program that calls `commit`. */
  | { readonly type: 'none' }
  /** By our own detector on this side. The session turns it into commits: a codec never sees it. */
  | {
      readonly type: 'client';
      /** 0 to 1; higher needs louder speech. */
      readonly threshold?: number | undefined;
      readonly prefixPaddingMs?: number | undefined;
      /** Silence that ends a turn. */
      readonly silenceMs?: number | undefined;
      /** Shorter sounds are no speech. */
      readonly minSpeechMs?: number | undefined;
      /** By loudness, or by a network that knows voices. */
      readonly detector?: 'energy' | 'silero' | undefined;
      /** Path of the Silero network's file. */
      readonly model?: string | undefined;
    }
  | ({
      readonly type: 'server';
      /** 0 to 1; higher needs louder speech. */
      readonly threshold?: number | undefined;
      readonly prefixPaddingMs?: number | undefined;
      readonly silenceMs?: number | undefined;
      /** The server asks "are you still there?" after this much silence. */
      readonly idleTimeoutMs?: number | undefined;
    } & TurnChoices)
  | ({
      readonly type: 'semantic';
      readonly eagerness?: 'low' | 'medium' | 'high' | 'auto' | undefined;
    } & TurnChoices);

/** A tool that the provider runs itself. Which of them exist, the profile says. */
export type ServerTool =
  | { readonly type: 'web_search' }
  | { readonly type: 'x_search' }
  /** `storeIds`: where to search; the provider's own names. */
  | { readonly type: 'file_search'; readonly storeIds: readonly string[] }
  | {
      readonly type: 'mcp';
      readonly label: string;
      readonly url?: string | undefined;
      readonly connectorId?: string | undefined;
      /** A secret: never in logs. */
      readonly authorization?: string | undefined;
      readonly headers?: Readonly<Record<string, string>> | undefined;
      readonly allowedTools?: readonly string[] | undefined;
      readonly requireApproval?: 'always' | 'never' | undefined;
    };

/** What the model is told about the session. A patch: an absent key means "as the server has it". */
export interface SessionSettings {
  readonly instructions?: string | undefined;
  /** By its name; a voice of one's own by its id, as `id:voice_123`. */
  readonly voice?: string | undefined;
  /** Spoken answers, or text only. */
  readonly modality?: 'audio' | 'text' | undefined;
  readonly tools?: readonly ToolSpec[] | undefined;
  readonly serverTools?: readonly ServerTool[] | undefined;
  /** The model may make several calls at once. */
  readonly parallelToolCalls?: boolean | undefined;
  readonly toolChoice?: 'auto' | 'none' | 'required' | { readonly name: string } | undefined;
  readonly turnDetection?: TurnDetection | undefined;
  readonly transcription?:
    | {
        readonly model?: string | undefined;
        /** ISO 639-1, for example `de`. */
        readonly language?: string | undefined;
        /** Several that may be spoken, where the model takes more than one. */
        readonly languages?: readonly string[] | undefined;
        readonly prompt?: string | undefined;
        /** Words that are likely to occur. */
        readonly keywords?: readonly string[] | undefined;
        /** How long the model may wait for more before it writes: longer is surer, and later. */
        readonly delay?: 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | undefined;
      }
    | undefined;
  readonly noiseReduction?: 'near' | 'far' | 'off' | undefined;
  /** 0.25 to 1.5. */
  readonly speed?: number | undefined;
  /** For one answer. `inf`: as many as the model likes, which is the default. */
  readonly maxOutputTokens?: number | 'inf' | undefined;
  readonly reasoningEffort?: 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | undefined;
  /** How freely it chooses its words, 0 to 2; the useful range differs by provider. */
  readonly temperature?: number | undefined;
  /** Instructions stored at the provider. */
  readonly prompt?:
    | {
        readonly id: string;
        readonly version?: string | undefined;
        readonly variables?: Readonly<Record<string, string>> | undefined;
      }
    | undefined;
  /** The provider's own record of the session. `off`: none, also where something else asks for one. */
  readonly tracing?:
    | 'auto'
    | 'off'
    | {
        readonly workflowName?: string | undefined;
        readonly groupId?: string | undefined;
        readonly metadata?: Readonly<Record<string, unknown>> | undefined;
      }
    | undefined;
  /** What the model forgets when the conversation outgrows it. Not the cutting of interrupted answers. */
  readonly contextTruncation?:
    | 'auto'
    | 'disabled'
    | { readonly retentionRatio: number; readonly postInstructionTokens?: number | undefined }
    | undefined;
  /** Fields of the provider's own session object, laid over ours; for what has no name here. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
}
