import type { Frame } from '../../contract/frame.js';
import type { Stages } from '../../engines/core/stages.js';
import { Responder } from '../answering/responder.js';
import type { ResponseRun } from '../answering/response-run.js';
import type { Clock } from '../core/clock.js';
import { EventSender, type Wire } from '../core/event-sender.js';
import type { NewId } from '../core/ids.js';
import { Refusal } from '../core/refusal.js';
import { Listener } from '../hearing/listener.js';
import { eventIdOf, readRequest } from '../requests/request-reader.js';
import type { ClientRequest } from '../requests/request-schema.js';
import { defaultConfig, patchConfig, type SessionConfig } from '../requests/session-config.js';
import { ConversationStore } from '../store/conversation-store.js';
import { soundIn, toItem } from '../store/item-from-request.js';
import { snapshot } from '../store/items.js';
import type { Connection, Interpreter } from '../wire/dialect.js';
import { IdleWatch } from './idle-watch.js';
import { McpServers } from './mcp-servers.js';

export interface RealtimeSessionOptions {
  readonly model: string;
  readonly stages: Stages;
  readonly wire: Wire;
  readonly clock: Clock;
  readonly newId: NewId;
  /** Multiple of real time at which sound is delivered. */
  readonly pace: number;
  /** Longest session, in place of the dialect's. */
  readonly limitS: number | undefined;
  /** Language of clients that do not name one, ISO 639-1. */
  readonly language: string | undefined;
  /** Translates between the wire and the GA dialect. */
  readonly interpreter: (connection: Connection) => Interpreter;
}

/** One client of the built-in server: a conversation in OpenAI's GA dialect, whatever dialect the wire has. */
export class RealtimeSession {
  private config: SessionConfig;
  private readonly interpreter: Interpreter;
  private readonly store: ConversationStore;
  private readonly sender: EventSender;
  private readonly mcp: McpServers;
  private readonly listener: Listener;
  private readonly responder: Responder;
  private readonly over = new AbortController();
  private readonly idle: IdleWatch | undefined;
  private readonly limitS: number | null;
  private cancelExpiry: () => void = () => {};
  private cancelIdle: () => void = () => {};
  /** A turn ended during an answer that must not be interrupted. */
  private owesResponse = false;

  constructor(private readonly options: RealtimeSessionOptions) {
    const { clock, newId, wire, model } = options;
    this.interpreter = options.interpreter(this.connection());
    const { rules, earlier } = this.interpreter;
    this.limitS = options.limitS ?? rules.limitS;
    const expiresAtS = Math.floor(clock.nowMs() / 1000) + (this.limitS ?? dayS);
    const config = defaultConfig(newId('sess'), model, expiresAtS);
    this.config = rules.settings?.(config) ?? config;
    this.store = new ConversationStore(earlier);
    this.sender = new EventSender(wire, (event) => this.interpreter.write(event), clock);
    this.mcp = new McpServers(this.store, newId, (event) => this.sender.send(event));
    this.idle = rules.idle === undefined ? undefined : new IdleWatch(rules.idle, this.sender, clock);
    const stages = this.interpreter.stages?.(options.stages) ?? options.stages;
    const shared = { stages, store: this.store, newId, clock };
    this.listener = new Listener({
      ...shared,
      config: this.config,
      language: options.language,
      send: (event) => this.sender.send(event),
      signal: this.over.signal,
      onSpeechStarted: () => this.speechStarted(),
      onTurnEnded: () => this.turnEnded(),
    });
    this.responder = new Responder({
      ...shared,
      listener: this.listener,
      sender: this.sender,
      pace: options.pace,
      language: options.language,
      conversationId: newId('conv'),
      onDone: (run) => this.responseDone(run),
    });
  }

  /** The server speaks first. */
  start(): void {
    this.sender.send({ type: 'session.created', session: this.config });
    if (this.limitS !== null) {
      this.cancelExpiry = this.options.clock.after(this.limitS * 1000, () => this.expire());
    }
    this.idle?.touch();
    this.interpreter.opened?.();
  }

  /** One frame of the client. The session survives any content. */
  receive(frame: Frame): void {
    if (this.over.signal.aborted) return;
    this.idle?.touch();
    try {
      for (const request of this.interpreter.read(frame)) this.request(request);
    } catch (error) {
      this.refuse(error, null);
    }
  }

  /** One request in the GA dialect. */
  private request(frame: unknown): void {
    try {
      this.handle(readRequest(frame, this.interpreter.rules.requests));
    } catch (error) {
      this.refuse(error, eventIdOf(frame));
    }
  }

  private refuse(error: unknown, eventId: string | null): void {
    const refusal = error instanceof Refusal ? error : internalFault(error);
    this.sender.send(refusal.toEvent(refusal.eventId ?? eventId));
  }

  private connection(): Connection {
    const { model, newId, clock } = this.options;
    return {
      model,
      newId,
      clock,
      send: (frame) => this.sender.sendFrame(frame),
      request: (frame) => this.request(frame),
      close: (code, reason) => this.sender.close(code, reason),
    };
  }

  /** The connection is gone. May be called twice. */
  end(): void {
    if (this.over.signal.aborted) return;
    this.sender.end();
    this.over.abort();
    this.idle?.end();
    this.cancelExpiry();
    this.cancelIdle();
    this.responder.end();
    this.interpreter.ended?.(this.store.items);
  }

  private handle(request: ClientRequest): void {
    switch (request.type) {
      case 'session.update':
        this.config = patchConfig(this.config, request.session, this.store.hasSpoken);
        this.listener.configure(this.config);
        this.sender.send({ type: 'session.updated', session: this.config });
        this.mcp.list(this.config.tools);
        return;
      case 'input_audio_buffer.append':
        this.listener.append(request.audio);
        return;
      case 'input_audio_buffer.commit':
        this.cancelIdle();
        this.listener.commit();
        return;
      case 'input_audio_buffer.clear':
        this.listener.clear();
        return;
      case 'conversation.item.create':
        this.createItem(request);
        return;
      case 'conversation.item.retrieve': {
        const item = snapshot(this.store.retrieve(request.item_id));
        this.sender.send({ type: 'conversation.item.retrieved', item });
        return;
      }
      case 'conversation.item.delete':
        this.store.delete(request.item_id);
        this.sender.send({ type: 'conversation.item.deleted', item_id: request.item_id });
        return;
      case 'conversation.item.truncate': {
        const { item_id, content_index, audio_end_ms } = request;
        this.store.truncate(item_id, content_index, audio_end_ms);
        this.sender.send({ type: 'conversation.item.truncated', item_id, content_index, audio_end_ms });
        return;
      }
      case 'response.create':
        this.cancelIdle();
        this.responder.create(this.config, request.response);
        return;
      case 'response.cancel':
        this.responder.cancel(request.response_id);
        return;
    }
  }

  private createItem(request: Extract<ClientRequest, { type: 'conversation.item.create' }>): void {
    const item = toItem(request.item, this.options.newId);
    const sound = soundIn(request.item);
    const samples = sound === undefined ? undefined : this.listener.decode(sound);
    const previousId = this.store.insert(item, request.previous_item_id);
    const placed = { previous_item_id: previousId, item: snapshot(item) };
    this.sender.send({ type: 'conversation.item.added', ...placed });
    this.sender.send({ type: 'conversation.item.done', ...placed });
    if (samples !== undefined && item.type === 'message') this.listener.listen(item, samples);
  }

  private speechStarted(): void {
    this.cancelIdle();
    if (this.config.audio.input.turn_detection?.interrupt_response === true) this.responder.interrupt();
  }

  private turnEnded(): void {
    if (this.config.audio.input.turn_detection?.create_response !== true) return;
    if (this.responder.busy) this.owesResponse = true;
    else this.responder.create(this.config);
  }

  private responseDone(run: ResponseRun): void {
    if (this.over.signal.aborted) return;
    if (this.owesResponse) {
      this.owesResponse = false;
      this.responder.create(this.config);
      return;
    }
    this.awaitSpeech(run);
  }

  /** `idle_timeout_ms` counts from the moment the answer has been played. */
  private awaitSpeech(run: ResponseRun): void {
    const turns = this.config.audio.input.turn_detection;
    if (turns?.type !== 'server_vad' || turns.idle_timeout_ms === null) return;
    const { clock } = this.options;
    const silenceMs = turns.idle_timeout_ms;
    this.cancelIdle = clock.after(run.playbackEndsMs - clock.nowMs() + silenceMs, () => {
      this.listener.commitSilence(silenceMs);
      this.responder.create(this.config, {}, true);
    });
  }

  private expire(): void {
    const message = `Your session hit the maximum duration of ${Math.round((this.limitS ?? dayS) / 60)} minutes.`;
    this.sender.send(new Refusal(message, { code: 'session_expired' }).toEvent(null));
    this.sender.close(1001, message);
    this.end();
  }
}

/** Shown as the end of a session without a limit. */
const dayS = 86_400;

/** A bug in this server must not end the program that it runs in. */
function internalFault(error: unknown): Refusal {
  const detail = error instanceof Error ? error.message : String(error);
  return new Refusal(`The server had an error while processing your request: ${detail}`, {
    type: 'server_error',
    code: 'internal_error',
  });
}
