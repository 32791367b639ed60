import { EnergyVad } from '../audio/turns/energy-vad.js';
import type { Stages, Voice } from './core/stages.js';
import { honestEar } from './hear/honest-ear.js';
import { intentMind } from './think/intents.js';

/** What works without any engine: energy detection, honest hearing, intents, and the voice given. */
export function builtInStages(voice: Voice): Stages {
  return {
    detector: (settings) => new EnergyVad(settings),
    ear: honestEar,
    mind: intentMind,
    voice,
  };
}
