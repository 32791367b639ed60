import type { ServerToolType, SettingName } from './settings.js';

/** Who notices that the user finished speaking. `none`: we commit by hand. */
export const providerTurns = ['none', 'server', 'semantic', 'model'] as const;
/**
 * What happens to an interrupted answer on the provider's side: `explicit` wants `item.truncate` with the milliseconds
 * really heard, `server` does it alone, `none` keeps the whole answer.
 */
export const truncationKinds = ['explicit', 'server', 'none'] as const;
/** The user's transcript arrives as increments (`append`), as growing snapshots (`replace`) or not at all. */
export const transcriptKinds = ['append', 'replace', 'none'] as const;
/** Tokens are counted per response (`delta`), for the session so far (`cumulative`) or not at all. */
export const usageKinds = ['delta', 'cumulative', 'none'] as const;

/** What an image must be to be taken. */
export interface ImageRules {
  /** Accepted types, best first, for example `image/jpeg`. */
  readonly mimes: readonly string[];
  /** Largest file in bytes, before base64; null where none is documented. */
  readonly maxBytes: number | null;
  /** Longest edges in pixels; null where none is documented. */
  readonly maxWidth: number | null;
  readonly maxHeight: number | null;
  /** At most one in this many seconds; 0 = as many as one likes. */
  readonly everyS: number;
  /** The server wants to have heard something first. */
  readonly afterAudio: boolean;
}

/**
 * What one provider's model can do, as plain data. Nothing outside `providers/` asks *which* provider it
 * talks to; it asks this. Serialisable: `voxterm providers` prints it.
 */
export interface Profile {
  /** Provider id, for messages and output only. Never branch on it. */
  readonly provider: string;
  readonly model: string;
  /** PCM16 mono rate the provider expects, and the one it delivers, in Hz. */
  readonly inputRateHz: number;
  readonly outputRateHz: number;
  readonly turns: (typeof providerTurns)[number];
  /**
   * Whether it says when the user's speech begins and ends; absent = yes. Where it does not, its answer is the first
   * sign.
   */
  readonly tellsSpeech?: boolean | undefined;
  /** What the server can be told not to do by itself when it hears the user; absent = nothing of it. */
  readonly turnChoices?: readonly ('createResponse' | 'interruptResponse')[] | undefined;
  /** Voices of one's own are known by an id (`id:…`). Elsewhere such an id is sent like a name. */
  readonly customVoices?: boolean | undefined;
  /** Turns may also be ended by us: tap to talk, and our own detector. */
  readonly clientTurns: boolean;
  /** Who speaks first on a new connection: the server, or we with our settings. */
  readonly speaksFirst: 'server' | 'client';
  /** When settings may still change on an open connection. */
  readonly settingsChange: 'anytime' | 'beforeAudio' | 'never';
  /**
   * When the voice may still change on an open connection, absent = whenever settings may. A new connection may always
   * have another one.
   */
  readonly voiceChange?: 'beforeAudio' | undefined;
  /**
   * The media of the conversation is elsewhere, in a telephone call that we only steer: nothing is sent or played here,
   * and the provider knows best what was heard.
   */
  readonly mediaElsewhere?: boolean | undefined;
  /**
   * The settings this model honours. What else is asked for is ignored, and the user is told so before the first word.
   */
  readonly settings: readonly SettingName[];
  readonly truncation: (typeof truncationKinds)[number];
  /** The server cancels the running response itself when the user starts to speak. */
  readonly interruptsItself: boolean;
  readonly tools: boolean;
  readonly parallelTools: boolean;
  /** Tools that the provider runs itself. */
  readonly serverTools: readonly ServerToolType[];
  /** Null: the model sees nothing. */
  readonly images: ImageRules | null;
  readonly typedText: boolean;
  /** What a user who types for the first time has to know. */
  readonly typedTextNote?: string | undefined;
  /** Items can be deleted, which is how an unheard answer leaves the provider's memory. */
  readonly deletesItems: boolean;
  readonly userTranscripts: (typeof transcriptKinds)[number];
  /** `response.cancel` is answered by a `response.done`. Where it is not, we close the response ourselves. */
  readonly cancelAnswersDone: boolean;
  /**
   * When the answer to a turn that we committed may be asked for: when the server confirms the commit (default), at
   * once where it need not confirm it, or when it has understood the words, where it would answer an empty turn before.
   */
  readonly createAfterCommit?: 'confirmed' | 'sent' | 'transcribed' | undefined;
  /** After the tool results the client has to ask for the next response; elsewhere the server goes on by itself. */
  readonly createAfterTool: boolean;
  /**
   * Whether the model goes on talking while a tool runs: for tools with `blocking: false`, or for all; absent = it
   * waits for the result.
   */
  readonly toolsRunBeside?: 'onRequest' | 'always' | undefined;
  /** The server acknowledges every created item, which tells whether a running response knew it. */
  readonly acknowledgesItems: boolean;
  /** What a new connection can take up: nothing, a handle the server gave us, or the conversation by its id. */
  readonly resume: 'none' | 'handle' | 'conversation';
  /** A conversation taken up by its id is still there when the program is started again. */
  readonly outlivesProgram?: boolean | undefined;
  /** Earlier messages can be given to a new connection as items: of both sides, of the user only, or not at all. */
  readonly replay: 'items' | 'user' | 'none';
  /** Longest session and longest silence, in seconds; null where none is documented. */
  readonly sessionLimitS: number | null;
  readonly idleLimitS: number | null;
  /** How the connection is kept alive: WebSocket pings, and how often; null = do not ping. */
  readonly pingEveryS: number | null;
  /** Pings do not count everywhere: how long we may send nothing before the codec's keep-alive frames go out. */
  readonly keepAliveS: number | null;
  readonly usage: (typeof usageKinds)[number];
  /** Voices by name; empty = unknown or free. First one is the default. */
  readonly voices: readonly string[];
}
