import { isObject, type JsonObject } from '../../../base/json.js';
import { Refusal } from '../../core/refusal.js';
import type { SessionConfig } from '../../requests/session-config.js';

/** Yandex's session: OpenAI's without a type, with languages, a role for the voice, and rates it may not keep. */
export class YandexSession {
  private languages: unknown = ['auto'];
  private role: unknown = 'neutral';

  constructor(
    /** What is delivered whatever was asked for; undefined = what was asked for. */
    private readonly outputRateHz: number | undefined,
  ) {}

  /** @throws Refusal */
  toGa(session: JsonObject): JsonObject {
    const { type, output_modalities, audio, tools, prompt, ...rest } = session;
    if (isObject(prompt)) checkPrompt(prompt);
    return {
      ...rest,
      type: 'realtime',
      ...(output_modalities === undefined ? {} : { output_modalities: oneModality(output_modalities) }),
      ...(prompt === undefined ? {} : { prompt }),
      ...(Array.isArray(tools) ? { tools: tools.map(toGaTool) } : tools === undefined ? {} : { tools }),
      ...(isObject(audio) ? { audio: this.toGaAudio(audio) } : audio === undefined ? {} : { audio }),
    };
  }

  show({ type, audio, ...config }: SessionConfig): JsonObject {
    const { transcription, ...input } = audio.input;
    const { format, ...output } = audio.output;
    const shown = this.outputRateHz === undefined ? format : { type: 'audio/pcm', rate: null };
    return {
      ...config,
      audio: {
        input: { ...input, languages: this.languages },
        output: { ...output, format: shown, role: this.role },
      },
    };
  }

  private toGaAudio(audio: JsonObject): JsonObject {
    return {
      ...(isObject(audio.input) ? { input: this.toGaInput(audio.input) } : {}),
      ...(isObject(audio.output) ? { output: this.toGaOutput(audio.output) } : {}),
    };
  }

  private toGaInput({ languages, format, ...input }: JsonObject): JsonObject {
    this.languages = languages ?? this.languages;
    return { ...input, ...(format === undefined ? {} : { format: withoutChannels(format) }) };
  }

  private toGaOutput({ role, format, ...output }: JsonObject): JsonObject {
    this.role = role ?? this.role;
    if (format === undefined) return output;
    const asked = withoutChannels(format);
    const forced = isObject(asked) && this.outputRateHz !== undefined;
    return { ...output, format: forced ? { ...asked, rate: this.outputRateHz } : asked };
  }
}

/** Older samples request both, and get speech. */
export function oneModality(modalities: unknown): unknown {
  return Array.isArray(modalities) && modalities.includes('audio') ? ['audio'] : modalities;
}

/** There is only one channel; samples name it all the same. */
function withoutChannels(format: unknown): unknown {
  if (!isObject(format)) return format;
  const { channels, ...rest } = format;
  return channels === undefined || channels === 1 ? rest : format;
}

/** The built-in tools are declared with parameters that are text. */
function toGaTool(tool: unknown): unknown {
  return isObject(tool) && tool.parameters === '{}' ? { ...tool, parameters: {} } : tool;
}

/** Observed: a variable has to be given by its name and in braces, or the server fails. */
function checkPrompt({ variables }: JsonObject): void {
  if (!isObject(variables)) return;
  const bare = (name: string): string => name.replace(/^\{\{(.*)\}\}$/, '$1');
  const names = new Set(Object.keys(variables).map(bare));
  const complete = [...names].every(
    (name) => Object.hasOwn(variables, name) && Object.hasOwn(variables, `{{${name}}}`),
  );
  if (!complete) throw new Refusal('Internal error', { type: 'server_error', code: 'internal_error' });
}
