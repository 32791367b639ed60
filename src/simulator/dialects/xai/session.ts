import { isObject, type JsonObject } from '../../../base/json.js';
import type { SessionConfig } from '../../requests/session-config.js';
import { unsupported } from '../shared/unsupported.js';

/** Tools that run at the vendor; they are accepted and shown, and never called here. */
const serverTools = ['web_search', 'x_search', 'file_search', 'mcp'];

/** xAI's session: voice and turn detection at the top, reasoning, tools of the server, and what may be resumed. */
export class XaiSession {
  resumable = false;
  private shown: JsonObject = {};
  private ownTools: readonly unknown[] = [];

  toGa(session: JsonObject): JsonObject {
    const {
      type,
      voice,
      turn_detection,
      audio,
      resumption,
      reasoning,
      tools,
      output_modalities,
      modalities,
      ...rest
    } = session;
    if (isObject(resumption)) this.resumable = resumption.enabled === true;
    this.shown = {
      ...this.shown,
      ...(resumption === undefined ? {} : { resumption }),
      ...(reasoning === undefined ? {} : { reasoning }),
    };
    const { input, output } = partsOf(audio);
    checkRate(input, 'session.audio.input.format.rate');
    checkRate(output, 'session.audio.output.format.rate');
    return {
      ...rest,
      type: 'realtime',
      ...(Array.isArray(tools) ? { tools: this.clientTools(tools) } : tools === undefined ? {} : { tools }),
      audio: {
        input: {
          ...withoutTranscription(input),
          ...(turn_detection === undefined ? {} : { turn_detection: turnsOf(turn_detection) }),
        },
        output: { ...output, ...(voice === undefined ? {} : { voice }) },
      },
    };
  }

  show({ type, audio, tools, output_modalities, reasoning, ...config }: SessionConfig): JsonObject {
    const { turn_detection, transcription, noise_reduction, ...input } = audio.input;
    const { voice, ...output } = audio.output;
    return {
      ...config,
      ...this.shown,
      voice,
      turn_detection: turn_detection ?? { type: null },
      tools: [...tools, ...this.ownTools],
      audio: { input, output },
    };
  }

  private clientTools(tools: readonly unknown[]): readonly unknown[] {
    const isOwn = (tool: unknown): boolean =>
      isObject(tool) && typeof tool.type === 'string' && serverTools.includes(tool.type);
    this.ownTools = tools.filter(isOwn);
    return tools.filter((tool) => !isOwn(tool));
  }
}

const ratesHz = [8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];

/** @throws Refusal */
function checkRate({ format }: JsonObject, param: string): void {
  if (!isObject(format) || typeof format.rate !== 'number' || ratesHz.includes(format.rate)) return;
  throw unsupported(`Invalid value: ${format.rate}. Supported values are: ${ratesHz.join(', ')}.`, param);
}

function partsOf(audio: unknown): { input: JsonObject; output: JsonObject } {
  const parts = isObject(audio) ? audio : {};
  return {
    input: isObject(parts.input) ? parts.input : {},
    output: isObject(parts.output) ? parts.output : {},
  };
}

/** Its fields are hints about languages and words, and it cannot be switched off. */
function withoutTranscription({ transcription, ...input }: JsonObject): JsonObject {
  return input;
}

/** Switched off, the detection is an object without a type. */
function turnsOf(turns: unknown): unknown {
  return isObject(turns) && turns.type === null ? null : turns;
}
