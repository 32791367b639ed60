import type { PartKey } from '../contract/events.js';
import type { RenderedPart } from '../contract/inputs.js';
import type { BackendChoice, EchoMode, SoundChoices } from '../contract/sound-options.js';

/** A device as the user sees it. `index` is what `--input-device 3` means. */
export interface DeviceInfo {
  readonly index: number;
  readonly name: string;
  readonly hostApi: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly defaultRateHz: number;
  readonly defaultInput: boolean;
  readonly defaultOutput: boolean;
}

export interface SoundOptions extends Omit<SoundChoices, 'backend' | 'echo'> {
  /** Rate of the frames from the microphone, and of the PCM given to `play`, in Hz. */
  readonly inputRateHz: number;
  readonly outputRateHz: number;
  readonly backend?: BackendChoice | undefined;
  readonly echo: EchoMode;
  /** False opens no microphone or no speaker: `talk` with typed text needs no microphone. */
  readonly input?: boolean | undefined;
  readonly output?: boolean | undefined;
}

export type SoundEvent =
  /**
   * 20 ms of microphone, PCM16 mono at `inputRateHz`. Muted or gated frames arrive as zeros, so the clock keeps
   * running.
   */
  | { readonly type: 'frame'; readonly audio: Uint8Array; readonly level: number }
  /** Samples rendered so far per part, in `outputRateHz`; about every 50 ms while something plays. `level`: 0 to 1. */
  | { readonly type: 'rendered'; readonly parts: readonly RenderedPart[]; readonly level: number }
  | { readonly type: 'cleared'; readonly epoch: number; readonly parts: readonly RenderedPart[] }
  /** Everything queued has been rendered. */
  | { readonly type: 'drained' }
  | { readonly type: 'underrun'; readonly count: number }
  /** The microphone has delivered digital silence for two seconds. */
  | { readonly type: 'silent'; readonly message: string; readonly hint: string }
  | { readonly type: 'lost'; readonly message: string }
  | { readonly type: 'restored'; readonly message: string }
  /**
   * The device has not come back for some seconds. `play` and `clear` still work, as if everything unplayed had been
   * dropped; `restored` follows if it comes back later.
   */
  | { readonly type: 'failed'; readonly message: string; readonly hint: string };

/**
 * Microphone and speaker. Opened once per session; may be closed twice. Nothing here throws after opening: trouble
 * arrives as events.
 */
export interface Sound {
  readonly backend: string;
  readonly inputName: string | null;
  readonly outputName: string | null;
  /** The devices are not open now, and have not been for some seconds: `restored` tells when they are. */
  readonly away?: boolean | undefined;
  /** Called synchronously, in order, for each event. Set once, before the first await after opening. */
  onEvent: (event: SoundEvent) => void;
  play(part: PartKey, pcm: Uint8Array): void;
  endPart(part: PartKey): void;
  /**
   * Falls silent now (10 to 30 ms fade) and drops the queue. Always answered by one `cleared` event of this epoch
   * within 500 ms.
   */
  clear(epoch: number): void;
  setMuted(muted: boolean): void;
  setEcho(mode: EchoMode): void;
  close(): Promise<void>;
}
