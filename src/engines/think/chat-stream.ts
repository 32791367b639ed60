import { isFiniteNumber, isObject, type JsonObject } from '../../base/json.js';
import { contentOf } from '../core/content-parts.js';
import { errorIn, errorText } from '../http/error-text.js';
import type { ServerEvent } from '../http/server-events.js';
import { asObject } from './call-arguments.js';
import { type ChatCall, ChatCalls } from './chat-calls.js';
import { ChatReasoning } from './chat-reasoning.js';

/** Tokens as the engine counted them. */
export interface ChatUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Why the model stopped: it was done, reached the limit of its answer, or was stopped by a filter. */
export type ChatFinish = 'stop' | 'length' | 'content_filter';

/** How much is kept of an answer that is not a chat completion, to quote it. */
const mostPlainLetters = 1000;

/**
 * Puts a streamed chat completion together. Servers differ: words come as text or as parts, in `delta`, `message` or
 * `text`; usage comes in a chunk without choices, or with the last one, or never.
 */
export class ChatStream {
  private readonly made = new ChatCalls();
  private readonly reasoning = new ChatReasoning();
  private words = false;
  private messageExtras: JsonObject = {};
  /** Undefined until the model has stopped. */
  finish: ChatFinish | undefined;
  usage: ChatUsage | undefined;
  /** Some chunk was one of a chat completion. */
  answered = false;
  /** Words of a chunk without a choice. They were an error where the answer does not end as it should. */
  complaint: string | undefined;
  /** What came instead of a chat completion, in plain text. */
  plain = '';

  /** Takes one event. Returns the words in it. @throws ChatError with the words of an error in it. */
  take({ data, name }: Pick<ServerEvent, 'data'> & Partial<ServerEvent>): string {
    const text = data.trim();
    if (text === '[DONE]') {
      this.answered = true;
      this.finish ??= 'stop';
      return '';
    }
    if (!/^[[{]/.test(text)) {
      if (name === 'error') throw new ChatError(text);
      this.keepPlain(text);
      return '';
    }
    const value: unknown = this.parse(text);
    // Gemini sends the errors of a stream as a list.
    const chunks = Array.isArray(value) ? value : [value];
    return chunks.map((chunk) => (isObject(chunk) ? this.read(chunk, name) : '')).join('');
  }

  /** The model reasoned in a field of its own, which is not for the user. */
  get reasoned(): boolean {
    return this.reasoning.found;
  }

  /** The model has begun to answer, in words or otherwise. */
  get begun(): boolean {
    return this.words || this.reasoned || this.calls.length > 0 || this.finish !== undefined;
  }

  /** The calls, in the order in which they were begun. */
  get calls(): readonly ChatCall[] {
    return this.made.calls.map((call) => ({ ...call, arguments: asObject(call.arguments) }));
  }

  /** The last call breaks off. */
  get cutCall(): boolean {
    const last = this.made.calls.at(-1);
    return last !== undefined && !last.arguments.trim().endsWith('}');
  }

  /** What the message with the calls had beside them, and the server wants back. */
  get extras(): JsonObject {
    return { ...this.messageExtras, ...this.reasoning.fields };
  }

  private parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (error) {
      // "[ERROR] out of memory" only looks like JSON.
      if (!/^\[\s*[A-Z_]+\s*\]/.test(text)) throw error;
      this.keepPlain(text);
      return undefined;
    }
  }

  private keepPlain(text: string): void {
    this.plain = `${this.plain}\n${text}`.slice(0, mostPlainLetters).trim();
  }

  private read(chunk: JsonObject, name: string | undefined): string {
    const error = errorIn(chunk, name);
    if (error !== undefined) throw new ChatError(error);
    this.readUsage(chunk.usage);
    const choice: unknown = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
    if (!isObject(choice)) {
      if (Array.isArray(chunk.choices)) this.answered = true;
      if (!isObject(chunk.usage)) this.complaint = complaintIn(chunk) ?? this.complaint;
      return '';
    }
    this.answered = true;
    this.readFinish(choice);
    // A server that ignores `stream` answers with the whole message.
    const delta = isObject(choice.delta) ? choice.delta : choice.message;
    const said = isObject(delta) ? this.readDelta(delta) : contentOf(choice.text).text;
    if (said !== '') this.words = true;
    return said;
  }

  private readFinish(choice: JsonObject): void {
    const { finish_reason: reason, error } = choice;
    const failed = typeof reason === 'string' && /error|insufficient_system|abort|malformed/i.test(reason);
    if (failed || errorIn({ error }) !== undefined) {
      throw new ChatError(errorText(error) ?? (typeof reason === 'string' ? reason : 'without a reason'));
    }
    if (typeof reason === 'string' && !/^(?:null)?$/.test(reason)) this.finish = finishOf(reason);
  }

  private readDelta(delta: JsonObject): string {
    this.reasoning.take(delta);
    const { tool_calls: calls, function_call: call, content, refusal, extra_content: extra } = delta;
    if (Array.isArray(calls)) this.made.take(calls);
    // The form before tools.
    if (isObject(call)) this.made.take([{ function: call }]);
    if (isObject(extra)) this.messageExtras = { ...this.messageExtras, extra_content: extra };
    const said = contentOf(content);
    const thought = isObject(extra) && isObject(extra.google) && extra.google.thought === true;
    if (said.reasoned || thought) this.reasoning.found = true;
    return (thought ? '' : said.text) + (typeof refusal === 'string' ? refusal : '');
  }

  private readUsage(usage: unknown): void {
    if (!isObject(usage)) return;
    const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = usage;
    if (!isFiniteNumber(inputTokens) || !isFiniteNumber(outputTokens)) return;
    this.usage = { inputTokens, outputTokens };
  }
}

/** Chunks without a choice say nothing, or something about the answer; but some servers send their errors like that. */
function complaintIn(chunk: JsonObject): string | undefined {
  const { error_code: code, text } = chunk;
  if (typeof code === 'number' && code !== 0 && typeof text === 'string') return text;
  if (chunk.code === 0 || chunk.code === 200) return undefined;
  return errorText({ ...chunk, type: undefined });
}

/** OpenAI's own words and those of other vendors: `MAX_TOKENS`, `model_length`, `SAFETY`, `sensitive`. */
function finishOf(reason: string): ChatFinish {
  if (/length|max_?tokens|context_window|limit|truncat/i.test(reason)) return 'length';
  return /filter|safety|sensitive|blocklist|prohibited|recitation|toxic|spii|refusal/i.test(reason)
    ? 'content_filter'
    : 'stop';
}

/** An error in the middle of the stream, or in place of an answer. */
export class ChatError extends Error {
  override readonly name = 'ChatError';
}
