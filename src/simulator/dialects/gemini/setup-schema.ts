import { z } from 'zod';
import { anything, content, int64, message, struct } from './protobuf-json.js';
import { tool } from './tool-schema.js';

/** `@google/genai` asks for v1 since its version 3; what it can do is what v1beta can. */
export type ApiVersion = 'v1' | 'v1beta' | 'v1alpha';

const speechConfig = message({
  voiceConfig: message({
    prebuiltVoiceConfig: message({ voiceName: z.string().optional() }).optional(),
    replicatedVoiceConfig: anything,
  }).optional(),
  multiSpeakerVoiceConfig: anything,
  languageCode: z.string().optional(),
});

const generation = {
  candidateCount: z.int().optional(),
  maxOutputTokens: z.int().min(1).optional(),
  temperature: z.number().min(0).max(2).optional(),
  topP: z.number().optional(),
  topK: z.number().optional(),
  presencePenalty: z.number().optional(),
  frequencyPenalty: z.number().optional(),
  seed: z.int().optional(),
  stopSequences: z.array(z.string()).optional(),
  responseModalities: z.array(z.enum(['TEXT', 'IMAGE', 'AUDIO'])).optional(),
  responseMimeType: z.string().optional(),
  responseSchema: anything,
  speechConfig: speechConfig.optional(),
  thinkingConfig: message({
    includeThoughts: z.boolean().optional(),
    thinkingBudget: z.int().optional(),
    thinkingLevel: z.enum(['MINIMAL', 'LOW', 'MEDIUM', 'HIGH']).optional(),
  }).optional(),
  mediaResolution: z
    .enum(['MEDIA_RESOLUTION_LOW', 'MEDIA_RESOLUTION_MEDIUM', 'MEDIA_RESOLUTION_HIGH'])
    .optional(),
  translationConfig: anything,
};

const transcription = message({
  languageCodes: z.array(z.string()).optional(),
  languageAuto: anything,
  languageHints: anything,
  customVocabulary: z.array(z.string()).optional(),
  adaptationPhrases: z.array(z.string()).optional(),
  wordTimestamp: z.boolean().optional(),
  diarization: z.boolean().optional(),
  mode: z.string().optional(),
});

const realtimeInputConfig = message({
  automaticActivityDetection: message({
    disabled: z.boolean().optional(),
    startOfSpeechSensitivity: z.enum(['START_SENSITIVITY_HIGH', 'START_SENSITIVITY_LOW']).optional(),
    endOfSpeechSensitivity: z.enum(['END_SENSITIVITY_HIGH', 'END_SENSITIVITY_LOW']).optional(),
    prefixPaddingMs: z.int().min(0).optional(),
    silenceDurationMs: z.int().min(0).optional(),
  }).optional(),
  activityHandling: z.enum(['START_OF_ACTIVITY_INTERRUPTS', 'NO_INTERRUPTION']).optional(),
  turnCoverage: z
    .enum([
      'TURN_INCLUDES_ONLY_ACTIVITY',
      'TURN_INCLUDES_ALL_INPUT',
      'TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO',
    ])
    .optional(),
});

const setup = {
  model: z.string().optional(),
  systemInstruction: content.optional(),
  tools: z.array(tool).optional(),
  realtimeInputConfig: realtimeInputConfig.optional(),
  sessionResumption: message({ handle: z.string().optional() }).optional(),
  contextWindowCompression: message({
    triggerTokens: int64.optional(),
    slidingWindow: message({ targetTokens: int64.optional() }).optional(),
  }).optional(),
  inputAudioTranscription: transcription.optional(),
  outputAudioTranscription: transcription.optional(),
  historyConfig: message({ initialHistoryInClientContent: z.boolean().optional() }).optional(),
  safetySettings: z.array(struct).optional(),
  avatarConfig: anything,
  labels: z.record(z.string(), z.string()).optional(),
};

/** v1alpha knows everything that v1beta knows, and these. */
const alphaGeneration = { ...generation, enableAffectiveDialog: z.boolean().optional() };
const alphaSetup = {
  ...setup,
  generationConfig: message(alphaGeneration).optional(),
  proactivity: message({ proactiveAudio: z.boolean().optional() }).optional(),
  explicitVadSignal: z.boolean().optional(),
};
const alpha = message(alphaSetup);

export type Setup = z.infer<typeof alpha>;

const beta = message({ ...setup, generationConfig: message(generation).optional() });

export const setupSchemas: Readonly<Record<ApiVersion, z.ZodType<Setup>>> = {
  v1: beta,
  v1beta: beta,
  v1alpha: alpha,
};
