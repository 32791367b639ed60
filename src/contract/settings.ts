import { everyMember } from './every-member.js';

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

/**
 * Who notices that the user has finished: the server by silence, the server by meaning, our own detector, or the user.
 */
export const turnTypes = ['server', 'semantic', 'client', 'none'] as const;
export type TurnType = (typeof turnTypes)[number];

/** How our own detector finds speech: by loudness, or by a network that knows voices. */
export const speechDetectors = ['energy', 'silero'] as const;
export type SpeechDetector = (typeof speechDetectors)[number];

/** How soon a server that goes by meaning takes a turn for finished. */
export const eagernessLevels = ['low', 'medium', 'high', 'auto'] as const;

interface TurnOptions {
  server: {
    /** 0 to 1; higher needs louder speech. */
    readonly threshold?: number | undefined;
    readonly prefixPaddingMs?: number | undefined;
    readonly silenceMs?: number | undefined;
    /** The server asks "are you still there?" after this much silence. */
    readonly idleTimeoutMs?: number | undefined;
  } & TurnChoices;
  semantic: { readonly eagerness?: (typeof eagernessLevels)[number] | undefined } & TurnChoices;
  /** The session turns it into commits: a codec never sees it. */
  client: {
    /** 0 to 1; higher needs louder speech. */
    readonly threshold?: number | undefined;
    readonly prefixPaddingMs?: number | undefined;
    /** Silence that ends a turn. */
    readonly silenceMs?: number | undefined;
    /** Shorter sounds are not speech. */
    readonly minSpeechMs?: number | undefined;
    readonly detector?: SpeechDetector | undefined;
    /** Path of the Silero network's file. */
    readonly model?: string | undefined;
  };
  /** By hand: tap to talk, or a program that calls `commit`. */
  none: unknown;
}

export type TurnDetection = {
  [Type in TurnType]: { readonly type: Type } & TurnOptions[Type];
}[TurnType];

/** Tools that a provider runs itself. Which of them exist, the profile says. */
export const serverToolTypes = ['web_search', 'x_search', 'file_search', 'mcp'] as const;
export type ServerToolType = (typeof serverToolTypes)[number];

/** Whether a tool of an MCP server that the provider calls itself has to be allowed. */
export const mcpToolApprovals = ['always', 'never'] as const;

interface ServerToolOptions {
  web_search: unknown;
  x_search: unknown;
  /** `storeIds`: where to search; the provider's own names. */
  file_search: { readonly storeIds: readonly string[] };
  mcp: {
    readonly label: string;
    readonly url?: string | undefined;
    readonly connectorId?: string | undefined;
    /** A secret: never in logs. */
    readonly authorization?: string | undefined;
    readonly headers?: Readonly<Record<string, string>> | undefined;
    readonly allowedTools?: readonly string[] | undefined;
    readonly requireApproval?: (typeof mcpToolApprovals)[number] | undefined;
  };
}

export type ServerTool = {
  [Type in ServerToolType]: { readonly type: Type } & ServerToolOptions[Type];
}[ServerToolType];

/** Spoken answers, or text only. */
export const modalities = ['audio', 'text'] as const;
/** Whether the model may, must not or must call a tool. */
export const toolChoices = ['auto', 'none', 'required'] as const;
/** How long transcription may wait for more before it writes: longer is surer, and later. */
export const transcriptionDelays = ['minimal', 'low', 'medium', 'high', 'xhigh'] as const;
/** For a microphone near the mouth, or farther away. */
export const noiseReductions = ['near', 'far', 'off'] as const;
/** How long the model may think before it speaks. */
export const reasoningEfforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'] as const;
export type ReasoningEffort = (typeof reasoningEfforts)[number];
/** The provider's own record of the session. `off`: none, also where something else asks for one. */
export const tracingModes = ['auto', 'off'] as const;
/** Whether the model forgets the beginning when the conversation outgrows it. */
export const contextTruncations = ['auto', 'disabled'] as const;

/** What the model is told about the session. A patch: an absent key means "as the server has it". */
export interface SessionSettings {
  readonly instructions?: string | undefined;
  /** By its name; a voice of one's own by its id, as `id:voice_123`. */
  readonly voice?: string | undefined;
  readonly modality?: (typeof modalities)[number] | undefined;
  readonly tools?: readonly ToolSpec[] | undefined;
  readonly serverTools?: readonly ServerTool[] | undefined;
  /** The model may make several calls at once. */
  readonly parallelToolCalls?: boolean | undefined;
  readonly toolChoice?: (typeof toolChoices)[number] | { readonly name: string } | undefined;
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
        readonly delay?: (typeof transcriptionDelays)[number] | undefined;
      }
    | undefined;
  readonly noiseReduction?: (typeof noiseReductions)[number] | undefined;
  /** 0.25 to 1.5. */
  readonly speed?: number | undefined;
  /** For one answer. `inf`: as many as the model likes, which is the default. */
  readonly maxOutputTokens?: number | 'inf' | undefined;
  readonly reasoningEffort?: ReasoningEffort | undefined;
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
  readonly tracing?:
    | (typeof tracingModes)[number]
    | {
        readonly workflowName?: string | undefined;
        readonly groupId?: string | undefined;
        readonly metadata?: Readonly<Record<string, unknown>> | undefined;
      }
    | undefined;
  /** What the model forgets when the conversation outgrows it. Not the cutting of interrupted answers. */
  readonly contextTruncation?:
    | (typeof contextTruncations)[number]
    | { readonly retentionRatio: number; readonly postInstructionTokens?: number | undefined }
    | undefined;
  /** Fields of the provider's own session object, laid over ours; for what has no name here. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
}

/** A setting that some models ignore. */
export type SettingName = Exclude<keyof SessionSettings, 'extra'>;

/** In the order in which messages name them. */
export const settingNames = everyMember<SettingName>()([
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
]);
