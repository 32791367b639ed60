import { EnergyVad, type VadEvent, type VadOptions } from './vad.js';

/** Which detector finds the turns. */
export interface TurnDetectorChoice {
  readonly type: 'energy' | 'silero';
  /** Path of the Silero network's file. */
  readonly model?: string | undefined;
}

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

/**
 * Gets a kind of detector ready: by energy where nothing else is chosen, or by the Silero network, whose package and
 * file are looked for now, so that nothing can be missing in the middle of a talk.
 * @throws VoxtermError exit 3 when the package or the file is missing or does not work.
 */
export async function loadTurnDetector(choice?: TurnDetectorChoice): Promise<TurnDetectorFactory> {
  if (choice?.type !== 'silero') return (settings) => new EnergyVad(settings);
  const [{ loadSilero }, { SileroDetector }] = await Promise.all([
    import('./silero.js'),
    import('./silero-detector.js'),
  ]);
  const network = await loadSilero(choice.model);
  return (settings) => new SileroDetector(network, settings);
}
