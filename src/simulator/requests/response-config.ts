import type { AudioFormat } from '../../engines/core/audio-format.js';
import type { FunctionTool, ThinkRequest, VoiceName } from '../../engines/core/stages.js';
import { remoteTools } from './remote-tools.js';
import type { ResponseParams } from './request-schema.js';
import { checkModalities, type SessionConfig } from './session-config.js';

/** What one answer runs with. */
export interface ResponseConfig {
  readonly conversation: 'auto' | 'none';
  readonly modality: 'text' | 'audio';
  readonly instructions: string;
  readonly tools: readonly FunctionTool[];
  readonly mustCall: ThinkRequest['mustCall'];
  /** Tools that the server calls itself, with the label of where they are. */
  readonly remoteTools: ReadonlyMap<string, string>;
  readonly format: AudioFormat;
  readonly voice: VoiceName;
  readonly speed: number;
  readonly maxOutputTokens: number | 'inf';
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly language: string | undefined;
}

/** @throws Refusal when both modalities are asked for. */
export function responseConfig(
  config: SessionConfig,
  params: ResponseParams = {},
  defaultLanguage?: string,
): ResponseConfig {
  if (params.output_modalities !== undefined) {
    checkModalities(params.output_modalities, 'response.output_modalities');
  }
  const { output } = config.audio;
  const format = params.audio?.output?.format;
  const choice = params.tool_choice ?? config.tool_choice;
  const tools = choice === 'none' ? [] : (params.tools ?? config.tools);
  return {
    conversation: params.conversation ?? 'auto',
    modality: (params.output_modalities ?? config.output_modalities)[0] ?? 'audio',
    instructions: params.instructions ?? config.instructions,
    tools: tools.flatMap((tool) => (tool.type === 'function' ? [tool] : [])),
    mustCall: mustCall(choice),
    remoteTools: remoteTools(tools),
    format: format ?? output.format,
    voice: params.audio?.output?.voice ?? output.voice,
    speed: output.speed,
    maxOutputTokens: params.max_output_tokens ?? config.max_output_tokens,
    metadata: params.metadata ?? null,
    language: config.audio.input.transcription?.language ?? defaultLanguage,
  };
}

function mustCall(choice: SessionConfig['tool_choice']): ThinkRequest['mustCall'] {
  if (choice === 'required') return 'any';
  if (typeof choice === 'string') return undefined;
  return choice.type === 'function' ? { name: choice.name } : 'any';
}
