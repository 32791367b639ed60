import type { Profile } from '../../contract/profile.js';
import { gaDialect } from './switches.js';

/** Voices of OpenAI's models; resellers offer the same. */
const voices: Profile['voices'] = [
  'marin',
  'cedar',
  'alloy',
  'ash',
  'ballad',
  'coral',
  'echo',
  'sage',
  'shimmer',
  'verse',
];

/** What OpenAI's own server can do. Compatible vendors offer less. */
export const gaAbilities: Omit<Profile, 'provider' | 'model'> = {
  inputRateHz: gaDialect.inputRateHz,
  outputRateHz: gaDialect.outputRateHz,
  turns: 'server',
  turnChoices: ['createResponse', 'interruptResponse'],
  customVoices: true,
  clientTurns: true,
  speaksFirst: 'server',
  settingsChange: 'anytime',
  voiceChange: 'beforeAudio',
  settings: gaDialect.settings,
  truncation: 'explicit',
  interruptsItself: true,
  tools: true,
  parallelTools: false,
  serverTools: gaDialect.serverTools,
  images: {
    mimes: ['image/jpeg', 'image/png'],
    maxBytes: null,
    maxWidth: null,
    maxHeight: null,
    everyS: 0,
    afterAudio: false,
  },
  typedText: true,
  deletesItems: true,
  userTranscripts: 'append',
  cancelAnswersDone: true,
  createAfterTool: true,
  acknowledgesItems: true,
  resume: 'none',
  replay: 'items',
  sessionLimitS: 3600,
  idleLimitS: null,
  pingEveryS: 15,
  keepAliveS: null,
  usage: 'delta',
  voices,
};
