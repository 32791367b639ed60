import type { SettingName } from '../../contract/settings.js';

/** The fields of a session object, in every dialect's spelling, in our names. */
const settingOf: Readonly<Record<string, SettingName>> = {
  instructions: 'instructions',
  voice: 'voice',
  output_modalities: 'modality',
  modalities: 'modality',
  tool_choice: 'toolChoice',
  parallel_tool_calls: 'parallelToolCalls',
  turn_detection: 'turnDetection',
  transcription: 'transcription',
  input_audio_transcription: 'transcription',
  noise_reduction: 'noiseReduction',
  input_audio_noise_reduction: 'noiseReduction',
  speed: 'speed',
  max_output_tokens: 'maxOutputTokens',
  max_response_output_tokens: 'maxOutputTokens',
  reasoning: 'reasoningEffort',
  reasoning_effort: 'reasoningEffort',
  temperature: 'temperature',
  prompt: 'prompt',
  tracing: 'tracing',
  truncation: 'contextTruncation',
};

const partOf: Readonly<Record<string, string>> = {
  prefix_padding_ms: 'prefixPaddingMs',
  silence_duration_ms: 'silenceMs',
  idle_timeout_ms: 'idleTimeoutMs',
  create_response: 'createResponse',
  interrupt_response: 'interruptResponse',
};

const formats: ReadonlySet<string> = new Set(['format', 'input_audio_format', 'output_audio_format']);

/**
 * Which of our settings an error is about: from its `param` (`session.audio.input.turn_detection.eagerness`,
 * `session.tools[3].parameters`), or from such a path in its message, where the server sends none.
 */
export function refusedSetting(
  param: string | undefined,
  message: string,
): readonly (string | number)[] | undefined {
  const path = param ?? /['"`](session[.[][^'"`\s]+)['"`]/.exec(message)?.[1];
  if (path === undefined) return undefined;
  const [first, ...others] = path.split(/[.[\]]+/).filter((part) => part !== '');
  const parts = first === 'session' ? others : first === undefined ? [] : [first, ...others];
  if (parts.length === 0) return undefined;
  if (parts[0] === 'tools') return toolAt(parts[1]);
  if (parts.some((part) => formats.has(part))) return ['format'];
  const at = parts.findIndex((part) => Object.hasOwn(settingOf, part));
  const name = settingOf[parts[at] ?? ''];
  if (name === undefined) return ['extra', ...parts];
  return [name, ...parts.slice(at + 1).map((part) => partOf[part] ?? part)];
}

function toolAt(place: string | undefined): readonly (string | number)[] {
  return place !== undefined && /^\d{1,6}$/.test(place) ? ['tools', Number(place)] : ['tools'];
}
