import type { VadEvent, VadOptions } from './energy-vad.js';

/** Finds where speech begins and ends in a stream of sound. Positions count samples from the first one ever pushed. */
export interface TurnDetector {
  /** Whether a turn is open. */
  readonly speaking: boolean;
  /** PCM16 mono of any length. */
  push(samples: Int16Array): VadEvent[];
  /** The input is over: closes an open turn. */
  flush(): VadEvent[];
  /** Forgets an open turn. */
  reset(): void;
}

/** Makes a detector for one stream; the settings mean the same for every kind. */
export type TurnDetectorFactory = (settings: VadOptions) => TurnDetector;
