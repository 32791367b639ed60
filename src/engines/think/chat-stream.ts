import { isFiniteNumber, isObject, type JsonObject } from '../../base/json.js';

/** A call as the model wrote it; `arguments` is meant to be JSON. */
export interface ChatCall {
  readonly id: string | undefined;
  readonly name: string;
  readonly arguments: string;
}

/** Tokens as the engine counted them. */
export interface ChatUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

interface OpenCall {
  readonly index: number | undefined;
  id: string | undefined;
  name: string;
  arguments: string;
}

/**
 * Puts a streamed chat completion together. Servers differ: calls come in pieces by `index`, or whole, or all with
 * index 0 but ids of their own; usage comes in a chunk without choices, or with the last one, or never.
 */
export class ChatStream {
  private readonly open: OpenCall[] = [];
  /** Why the model stopped; undefined until it has. */
  finish: string | undefined;
  usage: ChatUsage | undefined;
  /** The model reasoned in a field of its own, which is not for the user. */
  reasoned = false;

  /** Takes one chunk. Returns the words in it. @throws Error with the words of an error object. */
  take(data: string): string {
    if (data.trim() === '[DONE]') {
      this.finish ??= 'stop';
      return '';
    }
    const chunk: unknown = JSON.parse(data);
    if (!isObject(chunk)) return '';
    if (chunk.error !== undefined && chunk.error !== null) throw new ChatError(saidIn(chunk.error));
    this.readUsage(chunk.usage);
    const choice: unknown = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
    if (!isObject(choice)) return '';
    if (typeof choice.finish_reason === 'string') this.finish = choice.finish_reason;
    // A server that ignores `stream` answers with the whole message.
    const delta = isObject(choice.delta) ? choice.delta : choice.message;
    return isObject(delta) ? this.read(delta) : '';
  }

  /** The calls, in the order in which they were begun. */
  get calls(): readonly ChatCall[] {
    return this.open
      .filter(({ name }) => name !== '')
      .map(({ id, name, arguments: text }) => ({ id, name, arguments: text.trim() === '' ? '{}' : text }));
  }

  private read(delta: JsonObject): string {
    for (const key of ['reasoning_content', 'reasoning', 'thinking']) {
      if (typeof delta[key] === 'string' && delta[key] !== '') this.reasoned = true;
    }
    if (Array.isArray(delta.tool_calls)) {
      for (const part of delta.tool_calls) if (isObject(part)) this.readCall(part);
    }
    return typeof delta.content === 'string' ? delta.content : '';
  }

  private readCall(part: JsonObject): void {
    const made = isObject(part.function) ? part.function : {};
    const name = typeof made.name === 'string' ? made.name : '';
    const id = typeof part.id === 'string' && part.id !== '' ? part.id : undefined;
    const index = typeof part.index === 'number' ? part.index : undefined;
    const call = this.callFor(index, id, name);
    if (call === undefined) return;
    call.id ??= id;
    if (call.name === '') call.name = name;
    if (typeof made.arguments === 'string') call.arguments += made.arguments;
    else if (isObject(made.arguments)) call.arguments += JSON.stringify(made.arguments);
  }

  private callFor(index: number | undefined, id: string | undefined, name: string): OpenCall | undefined {
    const last = this.open.at(-1);
    const known = index === undefined ? last : this.open.findLast((call) => call.index === index);
    const another =
      known === undefined ||
      (id !== undefined && known.id !== undefined && id !== known.id && name !== '') ||
      (index === undefined && name !== '');
    if (!another) return known;
    // Ignores a piece of a call that was never begun.
    if (name === '' && id === undefined) return known ?? last;
    const call: OpenCall = { index, id, name: '', arguments: '' };
    this.open.push(call);
    return call;
  }

  private readUsage(usage: unknown): void {
    if (!isObject(usage)) return;
    const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = usage;
    if (!isFiniteNumber(inputTokens) || !isFiniteNumber(outputTokens)) return;
    this.usage = { inputTokens, outputTokens };
  }
}

/** An error object in the middle of the stream. */
export class ChatError extends Error {
  override readonly name = 'ChatError';
}

function saidIn(error: unknown): string {
  const said = isObject(error) ? error.message : error;
  return typeof said === 'string' && said !== '' ? said.slice(0, 200) : 'without a reason';
}
