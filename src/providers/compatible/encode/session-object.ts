import type { JsonObject } from '../../../base/json.js';
import type { SessionSettings } from '../../../contract/settings.js';
import { customVoiceId } from '../../custom-voice.js';
import type { Switches } from '../switches.js';
import type { Side } from '../wire-sound.js';
import { turnDetectionObject } from './turn-detection.js';

/**
 * Our settings as the session object of `session.update`, without tools. A patch: JSON omits undefined keys, and they
 * keep their value on the server.
 */
export function sessionObject(
  settings: SessionSettings,
  switches: Switches,
  formats: readonly Side[],
): JsonObject {
  const { modality, maxOutputTokens, reasoningEffort, prompt, contextTruncation } = settings;
  const { modalities } = switches;
  return {
    type: switches.sessionType ? 'realtime' : undefined,
    instructions: settings.instructions,
    [modalities.key]: modality === 'audio' ? modalities.audio : modality && [modality],
    ...(switches.shape === 'nested'
      ? nestedAudio(settings, switches, formats)
      : flatAudio(settings, switches, formats)),
    temperature: settings.temperature,
    [switches.maxTokensKey]: maxOutputTokens,
    reasoning: reasoningEffort && { effort: reasoningEffort },
    prompt: prompt && { id: prompt.id, version: prompt.version, variables: prompt.variables },
    parallel_tool_calls: settings.parallelToolCalls,
    tracing: tracing(settings.tracing),
    truncation: truncation(contextTruncation),
  };
}

function nestedAudio(settings: SessionSettings, switches: Switches, formats: readonly Side[]): JsonObject {
  const { atTopLevel } = switches;
  const format = (side: Side) => (formats.includes(side) ? formatOf(side, switches) : undefined);
  const turn_detection = turnDetectionObject(settings.turnDetection, switches);
  const { voice, speed } = settings;
  const voiceOnTop = atTopLevel.includes('voice');
  const turnsOnTop = atTopLevel.includes('turn_detection');
  const audio = present({
    input: present({
      format: format('input'),
      noise_reduction: noiseReduction(settings.noiseReduction),
      transcription: transcription(settings.transcription, switches),
      turn_detection: turnsOnTop ? undefined : turn_detection,
    }),
    output: present({
      format: format('output'),
      voice: voiceOnTop ? undefined : voiceOf(voice, switches),
      speed,
    }),
  });
  return {
    voice: voiceOnTop ? voiceOf(voice, switches) : undefined,
    turn_detection: turnsOnTop ? turn_detection : undefined,
    audio,
  };
}

function flatAudio(settings: SessionSettings, switches: Switches, formats: readonly Side[]): JsonObject {
  const format = (side: Side) => (formats.includes(side) ? formatOf(side, switches) : undefined);
  return {
    voice: voiceOf(settings.voice, switches),
    input_audio_format: format('input'),
    output_audio_format: format('output'),
    input_audio_noise_reduction: noiseReduction(settings.noiseReduction),
    input_audio_transcription: transcription(settings.transcription, switches),
    turn_detection: turnDetectionObject(settings.turnDetection, switches),
    speed: settings.speed,
  };
}

/** A custom voice is sent as an object if the server has such objects, otherwise its id is sent as a name. */
function voiceOf(voice: string | undefined, { customVoices }: Switches) {
  const id = customVoiceId(voice);
  if (id === undefined) return voice;
  return customVoices ? { id } : id;
}

/** Undefined if all fields are undefined: an empty object may mean "reset to the defaults". */
function present(part: JsonObject): JsonObject | undefined {
  return Object.values(part).some((value) => value !== undefined) ? part : undefined;
}

function formatOf(side: Side, switches: Switches) {
  const { format, sampleFormats, inputRateHz, outputRateHz } = switches;
  const samples = sampleFormats[side];
  if (format.kind === 'unsaid') return undefined;
  if (format.kind === 'word') return samples === 'pcm16' ? format[side] : g711Words[samples];
  if (samples !== 'pcm16') return { type: `audio/${samples}` };
  return { type: 'audio/pcm', rate: side === 'input' ? inputRateHz : outputRateHz };
}

const g711Words = { pcmu: 'g711_ulaw', pcma: 'g711_alaw' } as const;

function noiseReduction(mode: SessionSettings['noiseReduction']) {
  return mode === 'off' ? null : mode && { type: `${mode}_field` };
}

function transcription(asked: SessionSettings['transcription'], switches: Switches) {
  if (asked === undefined) return undefined;
  const { transcriptionModel: usual, transcriptionModelFixed } = switches;
  const model = transcriptionModelFixed ? usual : (asked.model ?? usual);
  if (model === null) return undefined;
  const delay = takesDelay(model) ? asked.delay : undefined;
  return { model, ...languagesOf(model, asked), delay, ...wordsToExpect(model, asked) };
}

/** The newest models take several languages and a list of keywords. For others, keywords go into the prompt. */
const listModels = /^gpt-(live-)?transcribe/;

export function takesLanguages(model: string): boolean {
  return listModels.test(model);
}

/** OpenAI's other models transcribe a turn when it is over and have no delay. Unknown models may have one. */
export function takesDelay(model: string): boolean {
  return !/^(gpt-4o|whisper-1|gpt-transcribe)/.test(model);
}

function languagesOf(
  model: string,
  { language, languages = [] }: NonNullable<SessionSettings['transcription']>,
) {
  if (languages.length > 0 && takesLanguages(model)) return { language, languages };
  return { language: language ?? languages[0] };
}

function wordsToExpect(
  model: string,
  { prompt, keywords = [] }: { prompt?: string | undefined; keywords?: readonly string[] | undefined },
) {
  if (keywords.length === 0) return { prompt };
  if (listModels.test(model)) return { prompt, keywords };
  return {
    prompt: [prompt, keywords.join(', ')].filter((part) => part !== undefined && part !== '').join(' '),
  };
}

function tracing(asked: SessionSettings['tracing']) {
  if (asked === 'off') return null;
  if (typeof asked !== 'object') return asked;
  const { workflowName: workflow_name, groupId: group_id, metadata } = asked;
  return { workflow_name, group_id, metadata };
}

function truncation(asked: SessionSettings['contextTruncation']) {
  if (typeof asked !== 'object') return asked;
  const { retentionRatio: retention_ratio, postInstructionTokens: post_instructions } = asked;
  return {
    type: 'retention_ratio',
    retention_ratio,
    token_limits: post_instructions === undefined ? undefined : { post_instructions },
  };
}
