import type { SpeechDetector } from '../../contract/settings.js';
import { EnergyVad } from './energy-vad.js';
import type { TurnDetectorFactory } from './turn-detector.js';

/** Which detector finds the turns. */
export interface TurnDetectorChoice {
  readonly type: SpeechDetector;
  /** Path of the Silero network's file. */
  readonly model?: string | undefined;
}

/**
 * Prepares the chosen detector: by energy (the default), or by the Silero network, whose package and file are checked
 * now, so that nothing is missing in the middle of a talk.
 * @throws VoxtermError exit 3 when the package or the file is missing or does not work.
 */
export async function loadTurnDetector(choice?: TurnDetectorChoice): Promise<TurnDetectorFactory> {
  return loaders[choice?.type ?? 'energy'](choice?.model);
}

const loaders: Readonly<Record<SpeechDetector, (model: string | undefined) => Promise<TurnDetectorFactory>>> =
  {
    energy: async () => (settings) => new EnergyVad(settings),
    silero: async (model) => {
      const [{ loadSilero }, { SileroDetector }] = await Promise.all([
        import('./silero.js'),
        import('./silero-detector.js'),
      ]);
      const network = await loadSilero(model);
      return (settings) => new SileroDetector(network, settings);
    },
  };
