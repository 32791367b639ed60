import type { RecordingPace } from '../../contract/sound-options.js';

/** The options of one `ask`. */
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
  /** Maximum time for the whole command, in seconds. */
  readonly timeoutS?: number | undefined;
  readonly expectHeard: readonly string[];
  readonly expectSaid: readonly string[];
  readonly expectTool: readonly string[];
}
