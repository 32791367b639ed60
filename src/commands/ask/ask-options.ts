import type { RecordingPace } from '../../contract/sound-options.js';

/** What one `ask` was called with. */
export interface AskOptions {
  /** A recording, or `-` for standard input. */
  readonly input?: string | undefined;
  /** Where the spoken reply goes as WAV; `-` is standard output. */
  readonly output?: string | undefined;
  readonly text?: string | undefined;
  /** Pictures that are shown before anything is asked. */
  readonly images?: readonly string[] | undefined;
  readonly transcript?: string | undefined;
  readonly pace: RecordingPace;
  /** Longest time for everything, in seconds. */
  readonly timeoutS?: number | undefined;
  readonly expectHeard: readonly string[];
  readonly expectSaid: readonly string[];
  readonly expectTool: readonly string[];
}
