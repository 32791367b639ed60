import type { Profile } from '../../../src/contract/profile.js';

/** A server with voice detection and everything it may support; tests change what they are about. */
export const fullProfile: Profile = {
  provider: 'simulated',
  model: 'sim-1',
  inputRateHz: 24_000,
  outputRateHz: 24_000,
  turns: 'server',
  clientTurns: true,
  speaksFirst: 'server',
  settingsChange: 'anytime',
  settings: [],
  truncation: 'explicit',
  interruptsItself: true,
  tools: true,
  parallelTools: true,
  serverTools: [],
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
  sessionLimitS: null,
  idleLimitS: null,
  pingEveryS: null,
  keepAliveS: null,
  usage: 'delta',
  voices: [],
};

/** Samples of the output rate in a millisecond. */
export const samplesPerMs = fullProfile.outputRateHz / 1000;

/** The kinds of servers that exist, by what they leave out. */
export const profileVariants = {
  everything: fullProfile,
  'truncates by itself': { ...fullProfile, truncation: 'server', deletesItems: false },
  'cannot truncate': { ...fullProfile, truncation: 'none', deletesItems: false },
  'acknowledges no items': { ...fullProfile, acknowledgesItems: false },
  'cancels without done': { ...fullProfile, cancelAnswersDone: false },
  'does not interrupt itself': { ...fullProfile, interruptsItself: false },
  'goes on after tools': { ...fullProfile, createAfterTool: false },
  'waits for our settings': { ...fullProfile, speaksFirst: 'client' },
  'detects no turns': { ...fullProfile, turns: 'none', interruptsItself: false },
  'need not confirm a commit': {
    ...fullProfile,
    turns: 'none',
    interruptsItself: false,
    createAfterCommit: 'sent',
  },
  'answers words only': { ...fullProfile, createAfterCommit: 'transcribed' },
  'keeps its settings': { ...fullProfile, settingsChange: 'never', createAfterTool: false },
  'takes settings before sound only, and no text': {
    ...fullProfile,
    settingsChange: 'beforeAudio',
    typedText: false,
    replay: 'none',
  },
} as const satisfies Record<string, Profile>;
