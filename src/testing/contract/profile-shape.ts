import type { ImageRules, Profile } from '../../contract/profile.js';
import {
  amount,
  between,
  fields,
  flag,
  listOf,
  nullable,
  oneOf,
  optional,
  positive,
  type Shape,
  text,
} from './shape.js';

const images = fields({
  mimes: listOf(text),
  maxBytes: nullable(positive),
  maxWidth: nullable(positive),
  maxHeight: nullable(positive),
  everyS: amount,
  afterAudio: flag,
} satisfies Shape<ImageRules>);

/** 8 kHz is the rate of telephones, 48 kHz the highest rate used with sound devices. */
const rateHz = between(8000, 48_000);

const profile = fields({
  provider: text,
  model: text,
  inputRateHz: rateHz,
  outputRateHz: rateHz,
  turns: oneOf('none', 'server', 'semantic', 'model'),
  tellsSpeech: optional(flag),
  turnChoices: optional(listOf(oneOf('createResponse', 'interruptResponse'))),
  customVoices: optional(flag),
  clientTurns: flag,
  speaksFirst: oneOf('server', 'client'),
  settingsChange: oneOf('anytime', 'beforeAudio', 'never'),
  voiceChange: optional(oneOf('beforeAudio')),
  mediaElsewhere: optional(flag),
  settings: listOf(text),
  truncation: oneOf('explicit', 'server', 'none'),
  interruptsItself: flag,
  tools: flag,
  parallelTools: flag,
  serverTools: listOf(oneOf('web_search', 'x_search', 'file_search', 'mcp')),
  images: nullable(images),
  typedText: flag,
  typedTextNote: optional(text),
  deletesItems: flag,
  userTranscripts: oneOf('append', 'replace', 'none'),
  cancelAnswersDone: flag,
  createAfterCommit: optional(oneOf('confirmed', 'sent', 'transcribed')),
  createAfterTool: flag,
  toolsRunBeside: optional(oneOf('onRequest', 'always')),
  acknowledgesItems: flag,
  resume: oneOf('none', 'handle', 'conversation'),
  outlivesProgram: optional(flag),
  replay: oneOf('items', 'user', 'none'),
  sessionLimitS: nullable(positive),
  idleLimitS: nullable(positive),
  pingEveryS: nullable(positive),
  keepAliveS: nullable(positive),
  usage: oneOf('delta', 'cumulative', 'none'),
  voices: listOf(text),
} satisfies Shape<Profile>);

/** Contradictions between the parts of a profile. */
const contradictions: readonly (readonly [(profile: Profile) => boolean, string])[] = [
  [
    ({ truncation, deletesItems }) => truncation === 'explicit' && !deletesItems,
    'truncation "explicit" needs deletesItems: an answer that was not heard at all is deleted',
  ],
  [({ parallelTools, tools }) => parallelTools && !tools, 'parallelTools needs tools'],
  [({ turns, clientTurns }) => turns === 'none' && !clientTurns, 'turns "none" needs clientTurns'],
  [({ voices }) => new Set(voices).size !== voices.length, 'voices must not name one twice'],
  [
    ({ outlivesProgram, resume }) => outlivesProgram === true && resume !== 'conversation',
    'outlivesProgram needs resume "conversation"',
  ],
];

/** Why this is not a profile that a session can rely on; undefined if it is one. */
export function profileFault(value: Profile): string | undefined {
  return profile(value, 'profile') ?? contradictions.find(([contradicts]) => contradicts(value))?.[1];
}
