import type { Frame } from '../../../contract/frame.js';
import type { Stages } from '../../../engines/core/stages.js';
import type { ServerEvent } from '../../core/server-event.js';
import { gaRequests } from '../../requests/request-schema.js';
import type { Item } from '../../store/items.js';
import type { Connection, Interpreter, SessionRules } from '../../wire/dialect.js';
import { type ClientMessage, readClientMessage } from './client-message.js';
import { ClosingError, deadlineExpired } from './closing-error.js';
import { Lifetime } from './lifetime.js';
import { LiveSession } from './live-session.js';
import { checkSetup, findModel } from './models.js';
import { restore } from './requests.js';
import { type ServerMessage, seconds, toFrame } from './server-message.js';
import type { Conversation, SessionHandles } from './session-handles.js';
import { sessionUpdate, settingsOf } from './settings.js';
import type { ApiVersion, Setup } from './setup-schema.js';

export interface GeminiOptions {
  readonly version: ApiVersion;
  readonly handles: SessionHandles;
  /** Name of one more model that is accepted. */
  readonly extraModel: string | undefined;
  /** Longest connection, in seconds. */
  readonly connectionLimitS: number;
}

/** Without compression of the context a session has its own limits; images shorten it. */
const sessionLimitS = 15 * 60;
const limitWithImagesS = 2 * 60;
/** Measured: the first handle comes this long after the setup was accepted. */
const firstHandleMs = 100;

/** One connection: it waits for the setup, and is a conversation from then on. */
export class GeminiConnection implements Interpreter {
  readonly rules: SessionRules = { requests: gaRequests, limitS: null };
  private readonly lifetime: Lifetime;
  private own: Stages | undefined;
  /** The stages of the resumed conversation. */
  private stagesNow: Stages | undefined;
  private conversation: Conversation | undefined;
  private session: LiveSession | undefined;
  private lastItemId: string | undefined;
  private compresses = false;
  private over = false;
  private cancelHandle: () => void = () => {};

  constructor(
    private readonly connection: Connection,
    private readonly options: GeminiOptions,
  ) {
    this.lifetime = new Lifetime({
      clock: connection.clock,
      onWarning: (timeLeftS) => this.send({ goAway: { timeLeft: seconds(timeLeftS) } }),
      onEnd: () => this.leave(deadlineExpired()),
    });
  }

  /** The setup tells which conversation this is, so the stages are chosen when they are used. */
  stages(stages: Stages): Stages {
    this.own = stages;
    const now = (): Stages => this.stagesNow ?? stages;
    return {
      detector: (settings) => now().detector(settings),
      ear: { hear: (utterance, signal) => now().ear.hear(utterance, signal) },
      mind: {
        think: (request, signal) => now().mind.think(request, signal),
        faults: (request) => now().mind.faults?.(request),
      },
      voice: { speak: (sentence, options) => now().voice.speak(sentence, options) },
    };
  }

  opened(): void {
    this.lifetime.until(this.connection.clock.nowMs() + this.options.connectionLimitS * 1000);
  }

  read(frame: Frame): readonly unknown[] {
    if (this.over) return [];
    try {
      return this.handle(readClientMessage(frame, this.options.version));
    } catch (error) {
      if (!(error instanceof ClosingError)) throw error;
      this.leave(error);
      return [];
    }
  }

  write(event: ServerEvent): readonly Frame[] {
    if (this.over) return [];
    if (event.type === 'conversation.item.added') this.remember(event.item);
    try {
      return (this.session?.write(event) ?? []).map(toFrame);
    } catch (error) {
      if (!(error instanceof ClosingError)) throw error;
      this.leave(error);
      return [];
    }
  }

  ended(items: readonly Item[]): void {
    this.over = true;
    this.lifetime.stop();
    this.cancelHandle();
    this.session?.stop();
    if (this.conversation === undefined) return;
    this.conversation.items = structuredClone([...items]);
    this.conversation.live = false;
  }

  private handle(message: ClientMessage): readonly unknown[] {
    const { session } = this;
    if ((session === undefined) !== (message.setup !== undefined)) {
      throw new ClosingError(1007, 'setup must be the first message and only the first');
    }
    if (session === undefined) return message.setup === undefined ? [] : this.setUp(message.setup);
    if (message.realtimeInput?.video !== undefined) this.noteImage();
    return session.read(message);
  }

  /** @throws ClosingError where the setup is not supported. */
  private setUp(setup: Setup): readonly unknown[] {
    const { clock, newId } = this.connection;
    const { version, extraModel, handles } = this.options;
    const model = findModel(setup.model, version, extraModel);
    checkSetup(setup, model);
    const settings = settingsOf(setup, model);
    const handle = setup.sessionResumption?.handle;
    const nowMs = clock.nowMs();
    const conversation: Conversation =
      handle === undefined || handle === ''
        ? { id: newId('sess'), startedMs: nowMs, stages: this.own, items: [], live: true, hasImages: false }
        : handles.resume(handle, nowMs);
    this.conversation = conversation;
    this.stagesNow = conversation.stages;
    this.compresses = settings.compresses;
    this.session = new LiveSession({
      settings,
      sessionId: conversation.id,
      connection: this.connection,
      send: (message) => this.send(message),
      leave: (goodbye) => this.leave(goodbye),
      onResumable: (resumable) => this.offerHandle(resumable, settings.resumable),
    });
    this.limitSession();
    if (settings.resumable) {
      this.cancelHandle = clock.after(firstHandleMs, () => this.offerHandle(true, true));
    }
    return [...conversation.items.map(restore), sessionUpdate(setup, settings)];
  }

  private noteImage(): void {
    if (this.conversation === undefined || this.conversation.hasImages) return;
    this.conversation.hasImages = true;
    this.limitSession();
  }

  private limitSession(): void {
    if (this.conversation === undefined || this.compresses) return;
    const { startedMs, hasImages } = this.conversation;
    this.lifetime.until(startedMs + (hasImages ? limitWithImagesS : sessionLimitS) * 1000);
  }

  private offerHandle(resumable: boolean, requested: boolean): void {
    if (!requested || this.conversation === undefined) return;
    if (!resumable) {
      this.send({ sessionResumptionUpdate: { resumable } });
      return;
    }
    const nowMs = this.connection.clock.nowMs();
    const newHandle = this.options.handles.issue(this.conversation, this.lastItemId, nowMs);
    this.send({ sessionResumptionUpdate: { newHandle, resumable } });
  }

  private remember(item: unknown): void {
    if (typeof item === 'object' && item !== null && 'id' in item && typeof item.id === 'string') {
      this.lastItemId = item.id;
    }
  }

  private send(message: ServerMessage): void {
    if (!this.over) this.connection.send(toFrame(message));
  }

  private leave({ code, reason }: ClosingError): void {
    this.over = true;
    this.connection.close(code, reason);
  }
}
