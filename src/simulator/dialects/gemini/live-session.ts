import { isObject, type JsonObject } from '../../../base/json.js';
import type { ServerEvent } from '../../core/server-event.js';
import type { Connection } from '../../wire/dialect.js';
import type { ClientContent, ClientMessage, ContextUpdate, ToolResponse } from './client-message.js';
import { ClosingError, internalError, invalidArgument } from './closing-error.js';
import { LiveInput } from './live-input.js';
import { ModelTurn } from './model-turn.js';
import { type Call, PendingCalls } from './pending-calls.js';
import { cancelResponse, createResponse, toolOutput, truncate, turnItems } from './requests.js';
import type { ServerMessage } from './server-message.js';
import { asynchronous, functions, type Settings, textOf } from './settings.js';

export interface LiveSessionOptions {
  readonly settings: Settings;
  readonly sessionId: string;
  readonly connection: Connection;
  readonly send: (message: ServerMessage) => void;
  readonly leave: (error: ClosingError) => void;
  /** The conversation can, or cannot, be taken up from here. */
  readonly onResumable: (resumable: boolean) => void;
}

/** A transcript that takes longer than this comes after the turn. */
const transcriptTimeoutMs = 500;

/** Everything after the setup: translates messages to requests in the GA dialect, and its events to messages. */
export class LiveSession {
  private readonly turn: ModelTurn;
  private readonly calls = new PendingCalls();
  private readonly input: LiveInput;
  private asynchronous: ReadonlySet<string>;
  private welcomed = false;
  private awaitsHistory: boolean;
  /** An answer is being generated. */
  private responding = false;
  private newCalls: Call[] = [];
  /** An answer is due when the model is free. */
  private owesAnswer = false;
  private cancelAnswer: () => void = () => {};
  /** Turns of the user that are still being transcribed. */
  private readonly unwritten = new Set<unknown>();
  /** Set while the end of the turn waits for a transcript. */
  private cancelWords: (() => void) | undefined;

  constructor(private readonly options: LiveSessionOptions) {
    const { settings, connection } = options;
    this.awaitsHistory = settings.awaitsHistory;
    this.asynchronous = settings.asynchronous;
    this.turn = new ModelTurn({
      combines: settings.model.combines,
      transcribes: settings.transcribesOutput,
      clock: connection.clock,
      onDue: () => this.turnDue(),
    });
    this.input = new LiveInput(settings, {
      interrupt: () => this.interrupt(),
      answer: () => {
        this.owesAnswer = this.responding;
        return !this.responding;
      },
    });
  }

  stop(): void {
    this.turn.forget();
    this.cancelAnswer();
    this.stopAwaitingWords();
  }

  /**
   * The requests of a client's message.
   * @throws ClosingError where the message is not allowed.
   */
  read({ clientContent, realtimeInput, toolResponse, contextUpdate }: ClientMessage): readonly unknown[] {
    if (clientContent !== undefined) return this.addTurns(clientContent);
    if (realtimeInput !== undefined) {
      this.awaitsHistory = false;
      return this.input.read(realtimeInput);
    }
    if (toolResponse !== undefined) return this.takeResults(toolResponse);
    if (contextUpdate !== undefined) return this.changeContext(contextUpdate);
    return [];
  }

  /**
   * The messages of a session's event.
   * @throws ClosingError where the real server would close the connection.
   */
  write(event: ServerEvent): readonly ServerMessage[] {
    switch (event.type) {
      case 'session.updated':
        return this.welcome();
      case 'input_audio_buffer.speech_started':
        return [...this.voice('ACTIVITY_START', event.audio_start_ms), ...this.speechStarted()];
      case 'input_audio_buffer.speech_stopped':
        return this.voice('ACTIVITY_END', event.audio_end_ms);
      case 'input_audio_buffer.committed':
        this.unwritten.add(event.item_id);
        return [];
      case 'conversation.item.input_audio_transcription.completed':
      case 'conversation.item.input_audio_transcription.failed':
        this.unwritten.delete(event.item_id);
        if (this.cancelWords !== undefined && this.unwritten.size === 0) this.closeTurn();
        return [];
      case 'conversation.item.input_audio_transcription.delta': {
        const text = String(event.delta);
        return this.options.settings.transcribesInput
          ? [{ serverContent: { inputTranscription: { text } } }]
          : [];
      }
      case 'response.created':
        this.responding = true;
        this.newCalls = [];
        this.stopAwaitingWords();
        return this.turn.close();
      case 'response.output_audio_transcript.delta':
        return this.turn.say(String(event.delta));
      case 'response.output_audio.delta':
        return this.turn.play(String(event.delta), String(event.item_id));
      case 'response.output_item.done':
        if (isObject(event.item)) this.noteCall(event.item);
        return [];
      case 'response.done':
        return isObject(event.response) ? this.responseDone(event.response) : [];
      case 'error':
        throwIfSerious(event.error);
        return [];
      default:
        return [];
    }
  }

  private welcome(): ServerMessage[] {
    if (this.welcomed) return [];
    this.welcomed = true;
    return [{ setupComplete: { sessionId: this.options.sessionId } }];
  }

  private voice(voiceActivityType: 'ACTIVITY_START' | 'ACTIVITY_END', atMs: unknown): ServerMessage[] {
    if (!this.options.settings.signalsVoice) return [];
    const audioOffset = `${Number(atMs) / 1000}s`;
    return [{ voiceActivity: { voiceActivityType, audioOffset } }];
  }

  /** The session itself cancels the answer that is being generated; `responseDone` says so then. */
  private speechStarted(): ServerMessage[] {
    if (!this.options.settings.interrupts) return [];
    const cancelled = this.cancelCalls();
    return this.responding ? cancelled : [...cancelled, ...this.breakTurn()];
  }

  private cancelCalls(): ServerMessage[] {
    const ids = this.calls.cancel();
    return ids.length === 0 ? [] : [{ toolCallCancellation: { ids } }];
  }

  /** Interrupts a turn that is generated but still playing. */
  private breakTurn(): ServerMessage[] {
    if (!this.turn.isOpen) return [];
    this.forgetUnspoken();
    return [...this.turn.interrupt(), ...this.turn.close()];
  }

  /** Truncates an interrupted answer to what was played by the server's own clock. */
  private forgetUnspoken(): void {
    const { unspoken } = this.turn;
    if (unspoken === undefined) return;
    this.options.connection.request(truncate(unspoken.itemId, unspoken.spokenMs));
  }

  /** The user interrupts by something other than detected speech. */
  private interrupt(): void {
    const { send, connection } = this.options;
    for (const message of this.cancelCalls()) send(message);
    if (this.responding) connection.request(cancelResponse);
    else for (const message of this.breakTurn()) send(message);
  }

  private noteCall({ type, call_id, name, arguments: text }: JsonObject): void {
    if (type !== 'function_call') return;
    this.newCalls.push({ id: String(call_id), name: String(name), args: argsOf(String(text)) });
  }

  private responseDone({ status, usage }: JsonObject): ServerMessage[] {
    this.responding = false;
    this.turn.count(usage);
    if (status === 'failed') throw internalError();
    if (status === 'cancelled') {
      this.newCalls = [];
      if (!this.turn.isOpen) {
        this.turn.forget();
        if (this.owesAnswer) this.answerWhenFree();
        return [];
      }
      this.forgetUnspoken();
      return this.turn.interrupt();
    }
    return this.newCalls.length === 0 ? this.turn.generated() : this.askForResults();
  }

  private askForResults(): ServerMessage[] {
    const functionCalls = this.newCalls;
    this.newCalls = [];
    this.calls.add(functionCalls, this.asynchronous);
    this.turn.call();
    this.options.onResumable(false);
    const messages: ServerMessage[] = [...this.turn.rest(), { toolCall: { functionCalls } }];
    return this.calls.blocking ? messages : [...messages, ...this.turn.generated()];
  }

  /** The turn ends after the transcript of what the user said, unless that takes too long. */
  private turnDue(): void {
    if (this.unwritten.size === 0) {
      this.closeTurn();
      return;
    }
    this.stopAwaitingWords();
    this.cancelWords = this.options.connection.clock.after(transcriptTimeoutMs, () => this.closeTurn());
  }

  private stopAwaitingWords(): void {
    this.cancelWords?.();
    this.cancelWords = undefined;
  }

  private closeTurn(): void {
    const { send, onResumable } = this.options;
    this.stopAwaitingWords();
    const messages = this.turn.close();
    if (messages.length === 0) return;
    for (const message of messages) send(message);
    onResumable(true);
    if (this.owesAnswer) this.answerWhenFree();
  }

  /** Answers now, or when the model has finished speaking. */
  private answerWhenFree(): void {
    this.owesAnswer = true;
    if (this.responding || this.turn.isDue || this.calls.blocking) return;
    this.cancelAnswer();
    this.cancelAnswer = this.options.connection.clock.after(0, () => {
      if (this.responding || !this.owesAnswer) return;
      this.owesAnswer = false;
      this.options.connection.request(createResponse);
    });
  }

  private addTurns({ turns = [], turnComplete = false }: ClientContent): readonly unknown[] {
    const items = turnItems(turns);
    if (this.awaitsHistory) {
      if (turnComplete) this.awaitsHistory = false;
      return items;
    }
    if (this.options.settings.model.seedsOnly) throw invalidArgument();
    this.interrupt();
    return turnComplete ? [...items, createResponse] : items;
  }

  private takeResults({ functionResponses = [] }: ToolResponse): readonly unknown[] {
    const answers = functionResponses.flatMap((response) => this.calls.answer(response) ?? []);
    const outputs = answers.map(({ callId, output }) => toolOutput(callId, output));
    if (answers.some(({ follows }) => follows === 'interrupt')) {
      this.interrupt();
      return [...outputs, createResponse];
    }
    if (answers.some(({ follows }) => follows === 'whenIdle')) this.answerWhenFree();
    const continues = answers.some(({ follows }) => follows === 'continue') && !this.calls.blocking;
    return continues && !this.responding ? [...outputs, createResponse] : outputs;
  }

  private changeContext({ systemInstruction, tools }: ContextUpdate): readonly unknown[] {
    const { model } = this.options.settings;
    if (model.tools !== 'asynchronous' && model.tools !== 'alwaysAsynchronous') throw invalidArgument();
    if (tools !== undefined) {
      const declared = tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations);
      this.asynchronous = asynchronous(declared, model);
    }
    const session = {
      type: 'realtime',
      ...(systemInstruction === undefined ? {} : { instructions: textOf(systemInstruction) }),
      ...(tools === undefined ? {} : { tools: functions(tools) }),
    };
    return [{ type: 'session.update', session }];
  }
}

/** Errors about requests of this translation, where the client did nothing wrong. */
const harmless = new Set([
  'response_cancel_not_active',
  'input_audio_buffer_commit_empty',
  'conversation_already_has_active_response',
  'item_truncate_invalid_item_id',
  'session_expired',
]);

/** This protocol has no error message: a serious error closes the connection. */
function throwIfSerious(error: unknown): void {
  const { code, message } = isObject(error) ? error : {};
  if (typeof code === 'string' && harmless.has(code)) return;
  throw new ClosingError(
    1011,
    typeof message === 'string' && message !== '' ? message : internalError().reason,
  );
}

/** Arguments are an object in this protocol; a script may write invalid JSON. */
function argsOf(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
