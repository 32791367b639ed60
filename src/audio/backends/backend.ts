import type { SoundBackend } from '../../contract/sound-options.js';
import type { DeviceInfo } from '../sound.js';

/** A device, and its backend's handle for it: PortAudio's number, PulseAudio's name … */
export interface BackendDevice extends DeviceInfo {
  readonly handle: string;
}

export interface StreamRequest {
  /** The preferred rate; the stream says which one it got. */
  readonly rateHz: number;
  /** Undefined = the system's default. */
  readonly device: BackendDevice | undefined;
  /** Called at most once, when the stream ends by itself. `reason` is the rest of a sentence: "the device …". */
  readonly onLost: (reason: string) => void;
}

export interface InputRequest extends StreamRequest {
  /** PCM16 mono at the stream's rate, about 10 to 20 ms at a time. */
  readonly onPcm: (pcm: Uint8Array) => void;
}

export interface InputStream {
  readonly name: string;
  readonly rateHz: number;
  close(): Promise<void>;
}

export interface OutputStream {
  readonly name: string;
  readonly rateHz: number;
  /** How much of what was written `discard` drops, in milliseconds; 0 where it cannot drop anything. */
  readonly discardedMs: number;
  /**
   * Takes 10 ms of PCM16 mono. Resolves when the device is ready for the next block. `sounding` is false for silence.
   */
  write(pcm: Uint8Array, sounding: boolean): Promise<void>;
  /**
   * Falls silent at once: what was written and has not been played is dropped. Absent on devices that cannot do that.
   */
  discard?(): void;
  close(): Promise<void>;
}

/** One way to reach the sound hardware. Each throws `VoxtermError` (exit 4) when a stream cannot be opened. */
export interface Backend {
  readonly id: SoundBackend;
  /** In the order in which they are shown to the user; `index` counts from 0. */
  list(): Promise<readonly BackendDevice[]>;
  openInput(request: InputRequest): Promise<InputStream>;
  openOutput(request: StreamRequest): Promise<OutputStream>;
}
