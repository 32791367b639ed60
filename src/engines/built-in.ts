import { EnergyVad } from '../audio/turns/energy-vad.js';
import type { Stages, Voice } from './core/stages.js';
import { noTranscription } from './hear/no-transcription.js';
import { intentMind } from './think/intents.js';

/** What works without any engine: energy detection, no transcription, intents, and the given voice. */
export function builtInStages(voice: Voice): Stages {
  return {
    detector: (settings) => new EnergyVad(settings),
    ear: noTranscription,
    mind: intentMind,
    voice,
  };
}
