import type { Model } from './models.js';
import type { Content } from './protobuf-json.js';
import type { Setup } from './setup-schema.js';
import type { FunctionDeclaration, Tool } from './tool-schema.js';

/** The part of a setup that concerns the connection rather than the answers. */
export interface Settings {
  readonly model: Model;
  /** Null: the client signals where activity begins and ends. */
  readonly detection: { readonly silenceMs: number } | null;
  readonly interrupts: boolean;
  readonly transcribesInput: boolean;
  readonly transcribesOutput: boolean;
  readonly signalsVoice: boolean;
  readonly resumable: boolean;
  readonly compresses: boolean;
  /** The first `clientContent` is the history so far, and gets no answer. */
  readonly awaitsHistory: boolean;
  /** Functions that do not keep the model waiting. */
  readonly asynchronous: ReadonlySet<string>;
}

/** Silence that ends a turn, where only the sensitivity is set. */
const silenceMs = { END_SENSITIVITY_HIGH: 500, END_SENSITIVITY_LOW: 1000 } as const;
const thresholds = { START_SENSITIVITY_HIGH: 0.5, START_SENSITIVITY_LOW: 0.8 } as const;

export function settingsOf(setup: Setup, model: Model): Settings {
  const { automaticActivityDetection: detection, activityHandling } = setup.realtimeInputConfig ?? {};
  const declared = (setup.tools ?? []).flatMap(({ functionDeclarations = [] }) => functionDeclarations);
  return {
    model,
    detection:
      detection?.disabled === true
        ? null
        : {
            silenceMs:
              detection?.silenceDurationMs ??
              silenceMs[detection?.endOfSpeechSensitivity ?? 'END_SENSITIVITY_HIGH'],
          },
    interrupts: activityHandling !== 'NO_INTERRUPTION',
    transcribesInput: model.alwaysTranscribes || setup.inputAudioTranscription !== undefined,
    transcribesOutput: setup.outputAudioTranscription !== undefined,
    signalsVoice: setup.explicitVadSignal === true,
    resumable: setup.sessionResumption !== undefined,
    compresses: setup.contextWindowCompression !== undefined,
    awaitsHistory: setup.historyConfig?.initialHistoryInClientContent === true,
    asynchronous: asynchronous(declared, model),
  };
}

const isFree: Readonly<Record<Model['tools'], (behavior: FunctionDeclaration['behavior']) => boolean>> = {
  declared: (behavior) => behavior === 'NON_BLOCKING',
  asynchronous: (behavior) => behavior !== 'BLOCKING',
  alwaysAsynchronous: () => true,
  blocking: () => false,
};

export function asynchronous(
  declared: readonly FunctionDeclaration[],
  { tools }: Model,
): ReadonlySet<string> {
  const free = declared.filter(({ behavior }) => isFree[tools](behavior));
  return new Set(free.map(({ name }) => name));
}

/** The setup as a session update in the GA dialect. */
export function sessionUpdate(setup: Setup, settings: Settings): object {
  const { generationConfig, realtimeInputConfig } = setup;
  const { detection, interrupts } = settings;
  const spoken = generationConfig?.speechConfig;
  const voice = spoken?.voiceConfig?.prebuiltVoiceConfig?.voiceName ?? 'Puck';
  const language = spoken?.languageCode ?? setup.inputAudioTranscription?.languageCodes?.[0];
  const sensing = realtimeInputConfig?.automaticActivityDetection;
  return {
    type: 'session.update',
    session: {
      type: 'realtime',
      output_modalities: ['audio'],
      instructions: textOf(setup.systemInstruction),
      tools: functions(setup.tools ?? []),
      audio: {
        input: {
          transcription: {
            model: 'built-in',
            ...(language === undefined ? {} : { language: language.slice(0, 2) }),
          },
          turn_detection:
            detection === null
              ? null
              : {
                  type: 'server_vad',
                  threshold: thresholds[sensing?.startOfSpeechSensitivity ?? 'START_SENSITIVITY_HIGH'],
                  prefix_padding_ms: sensing?.prefixPaddingMs ?? 300,
                  silence_duration_ms: detection.silenceMs,
                  interrupt_response: interrupts,
                },
        },
        output: { voice: { id: voice } },
      },
    },
  };
}

export function functions(tools: readonly Tool[]): object[] {
  const declared = tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations);
  return declared.map(({ name, description, parameters, parametersJsonSchema }) => ({
    type: 'function',
    // More names are allowed here than inside, where the name has no meaning.
    name: name.replaceAll(/[.:]/g, '_').slice(0, 64),
    ...(description === undefined ? {} : { description }),
    parameters: parametersJsonSchema ?? lowerTypes(parameters) ?? { type: 'object', properties: {} },
  }));
}

/** Gemini writes types in capitals. */
function lowerTypes(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(lowerTypes);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === 'type' && typeof value === 'string' ? value.toLowerCase() : lowerTypes(value),
    ]),
  );
}

export function textOf(content: Content | undefined): string {
  return (content?.parts ?? []).flatMap(({ text }) => (text === undefined ? [] : [text])).join('\n\n');
}
