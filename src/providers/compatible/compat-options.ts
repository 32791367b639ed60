import type { Profile } from '../../contract/profile.js';
import type { Switches } from './switches.js';

/** Servers whose differences are known by name. */
export const compatPresets = [
  'speaches',
  'localai',
  'speech-to-speech',
  'vllm-omni',
  'stepfun',
  'glm',
  'inworld',
] as const;

export type CompatPreset = (typeof compatPresets)[number];

/** The switches a user can set for a server of his own: those that are plain data. */
type PlainSwitches = Omit<
  Switches,
  | 'errors'
  | 'quirks'
  | 'noTurnDetection'
  | 'modalities'
  | 'format'
  | 'sampleFormats'
  | 'settings'
  | 'serverTools'
  | 'createAfterServerTool'
>;

/** What a server can do that differs from OpenAI's. */
type ProfileSwitches = Pick<
  Profile,
  | 'turns'
  | 'truncation'
  | 'interruptsItself'
  | 'tools'
  | 'parallelTools'
  | 'typedText'
  | 'deletesItems'
  | 'userTranscripts'
  | 'cancelAnswersDone'
  | 'createAfterTool'
  | 'acknowledgesItems'
  | 'sessionLimitS'
  | 'idleLimitS'
  | 'pingEveryS'
  | 'keepAliveS'
  | 'usage'
>;

/** As `Partial`, but a key may also be there without a value. */
type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined };

/**
 * How a compatible server differs from OpenAI (`providers.openai.compat`). A preset or a dialect gives the start, every
 * further key overrides one difference.
 */
export interface CompatOptions extends Optional<PlainSwitches>, Optional<ProfileSwitches> {
  readonly preset?: CompatPreset | undefined;
  /** Default: `ga`. */
  readonly dialect?: 'ga' | 'beta' | undefined;
  /** Whether images are taken, as items. */
  readonly images?: boolean | undefined;
}
