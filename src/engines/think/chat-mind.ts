import { VoxtermError } from '../../contract/failure.js';
import { settingOf, type ThinkEngine } from '../core/engine-config.js';
import type { FunctionTool, Mind, ThinkRequest, Thought } from '../core/stages.js';
import type { EngineAnswer, EngineClient } from '../http/engine-client.js';
import { cutOff, engineFailure, unexpectedAnswer, withHint } from '../http/engine-failure.js';
import { refusalIn } from '../http/error-response.js';
import { eventData } from '../http/server-events.js';
import { type ChatMessage, laterHalf, toMessages } from './chat-messages.js';
import { ChatError, ChatStream } from './chat-stream.js';
import { ReasoningFilter } from './reasoning-filter.js';

type ToolChoice = Pick<ThinkRequest, 'tools' | 'mustCall'>;
const noChoice: ToolChoice = { tools: [] };

/** Thinks through `/v1/chat/completions`, streamed, with tools. */
export class ChatMind implements Mind {
  /** Set once the model has refused tools. */
  private toolless = false;

  constructor(
    private readonly client: EngineClient,
    private readonly engine: ThinkEngine,
  ) {}

  async *think(request: ThinkRequest, signal: AbortSignal): AsyncGenerator<Thought, void> {
    try {
      yield* this.answer(request, signal);
    } catch (error) {
      // A failed response carries only one text.
      throw error instanceof VoxtermError ? new Error(withHint(error), { cause: error }) : error;
    }
  }

  private async *answer(request: ThinkRequest, signal: AbortSignal): AsyncGenerator<Thought, void> {
    const { address } = this.client;
    const { toolless } = this;
    const answer = await this.ask(toMessages(request), request, signal);
    if (this.toolless && !toolless) yield this.noTools();
    const stream = new ChatStream();
    const filter = new ReasoningFilter();
    let said = false;
    try {
      for await (const data of this.chunks(answer)) {
        const text = filter.push(take(stream, data));
        if (text === '') continue;
        said = true;
        yield { type: 'say', text };
      }
    } catch (error) {
      if (error instanceof ChatError) {
        throw engineFailure(
          address,
          'failed',
          `failed: ${error.message}`,
          'Look into its own output.',
          error,
        );
      }
      if (error instanceof SyntaxError) throw unexpectedAnswer(address, 'broken JSON', 'a chat completion');
      throw error;
    } finally {
      answer.discard();
    }
    if (stream.finish === undefined) throw cutOff(address);
    const text = filter.flush();
    if (text !== '') yield { type: 'say', text };
    for (const { id, name, arguments: args } of stream.calls) {
      yield { type: 'call', name, arguments: args, ...(id === undefined ? {} : { callId: id }) };
    }
    if (stream.usage !== undefined) yield { type: 'usage', ...stream.usage };
    if (said || text !== '' || stream.calls.length > 0) return;
    if (!filter.thought && !stream.reasoned) return;
    throw engineFailure(
      address,
      'only-thought',
      'spent its whole answer on reasoning',
      `Take a model that does not think aloud, or allow longer answers (${settingOf(address, 'model')}, maxOutputTokens).`,
    );
  }

  private noTools(): Thought {
    const { model = 'of the thinking engine' } = this.engine;
    const setting = settingOf(this.client.address, 'model');
    const message = `The model ${model} does not support tools and answers without them. Choose one that does in ${setting}.`;
    return { type: 'note', code: 'tools_unavailable', message };
  }

  private async *chunks(answer: EngineAnswer): AsyncGenerator<string, void> {
    const { contentType } = answer;
    if (contentType === 'application/json') {
      yield JSON.stringify(await answer.object());
    } else if (contentType === 'text/html') {
      throw unexpectedAnswer(this.client.address, 'a web page', 'a chat completion');
    } else {
      yield* eventData(answer.bytes());
    }
  }

  /** Retries without tools, or with fewer messages, where the model refuses. */
  private async ask(
    messages: readonly ChatMessage[],
    choice: ToolChoice,
    signal: AbortSignal,
  ): Promise<EngineAnswer> {
    const withTools = choice.tools.length > 0 && !this.toolless;
    try {
      return await this.client.ask(this.request(messages, withTools ? choice : noChoice), signal);
    } catch (error) {
      const refused = refusalIn(error);
      if (refused === undefined) throw error;
      const { status, said } = refused;
      const shorter = contextTooLong(status, said) ? laterHalf(messages) : undefined;
      if (shorter !== undefined) return this.ask(shorter, choice, signal);
      if (!withTools || !refusesTools(status, said)) throw error;
      const answer = await this.client.ask(this.request(messages, noChoice), signal);
      this.toolless = true;
      return answer;
    }
  }

  private request(
    messages: readonly ChatMessage[],
    { tools, mustCall }: ToolChoice,
  ): { path: string; body: object } {
    const { model, temperature, reasoningEffort } = this.engine;
    const body = {
      ...(model === undefined ? {} : { model }),
      messages,
      stream: true,
      stream_options: { include_usage: true },
      ...(temperature === undefined ? {} : { temperature }),
      ...(reasoningEffort === undefined ? {} : { reasoning_effort: reasoningEffort }),
      ...(tools.length === 0 ? {} : { tools: tools.map(nested), ...toolChoice(mustCall) }),
    };
    return { path: '/chat/completions', body };
  }
}

function toolChoice(mustCall: ThinkRequest['mustCall']): object {
  if (mustCall === undefined) return {};
  if (mustCall === 'any') return { tool_choice: 'required' };
  return { tool_choice: { type: 'function', function: { name: mustCall.name } } };
}

function take(stream: ChatStream, data: string): string {
  return data === '' ? '' : stream.take(data);
}

/** llama.cpp: "the request exceeds the available context size"; vLLM: "… maximum context length is 4096 tokens". */
function contextTooLong(status: number, said: string): boolean {
  return (
    [400, 413, 422, 500].includes(status) &&
    /context (size|length|window)|context_length|too (long|large|many tokens)/i.test(said)
  );
}

/** Ollama: "… does not support tools"; llama.cpp without --jinja: "tools param requires --jinja flag". */
export function refusesTools(status: number, said: string): boolean {
  return [400, 422, 500, 501].includes(status) && /\btools?\b/i.test(said);
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
