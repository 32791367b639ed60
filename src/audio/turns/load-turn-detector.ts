import { EnergyVad } from './energy-vad.js';
import type { TurnDetectorFactory } from './turn-detector.js';

/** Which detector finds the turns. */
export interface TurnDetectorChoice {
  readonly type: 'energy' | 'silero';
  /** Path of the Silero network's file. */
  readonly model?: string | undefined;
}

/**
 * Prepares the chosen detector: by energy (the default), or by the Silero network, whose package and file are checked
 * now, so that nothing is missing in the middle of a talk.
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
