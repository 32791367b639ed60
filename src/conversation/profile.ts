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
  /** Who notices that the user finished speaking. `none`: we commit by hand. */
  readonly turns: 'none' | 'server' | 'semantic' | 'model';
  /**
   * What happens to an interrupted answer on the provider's side: `explicit` wants `item.truncate` with the
   * milliseconds really heard, `server` does it alone, `none` keeps the whole answer.
   */
  readonly truncation: 'explicit' | 'server' | 'none';
  /** The server cancels the running response itself when the user starts to speak. */
  readonly interruptsItself: boolean;
  readonly tools: boolean;
  readonly parallelTools: boolean;
  readonly images: boolean;
  readonly typedText: boolean;
  /** Items can be deleted, which is how an answer nobody heard leaves the provider's memory. */
  readonly deletesItems: boolean;
  /** The user's transcript arrives as increments (`append`), as growing snapshots (`replace`) or not at all. */
  readonly userTranscripts: 'append' | 'replace' | 'none';
  /** `response.cancel` is answered by a `response.done`. Where it is not, we close the response ourselves. */
  readonly cancelAnswersDone: boolean;
  /** After the tool results the client has to ask for the next response. */
  readonly createAfterTool: boolean;
  /** The server acknowledges every created item, which tells whether a running response knew it. */
  readonly acknowledgesItems: boolean;
  readonly resume: 'none' | 'handle' | 'conversation';
  /** Longest session and longest silence, in seconds; null where none is documented. */
  readonly sessionLimitS: number | null;
  readonly idleLimitS: number | null;
  /** How the connection is kept alive: WebSocket pings, and how often; null = do not ping. */
  readonly pingEveryS: number | null;
  readonly usage: 'delta' | 'cumulative' | 'none';
  /** Voices by name; empty = unknown or free. First one is the default. */
  readonly voices: readonly string[];
}
