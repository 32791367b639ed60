import type { DeviceInfo } from '../sound.js';

export type BackendId = 'portaudio' | 'pulse' | 'pipewire' | 'alsa' | 'sox' | 'ffmpeg' | 'decibri';

/** A device and how its backend calls it: a number of PortAudio, a name of PulseAudio … */
export interface BackendDevice extends DeviceInfo {
  readonly handle: string;
}

export interface StreamRequest {
  /** Wished for; the stream says what it became. */
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
  /** How much of what was written `discard` throws away, in milliseconds; 0 where it cannot. */
  readonly discardedMs: number;
  /** PCM16 mono, 10 ms. Resolves when the next block is wanted. `sounding` is false for mere silence. */
  write(pcm: Uint8Array, sounding: boolean): Promise<void>;
  /** Silence at once, for devices that can: what was written and has not sounded is dropped. */
  discard?(): void;
  close(): Promise<void>;
}

/** One way to reach the sound hardware. Each throws `VoxtermError` (exit 4) when a stream cannot be opened. */
export interface Backend {
  readonly id: BackendId;
  /** In the order in which the user should see them; `index` counts from 0. */
  list(): Promise<readonly BackendDevice[]>;
  openInput(request: InputRequest): Promise<InputStream>;
  openOutput(request: StreamRequest): Promise<OutputStream>;
}
