/** Ways to reach the sound devices, in the order in which `auto` tries them. */
export const soundBackends = ['portaudio', 'decibri', 'pulse', 'pipewire', 'alsa', 'sox', 'ffmpeg'] as const;
export type SoundBackend = (typeof soundBackends)[number];

/** `auto`: the first one that works here. */
export const backendChoices = ['auto', ...soundBackends] as const;
export type BackendChoice = (typeof backendChoices)[number];

/**
 * What keeps the assistant from hearing itself. `gate` passes the microphone while an answer plays only when it is
 * clearly louder than what is rendered; `half-duplex` passes nothing meanwhile; `off` passes everything.
 */
export const echoModes = ['gate', 'half-duplex', 'off'] as const;
export type EchoMode = (typeof echoModes)[number];

/** `auto`: `gate`, and `half-duplex` once the assistant has heard itself. */
export const echoChoices = ['auto', ...echoModes] as const;

/** How a recording is fed: as it was spoken, or as fast as it goes. */
export const recordingPaces = ['realtime', 'fast'] as const;
export type RecordingPace = (typeof recordingPaces)[number];

/** What a speech server can be asked for: raw PCM, or a WAV file, which names its own rate. */
export const speechFormats = ['pcm', 'wav'] as const;

/** What a user chooses about microphone and speaker. */
export interface SoundChoices {
  readonly backend: BackendChoice;
  /** Index, or part of a name (case-insensitive); absent = the system's default. */
  readonly inputDevice?: string | undefined;
  readonly outputDevice?: string | undefined;
  readonly echo: (typeof echoChoices)[number];
}
