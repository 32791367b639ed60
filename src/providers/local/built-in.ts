import { EnergyVad } from '../../audio/vad.js';
import { honestEar } from './honest-ear.js';
import { intentMind } from './intents.js';
import type { Stages, Voice } from './stages.js';

/** What works without any engine: energy detection, honest hearing, intents, and the voice given. */
export function builtInStages(voice: Voice): Stages {
  return {
    detector: (settings) => new EnergyVad(settings),
    ear: honestEar,
    mind: intentMind,
    voice,
  };
}
