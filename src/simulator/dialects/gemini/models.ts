import { ClosingError, internalError, invalidArgument } from './closing-error.js';
import type { ApiVersion, Setup } from './setup-schema.js';

/** How the models differ on the wire. */
export interface Model {
  readonly name: string;
  /** Sound and its transcript come in one message; older models send them apart. */
  readonly combines: boolean;
  /** The user's speech is always transcribed, requested or not. */
  readonly alwaysTranscribes: boolean;
  /** Accepts `clientContent` only as history, and only where the setup announced it. */
  readonly seedsOnly: boolean;
  /** Whether functions block the model: as declared, only if declared so, always, or never. */
  readonly tools: 'declared' | 'asynchronous' | 'blocking' | 'alwaysAsynchronous';
  readonly thinking: 'budget' | 'level' | 'none' | 'levelRequired';
  /** Supports proactive audio: it may stay silent when not addressed. */
  readonly proactive: boolean;
  /** Still reads the deprecated field for sound and images. */
  readonly takesMediaChunks: boolean;
  /** All models refuse text answers, with different errors. */
  readonly refuseText: () => ClosingError;
}

const noVoices = (): ClosingError =>
  new ClosingError(1007, 'Cannot extract voices from a non-audio request.');

const second = {
  combines: false,
  alwaysTranscribes: false,
  seedsOnly: false,
  tools: 'declared',
  thinking: 'budget',
  proactive: true,
  takesMediaChunks: true,
  refuseText: noVoices,
} as const satisfies Omit<Model, 'name'>;

const third = {
  combines: true,
  alwaysTranscribes: true,
  seedsOnly: true,
  tools: 'blocking',
  thinking: 'level',
  proactive: false,
  takesMediaChunks: false,
  refuseText: internalError,
} as const satisfies Omit<Model, 'name'>;

/** Text turns are accepted at any time again. */
const newest = { ...third, seedsOnly: false, proactive: true } as const satisfies Omit<Model, 'name'>;

const models: readonly Model[] = [
  { name: 'gemini-2.5-flash-native-audio-preview-09-2025', ...second },
  { name: 'gemini-2.5-flash-native-audio-preview-12-2025', ...second },
  { name: 'gemini-2.5-flash-native-audio-latest', ...second },
  { name: 'gemini-3.1-flash-live-preview', ...third },
  { name: 'gemini-3.8-live', ...newest, tools: 'asynchronous', thinking: 'none' },
  {
    name: 'gemini-3.8-live-extended-thinking',
    ...newest,
    tools: 'alwaysAsynchronous',
    thinking: 'levelRequired',
  },
];

/** @throws ClosingError for a model that this API does not have. `extra` is one more accepted name. */
export function findModel(name: string | undefined, version: ApiVersion, extra: string | undefined): Model {
  const wanted = name ?? '';
  const bare = wanted.replace(/^models\//, '');
  const found = models.find((model) => model.name === bare);
  if (found !== undefined) return found;
  if (extra !== undefined && bare === extra) return { name: extra, ...third };
  const shown = wanted.startsWith('models/') ? wanted : `models/${wanted}`;
  throw new ClosingError(
    1008,
    `${shown} is not found for API version ${version}, or is not supported for bidiGenerateContent. Call ListModels to see the list of available models and their supported methods.`,
  );
}

/** @throws ClosingError where the model does not do what the setup asks for. */
export function checkSetup({ generationConfig, proactivity }: Setup, model: Model): void {
  const { responseModalities = ['AUDIO'], speechConfig, thinkingConfig = {} } = generationConfig ?? {};
  if (responseModalities.includes('TEXT') && responseModalities.length === 1) throw model.refuseText();
  if (responseModalities.length !== 1 || responseModalities[0] !== 'AUDIO') throw invalidArgument();
  const { thinkingBudget, thinkingLevel } = thinkingConfig;
  if (model.thinking === 'none' && thinkingLevel !== undefined) throw invalidArgument();
  if (model.thinking === 'budget' && thinkingLevel !== undefined) throw invalidArgument();
  if (model.thinking === 'levelRequired' && thinkingLevel === undefined) throw invalidArgument();
  if (model.thinking !== 'budget' && thinkingBudget !== undefined && thinkingLevel !== undefined) {
    throw invalidArgument();
  }
  const voice = speechConfig?.voiceConfig?.prebuiltVoiceConfig?.voiceName;
  if (voice !== undefined && !voices.includes(voice.toLowerCase())) {
    throw new ClosingError(
      1007,
      `Requested voice api_name '${voice.slice(0, 40)}' is not available for model ${model.name}`,
    );
  }
  if (proactivity !== undefined && !model.proactive) throw invalidArgument();
}

const voices = (
  'zephyr puck charon kore fenrir leda orus aoede callirrhoe autonoe enceladus iapetus umbriel algieba despina ' +
  'erinome algenib rasalgethi laomedeia achernar alnilam schedar gacrux pulcherrima achird zubenelgenubi ' +
  'vindemiatrix sadachbia sadaltager sulafat'
).split(' ');
