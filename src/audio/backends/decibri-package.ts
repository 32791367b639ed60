import { createRequire } from 'node:module';

export interface DecibriStreamOptions {
  readonly sampleRate: number;
  readonly channels: 1;
  readonly dtype: 'int16';
  readonly framesPerBuffer?: number;
  readonly device?: { readonly id: string };
}

interface DecibriStream {
  /** Stops at once; what was not played is dropped. */
  stop(): void;
  once(event: 'error', listener: (error: Error) => void): unknown;
}

interface DecibriMicrophone extends DecibriStream {
  on(event: 'data', listener: (chunk: Uint8Array) => void): unknown;
}

export interface DecibriSpeaker extends DecibriStream {
  write(chunk: Buffer): unknown;
}

/** The part of the package's interface (5.x) that we use. */
export interface Decibri {
  readonly Microphone: { open(options: DecibriStreamOptions): Promise<DecibriMicrophone> };
  readonly Speaker: { open(options: DecibriStreamOptions): Promise<DecibriSpeaker> };
  inputDevices(): unknown;
  outputDevices(): unknown;
}

/** Not a dependency: present only if the user installed it beside voxterm. */
const packageName = 'decibri';

/** @throws what Node says when the package is not there or has no binary for this machine. */
export function loadDecibri(): Decibri {
  const loaded: unknown = createRequire(import.meta.url)(packageName);
  if (!isDecibri(loaded)) throw new TypeError('the installed decibri is not version 5');
  return loaded;
}

function isDecibri(loaded: unknown): loaded is Decibri {
  if (typeof loaded !== 'object' || loaded === null) return false;
  return (['Microphone', 'Speaker', 'inputDevices', 'outputDevices'] as const).every(
    (name) => name in loaded && typeof Reflect.get(loaded, name) === 'function',
  );
}
