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

/** The path of a refused field below the session: `['audio', 'output', 'voice']`. */
export function refusedPath(param: string | undefined, message: string): readonly string[] | undefined {
  const path = param ?? pathIn(message);
  const [first, ...others] = path?.split(/[.[\]'"`]+/).filter((part) => part !== '') ?? [];
  if (first === undefined) return undefined;
  return first === 'session' ? others : [first, ...others];
}

/** Quoted, or as a word of its own. */
function pathIn(message: string): string | undefined {
  return (
    /['"`](session[.[][^'"`\s]+)['"`]/.exec(message)?.[1] ?? /\bsession(?:\.\w+|\[\d+\])+/.exec(message)?.[0]
  );
}

/**
 * Which of our settings an error is about: from its `param` (`session.audio.input.turn_detection.eagerness`,
 * `session.tools[3].parameters`), or from such a path in its message, where the server sends none.
 */
export function refusedSetting(
  param: string | undefined,
  message: string,
): readonly (string | number)[] | undefined {
  const parts = refusedPath(param, message) ?? [];
  if (parts.length === 0) return undefined;
  if (parts[0] === 'tools') return toolAt(parts[1]);
  if (parts.some((part) => formats.has(part))) return ['format', ...sideOf(parts)];
  const at = parts.findIndex((part) => Object.hasOwn(settingOf, part));
  const name = settingOf[parts[at] ?? ''];
  if (name === undefined) return ['extra', ...parts];
  return [name, ...parts.slice(at + 1).map((part) => partOf[part] ?? part)];
}

/** One direction of the sound may be refused alone. */
function sideOf(parts: readonly string[]): readonly ('input' | 'output')[] {
  const is = (side: string) => parts.some((part) => part === side || part.startsWith(`${side}_`));
  return (['input', 'output'] as const).filter(is);
}

function toolAt(place: string | undefined): readonly (string | number)[] {
  return place !== undefined && /^\d{1,6}$/.test(place) ? ['tools', Number(place)] : ['tools'];
}
