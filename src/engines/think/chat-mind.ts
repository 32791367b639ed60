import { VoxtermError } from '../../contract/failure.js';
import { settingOf, type ThinkEngine } from '../core/engine-config.js';
import type { Mind, ThinkRequest, Thought } from '../core/stages.js';
import type { EngineAnswer, EngineClient } from '../http/engine-client.js';
import { cutOff, engineFailure, unexpectedAnswer, withHint } from '../http/engine-failure.js';
import { refusalIn } from '../http/error-response.js';
import { quoted } from '../http/error-text.js';
import { serverEvents } from '../http/server-events.js';
import { AnswerFilter } from './answer-filter.js';
import { CallMemory } from './call-memory.js';
import { toolNamed } from './call-name.js';
import type { ChatCall } from './chat-calls.js';
import type { ChatMessage } from './chat-message.js';
import { laterHalf, toMessages } from './chat-messages.js';
import { chatBody, refusedNotes } from './chat-request.js';
import { ChatError, ChatStream } from './chat-stream.js';
import { aboutIds, type Concessions, concede, noConcessions } from './concessions.js';
import { leakedCalls } from './leaked-calls.js';

type Note = Extract<Thought, { type: 'note' }>;

/** Thinks through `/v1/chat/completions`, streamed, with tools. */
export class ChatMind implements Mind {
  /** What the server has refused; remembered, so that each session is refused once. */
  private conceded = noConcessions;
  private readonly memory = new CallMemory();
  /** The model's chat template opens the thoughts, so that only their end is in the answer. */
  private thinksFirst: boolean;
  /** It has shown so. One that does it sometimes is waited for each time: thoughts are never spoken. */
  private closesThoughts = false;

  constructor(
    private readonly client: EngineClient,
    private readonly engine: ThinkEngine,
  ) {
    this.thinksFirst = /\b(?:r1|qwq|reasoner|thinking)\b/i.test(engine.model ?? '');
  }

  async *think(request: ThinkRequest, signal: AbortSignal): AsyncGenerator<Thought, void> {
    try {
      yield* this.answer(request, signal);
    } catch (error) {
      // A failed response carries only one text.
      throw error instanceof VoxtermError ? new Error(withHint(error), { cause: error }) : error;
    }
  }

  /**
   * Asks as a conversation does, and leaves at the first sign of an answer.
   * @returns what the user should know about the model. @throws VoxtermError
   */
  async tryOut(request: ThinkRequest, signal: AbortSignal): Promise<readonly Note[]> {
    const before = this.conceded;
    const answer = await this.ask(request, signal);
    const stream = new ChatStream();
    for await (const _words of this.wordsOf(answer, stream)) if (stream.begun) break;
    if (!stream.begun) this.endOf(stream);
    return [...refusedNotes(this.engine, before, this.conceded)];
  }

  private async *answer(request: ThinkRequest, signal: AbortSignal): AsyncGenerator<Thought, void> {
    const before = this.conceded;
    const answer = await this.ask(request, signal);
    yield* refusedNotes(this.engine, before, this.conceded);
    const stream = new ChatStream();
    const tools = this.conceded.toolless ? [] : request.tools.map(({ name }) => name);
    let filter: AnswerFilter | undefined;
    let said = '';
    for await (const words of this.wordsOf(answer, stream)) {
      if (words === '') continue;
      filter ??= new AnswerFilter({ tools, startsInThought: this.thinksFirst && !stream.reasoned });
      const text = filter.push(words);
      if (filter.takeBack()) {
        said = '';
        yield { type: 'unsay' };
      }
      if (text === '') continue;
      said += text;
      yield { type: 'say', text };
    }
    const rest = filter?.flush() ?? '';
    if (rest !== '') yield { type: 'say', text: rest };
    said += rest;
    if (filter?.closedOnly === true) this.closesThoughts = true;
    if (filter !== undefined) this.thinksFirst = this.closesThoughts;
    yield* this.ending(request, stream, filter, said);
  }

  /** What follows the words: the calls, the tokens, and why it ended. */
  private *ending(
    request: ThinkRequest,
    stream: ChatStream,
    filter: AnswerFilter | undefined,
    said: string,
  ): Generator<Thought, void> {
    const leaked = leakedCalls(filter, said, stream, request);
    const made = stream.calls.length > 0 || leaked.found;
    const finish = this.endOf(stream, said !== '' || made);
    if (finish === undefined && !endsSentence(said)) yield this.unfinished();
    // A call that breaks off could do something else than the model meant.
    const broken = finish !== 'stop' && stream.cutCall;
    const calls = [...(broken ? stream.calls.slice(0, -1) : stream.calls), ...leaked.calls];
    if (leaked.found && leaked.calls.length === 0) yield this.unreadCall();
    yield* this.callsOf(calls, stream, request);
    if (stream.usage !== undefined) yield { type: 'usage', ...stream.usage };
    const thought = filter?.thought === true || stream.reasoned;
    if (said === '' && !made && thought) throw this.onlyThought();
    if (calls.length > 0) return;
    if (finish === 'length') yield { type: 'cut', reason: 'max_output_tokens' };
    if (finish === 'content_filter') yield { type: 'cut', reason: 'content_filter' };
  }

  private *callsOf(
    calls: readonly ChatCall[],
    { extras: message }: ChatStream,
    { items, tools }: ThinkRequest,
  ): Generator<Thought, void> {
    const offered = tools.map(({ name }) => name);
    const taken = new Set(items.flatMap((item) => (item.kind === 'call' ? [item.callId] : [])));
    for (const { id, name, arguments: text, extras = {} } of calls) {
      const callId = this.memory.idFor(id, taken);
      this.memory.keep(callId, { call: extras, message });
      yield { type: 'call', name: toolNamed(name, offered), arguments: text, callId };
    }
  }

  /** The words of the answer, as they come. Closes it. */
  private async *wordsOf(answer: EngineAnswer, stream: ChatStream): AsyncGenerator<string, void> {
    const { address } = this.client;
    try {
      for await (const event of serverEvents(answer.bytes())) yield stream.take(event);
    } catch (error) {
      if (error instanceof ChatError) throw this.failed(error.message, error);
      if (error instanceof SyntaxError) throw unexpectedAnswer(address, 'broken JSON', 'a chat completion');
      if (error instanceof RangeError) throw unexpectedAnswer(address, error.message, 'a chat completion');
      throw error;
    } finally {
      answer.discard();
    }
  }

  /** Why a complete answer ended. @throws VoxtermError where it was not one, or nothing of it came. */
  private endOf({ finish, complaint, answered, plain }: ChatStream, said = false): ChatStream['finish'] {
    const { address } = this.client;
    if (complaint !== undefined && (finish === undefined || !said)) throw this.failed(complaint);
    if (finish !== undefined) return finish;
    if (!answered) {
      if (/^<(!doctype|html|\?xml)/i.test(plain)) {
        throw unexpectedAnswer(address, 'a web page', 'a chat completion');
      }
      if (plain !== '') throw this.failed(plain);
      throw unexpectedAnswer(address, 'nothing', 'a chat completion');
    }
    // Several servers end without a reason; a broken connection has failed before.
    if (!said) throw cutOff(address);
    return undefined;
  }

  private failed(words: string, cause?: Error): VoxtermError {
    const { address } = this.client;
    const what = `failed: ${quoted(words, address.key)}`;
    return engineFailure(address, 'failed', what, 'Look into its own output.', cause);
  }

  private unreadCall(): Note {
    const message = `The thinking engine at ${this.client.address.shown} passed on a tool call as text, which could not be read. Turn on its parser for tool calls.`;
    return { type: 'note', code: 'call_unread', message };
  }

  private unfinished(): Note {
    const message = `The thinking engine at ${this.client.address.shown} ended in the middle of a sentence without a reason. Its answer may be incomplete.`;
    return { type: 'note', code: 'answer_unfinished', message };
  }

  private onlyThought(): VoxtermError {
    const { address } = this.client;
    return engineFailure(
      address,
      'only-thought',
      'spent its whole answer on reasoning',
      `Take a model that does not think aloud, or allow longer answers (${settingOf(address, 'model')}, maxOutputTokens).`,
    );
  }

  /** Asks again, without what the server refuses, or with fewer messages. */
  private async ask(request: ThinkRequest, signal: AbortSignal): Promise<EngineAnswer> {
    let made = this.conceded;
    let halvings = 0;
    for (;;) {
      const messages = this.messages(request, made, halvings);
      const body = chatBody(this.engine, messages, request, made);
      try {
        const answer = await this.client.ask({ path: '/chat/completions', body }, signal);
        this.conceded = made;
        return answer;
      } catch (error) {
        const refused = refusalIn(error);
        if (refused === undefined) throw error;
        const tooLong = contextTooLong(refused.status, refused.said) && !aboutIds(refused.names);
        if (tooLong && laterHalf(messages) !== undefined) {
          halvings += 1;
          continue;
        }
        const next = concede(refused, { body, messages }, made);
        if (next === undefined) throw error;
        made = next;
      }
    }
  }

  private messages(request: ThinkRequest, concessions: Concessions, halvings: number): ChatMessage[] {
    const extrasOf = (callId: string) => this.memory.extrasOf(callId);
    const serverIdOf = (callId: string) => this.memory.serverIdOf(callId);
    let messages = toMessages(request, { concessions, extrasOf, serverIdOf });
    for (let n = 0; n < halvings; n += 1) messages = laterHalf(messages) ?? messages;
    return messages;
  }
}

function endsSentence(text: string): boolean {
  return /[\p{P}\p{S}]\s*$/u.test(text) || text === '';
}

/** llama.cpp: "the request exceeds the available context size"; vLLM: "… maximum context length is 4096 tokens". */
function contextTooLong(status: number, said: string): boolean {
  return (
    [400, 413, 422, 500].includes(status) &&
    /context (size|length|window)|context_length|too (long|large|many tokens)/i.test(said)
  );
}
