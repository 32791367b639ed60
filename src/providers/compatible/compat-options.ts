import type { Profile } from '../../contract/profile.js';
import type { Switches } from './switches.js';
import type { WireGeneration } from './wire-choices.js';

/** Servers whose differences are built in. */
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

/** The switches that users can set for their own server: those that are plain data. */
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

/** The abilities in which a server may differ from OpenAI. */
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

/** Like `Partial`, but a key may also be present with the value undefined. */
type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined };

/**
 * How a compatible server differs from OpenAI (`providers.openai.compat`). A preset or a dialect is the starting point;
 * every other key overrides one difference.
 */
export interface CompatOptions extends Optional<PlainSwitches>, Optional<ProfileSwitches> {
  readonly preset?: CompatPreset | undefined;
  /** Default: `ga`. */
  readonly dialect?: WireGeneration | undefined;
  /** Whether the server accepts images as items. */
  readonly images?: boolean | undefined;
}
