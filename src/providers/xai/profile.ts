import type { Profile } from '../../contract/profile.js';
import { xaiEntry } from '../catalog.js';

export const rateHz = 24_000;

export const supportedSettings: Profile['settings'] = [
  'instructions',
  'voice',
  'tools',
  'serverTools',
  'toolChoice',
  'turnDetection',
  'transcription',
  'speed',
  'reasoningEffort',
];

export const serverTools: Profile['serverTools'] = ['web_search', 'x_search', 'file_search', 'mcp'];

export function profile(model: string): Profile {
  return {
    provider: xaiEntry.id,
    model,
    inputRateHz: rateHz,
    outputRateHz: rateHz,
    turns: 'server',
    clientTurns: true,
    speaksFirst: 'server',
    settingsChange: 'anytime',
    settings: supportedSettings,
    // There is an event for it, but it works only after the answer is over, and not always.
    truncation: 'none',
    interruptsItself: true,
    tools: true,
    parallelTools: true,
    serverTools,
    images: null,
    typedText: true,
    deletesItems: true,
    userTranscripts: 'replace',
    cancelAnswersDone: true,
    createAfterTool: true,
    acknowledgesItems: false,
    resume: 'conversation',
    replay: 'items',
    sessionLimitS: null,
    idleLimitS: null,
    pingEveryS: 15,
    keepAliveS: null,
    usage: 'delta',
    voices: [
      'eve, ara, rex, sal, leo, altair, atlas, aurora, carina, castor, celeste, cosmo, helios, helix, iris, kepler',
      'liora, lumen, luna, lux, naksh, orion, perseus, rigel, sirius, ursa, zagan, zenith',
    ].flatMap((line) => line.split(', ')),
  };
}
