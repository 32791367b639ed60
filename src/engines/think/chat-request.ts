import { settingOf, type ThinkEngine } from '../core/engine-config.js';
import type { FunctionTool, ThinkRequest, Thought } from '../core/stages.js';
import type { ChatMessage } from './chat-message.js';
import type { Concessions } from './concessions.js';

/** The body of a request to `/chat/completions`, without what the server has refused. */
export function chatBody(
  { model, temperature, reasoningEffort }: ThinkEngine,
  messages: readonly ChatMessage[],
  { tools, mustCall }: Pick<ThinkRequest, 'tools' | 'mustCall'>,
  { without, toolless }: Concessions,
): Readonly<Record<string, unknown>> {
  const stream = !without.has('stream');
  const body: Record<string, unknown> = {
    model,
    messages,
    stream,
    stream_options: stream ? { include_usage: true } : undefined,
    temperature,
    reasoning_effort: reasoningEffort,
    ...(tools.length === 0 || toolless
      ? {}
      : { tools: tools.map(nested), tool_choice: toolChoice(mustCall) }),
  };
  return Object.fromEntries(
    Object.entries(body).filter(
      ([key, value]) => value !== undefined && (key === 'stream' || !without.has(key)),
    ),
  );
}

/** What the user should know of what was refused since `before`. */
export function* refusedNotes(
  { model = 'of the thinking engine' }: ThinkEngine,
  before: Concessions,
  now: Concessions,
): Generator<Extract<Thought, { type: 'note' }>, void> {
  const setting = (key: string): string => settingOf({ role: 'think' }, key);
  if (now.toolless && !before.toolless) {
    const message = `The model ${model} does not support tools and answers without them. Choose one that does in ${setting('model')}.`;
    yield { type: 'note', code: 'tools_unavailable', message };
  }
  for (const [field, key] of [
    ['temperature', 'temperature'],
    ['reasoning_effort', 'reasoningEffort'],
  ] as const) {
    if (!now.without.has(field) || before.without.has(field)) continue;
    const message = `The model ${model} does not accept ${field} and answers without it. Remove ${setting(key)}.`;
    yield { type: 'note', code: 'setting_refused', message };
  }
}

function toolChoice(mustCall: ThinkRequest['mustCall']): unknown {
  if (mustCall === undefined) return undefined;
  return mustCall === 'any' ? 'required' : { type: 'function', function: { name: mustCall.name } };
}

function nested({ name, description, parameters }: FunctionTool): object {
  return {
    type: 'function',
    function: {
      name,
      ...(description === undefined ? {} : { description }),
      parameters: parameters ?? { type: 'object', properties: {} },
    },
  };
}
