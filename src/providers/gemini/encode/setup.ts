import { deepMerge } from '../../../base/deep-merge.js';
import type { JsonObject } from '../../../base/json.js';
import type { SessionSettings, TurnDetection } from '../../../contract/settings.js';
import { customVoiceId } from '../../custom-voice.js';
import type { ModelFacts } from '../models.js';
import { toolList } from './declarations.js';
import { thinkingConfig } from './thinking.js';

export interface SetupContext {
  readonly model: string;
  readonly facts: ModelFacts;
  /** The handle of an earlier connection to continue. */
  readonly resume?: string | undefined;
}

/** The first message of a connection, with all settings; none of them can be changed later. */
export function setupObject(settings: SessionSettings, { model, facts, resume }: SetupContext): JsonObject {
  const { instructions, extra } = settings;
  const tools = toolList(settings, facts);
  const setup = {
    model: modelName(model),
    generationConfig: generationConfig(settings, facts),
    ...(instructions && { systemInstruction: { parts: [{ text: instructions }] } }),
    ...(tools.length > 0 && { tools }),
    ...realtimeInputConfig(settings.turnDetection),
    ...(settings.transcription && { inputAudioTranscription: transcriptionHints(settings, facts) }),
    outputAudioTranscription: {},
    sessionResumption: resume === undefined ? {} : { handle: resume },
    // Without it, an audio session ends after 15 minutes.
    ...(settings.contextTruncation !== 'disabled' && { contextWindowCompression: { slidingWindow: {} } }),
  };
  return extra === undefined ? setup : deepMerge(setup, extra);
}

/** `models/…`, unless it is already a full path: `projects/…` on Vertex, `tunedModels/…`. */
function modelName(model: string): string {
  return model.includes('/') ? model : `models/${model}`;
}

function generationConfig(settings: SessionSettings, facts: ModelFacts): JsonObject {
  const { voice, temperature, maxOutputTokens, reasoningEffort } = settings;
  const thinking = thinkingConfig(reasoningEffort, facts);
  return {
    // Live models refuse text output; a transcript of the audio comes as well.
    responseModalities: ['AUDIO'],
    ...(voice !== undefined && {
      speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: customVoiceId(voice) ?? voice } } },
    }),
    ...(temperature !== undefined && { temperature }),
    ...(maxOutputTokens !== undefined && maxOutputTokens !== 'inf' && { maxOutputTokens }),
    ...(thinking && { thinkingConfig: thinking }),
  };
}

function transcriptionHints({ transcription }: SessionSettings, facts: ModelFacts): JsonObject {
  if (!facts.transcriptionHints) return {};
  const { language, languages = [], keywords = [] } = transcription ?? {};
  const spoken = languages.length > 0 || language === undefined ? languages : [language];
  return {
    ...(spoken.length > 0 && { languageCodes: spoken }),
    ...(keywords.length > 0 && { customVocabulary: keywords }),
  };
}

/** Whether we mark the start and end of turns ourselves. */
export function isManual(turns: TurnDetection | undefined): boolean {
  return turns?.type === 'none' || turns?.type === 'client';
}

function realtimeInputConfig(turns: TurnDetection | undefined): JsonObject | undefined {
  const automaticActivityDetection = activityDetection(turns);
  const uninterruptible =
    (turns?.type === 'server' || turns?.type === 'semantic') && turns.interruptResponse === false;
  const config = {
    ...(Object.keys(automaticActivityDetection).length > 0 && { automaticActivityDetection }),
    ...(uninterruptible && { activityHandling: 'NO_INTERRUPTION' }),
  };
  return Object.keys(config).length === 0 ? undefined : { realtimeInputConfig: config };
}

function activityDetection(turns: TurnDetection | undefined): JsonObject {
  switch (turns?.type) {
    case undefined:
      return {};
    case 'none':
    case 'client':
      return { disabled: true };
    case 'server': {
      const { threshold, prefixPaddingMs, silenceMs } = turns;
      const sensitivity = startSensitivity(threshold);
      return {
        ...(sensitivity && { startOfSpeechSensitivity: sensitivity }),
        ...(prefixPaddingMs !== undefined && { prefixPaddingMs }),
        ...(silenceMs !== undefined && { silenceDurationMs: silenceMs }),
      };
    }
    case 'semantic':
      // There is no semantic detection, but eagerness can be approximated.
      if (turns.eagerness === 'low') return { endOfSpeechSensitivity: 'END_SENSITIVITY_LOW' };
      return turns.eagerness === 'high' ? { endOfSpeechSensitivity: 'END_SENSITIVITY_HIGH' } : {};
  }
}

/** Maps the threshold to one of two levels; 0.5 leaves the choice to the server. */
function startSensitivity(threshold: number | undefined): string | undefined {
  if (threshold === undefined || threshold === 0.5) return undefined;
  return threshold > 0.5 ? 'START_SENSITIVITY_LOW' : 'START_SENSITIVITY_HIGH';
}
